import { climb, ladderWaitMs } from '../../core/machine/index.ts';
import { type ChannelName, type Send, type SendStatus, SYSTEM, type Verification } from '../../core/verification.ts';
import type { CommittedDocument, StoredDocument } from '../../ports/documents.ts';
import { changesOf, commit } from '../commit.ts';
import type { BudgetDeps } from '../budget.ts';
import type { Suppressions } from '../suppressions/index.ts';
import type { Tenants } from '../tenants.ts';
import { withNextMessage } from './next-message.ts';

const LADDER_KIND = 'ladder_step';
const MOST_AT_ONCE = 64;
const LEASE_MS = 15_000;
/** Kept beyond the code's end for workers that were away; it does nothing any more then. */
const KEEP_MS = 3_600_000;
const WENT_OUT: readonly SendStatus[] = ['accepted', 'sent', 'delivered', 'undelivered'];

type LadderDeps = BudgetDeps & { readonly tenants: Tenants; readonly suppressions: Suppressions };

/** When the ladder goes on by itself after this message. */
interface Wait {
  readonly verification: string;
  readonly channel: ChannelName;
  readonly sends: number;
}

/** Written with the acceptance of a message; null when the ladder does not go on by itself from there. */
export function ladderDocument(record: Verification, send: Send, now: number): CommittedDocument | null {
  const waitMs = send.channel === record.channel ? ladderWaitMs(record, send.channel) : null;
  if (waitMs === null || now + waitMs >= record.expiresAt) return null;
  const wait: Wait = { verification: record.id, channel: send.channel, sends: record.sends };
  return {
    kind: LADDER_KIND,
    id: send.id,
    application: record.application,
    index: null,
    version: 1,
    body: JSON.stringify(wait),
    createdAt: now,
    dueAt: now + waitMs,
    endsAt: record.expiresAt + KEEP_MS,
  };
}

/**
 * Sends over the next channel wherever a wait is over; returns how many did. The swap of the record decides: of several workers, and
 * of one that died and came again, one queues the message.
 */
export async function climbDue(deps: LadderDeps): Promise<number> {
  const now = await deps.store.verifications.time();
  const due = await deps.store.documents.claim(LADDER_KIND, now, MOST_AT_ONCE, LEASE_MS);
  const climbed = await Promise.all(due.map((document) => climbOne(deps, document)));
  return climbed.filter(Boolean).length;
}

async function climbOne(deps: LadderDeps, document: StoredDocument): Promise<boolean> {
  const { verification, channel, sends } = JSON.parse(document.body) as Wait;
  const tenant = await deps.tenants.find(document.application);
  if (tenant !== null) await deps.templates.of(tenant.application);
  let facts = { smsSent: false, suppressed: false };
  const done = await commit(
    deps,
    async () => {
      const found = await deps.store.verifications.get(verification);
      if (found.record?.status === 'pending') facts = await factsOf(deps, found.record);
      return found;
    },
    (record, now) => {
      const smsSent = facts.smsSent && !facts.suppressed && tenant !== null;
      const stays = facts.suppressed || tenant === null;
      const step = climb(record, { channel, sends: stays ? -1 : sends, smsSent }, now);
      const changes = changesOf(deps, step, { actor: SYSTEM }, now);
      if (step.outcome !== 'climbed' || tenant === null) return { step, changes };
      return { step, changes: withNextMessage(deps, tenant.application, { before: record, step }, changes, now) };
    },
  );
  if (!done.ok)
    deps.env.log({ event: 'ladder.stopped', level: 'warn', verification, channel, reason: done.problem.code });
  await deps.store.documents.remove(document.kind, document.id);
  return done.ok && done.value.step.outcome === 'climbed';
}

async function factsOf(deps: LadderDeps, record: Verification): Promise<{ smsSent: boolean; suppressed: boolean }> {
  const sends = await deps.store.records.sends(record.id);
  return {
    smsSent: sends.some(({ channel, status }) => channel === 'sms' && WENT_OUT.includes(status)),
    suppressed: await deps.suppressions.holdsRecord(record),
  };
}
