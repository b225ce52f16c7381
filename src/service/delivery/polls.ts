import type { Send } from '../../core/verification.ts';
import type { Channel } from '../../ports/channel.ts';
import type { CommittedDocument, StoredDocument } from '../../ports/documents.ts';
import type { ServiceDeps } from '../deps.ts';
import type { Suppressions } from '../suppressions/index.ts';
import { channelsOf, noteReport } from './reports.ts';

const POLL_KIND = 'provider_poll';
const MOST_AT_ONCE = 16;
const LEASE_MS = 30_000;
const DEADLINE_MS = 10_000;
/** Between one question and the next; after the last one nobody asks any more. */
const WAITS_MS = [5_000, 15_000, 30_000, 60_000, 120_000, 300_000, 900_000, 3_600_000] as const;
const MOST_ID = 240;

/** How often was asked so far. */
interface Polling {
  readonly round: number;
}

/** Written with the acceptance of a message; null when its provider tells by itself, or never. */
export function pollDocument(send: Send, channel: Channel | undefined, now: number): CommittedDocument | null {
  if (channel?.poll === undefined || send.providerMessageId === null) return null;
  const id = `${channel.name}|${send.providerMessageId}`;
  if (id.length > MOST_ID) return null;
  const { application } = send;
  const body = JSON.stringify({ round: 0 } satisfies Polling);
  const most = WAITS_MS.reduce((sum, wait) => sum + wait + LEASE_MS, 0);
  return {
    kind: POLL_KIND,
    id,
    application,
    index: null,
    version: 1,
    body,
    createdAt: now,
    dueAt: now + WAITS_MS[0],
    endsAt: now + 2 * most,
  };
}

/** Asks providers that post no reports about the messages that are due; returns how many were. What they tell only leads forward. */
export async function pollDue(deps: ServiceDeps & { readonly suppressions: Suppressions }): Promise<number> {
  const channels = new Map(
    [...channelsOf(deps), deps.inboxChannel].flatMap((one) =>
      one.poll === undefined ? [] : [[one.name, one] as const],
    ),
  );
  if (channels.size === 0) return 0;
  const now = await deps.store.verifications.time();
  const due = await deps.store.documents.claim(POLL_KIND, now, MOST_AT_ONCE, LEASE_MS);
  await Promise.all(
    due.map(async (document) => {
      const at = document.id.lastIndexOf('|');
      const channel = channels.get(document.id.slice(0, at));
      const done = channel === undefined || (await ask(deps, channel, document.id.slice(at + 1)));
      await goOn(deps, document, done, now);
    }),
  );
  return due.length;
}

/** True when there is nothing more to learn. */
async function ask(
  deps: ServiceDeps & { readonly suppressions: Suppressions },
  channel: Channel,
  messageId: string,
): Promise<boolean> {
  try {
    const news = await channel.poll?.(messageId, AbortSignal.timeout(DEADLINE_MS));
    if (news?.report != null) await noteReport(deps, channel, { ...news.report, messageId });
    return news?.done ?? true;
  } catch {
    deps.env.log({ event: 'poll.failed', level: 'warn', provider: channel.name });
    return false;
  }
}

async function goOn({ store }: ServiceDeps, document: StoredDocument, done: boolean, now: number): Promise<void> {
  const round = (JSON.parse(document.body) as Polling).round + 1;
  const wait = WAITS_MS[round];
  if (done || wait === undefined) return void (await store.documents.remove(document.kind, document.id));
  const body = JSON.stringify({ round } satisfies Polling);
  // Another worker may have it after a long lease: then its version is there, and that one goes on.
  await store.documents.put({ ...document, version: document.version + 1, body, dueAt: now + wait });
}
