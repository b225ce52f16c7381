import { optOutWish, type OptOutWish } from '../../core/opt-out.ts';
import { CHANNELS } from '../../core/verification.ts';
import type { Channel, InboundMessage } from '../../ports/channel.ts';
import type { StoredDocument } from '../../ports/documents.ts';
import type { Application } from '../../ports/settings.ts';
import { providersFor } from '../channels.ts';
import type { ServiceDeps } from '../deps.ts';
import { address, type Addressed } from '../destination.ts';
import type { Suppressions } from './suppressed.ts';
import { suppressionFrom } from './suppression.ts';

/** What was written earlier is old news: providers try for hours at most. */
const OLDEST_MS = 24 * 3_600_000;
/** How long a message is known again: not all providers sign a time, so a captured one can be posted much later. */
const KEEP_MS = 400 * 86_400_000;
const SEEN_KIND = 'inbound_message';
/** Longer ids are not kept: no provider gives any. */
const MOST_ID = 240;

type InboundDeps = ServiceDeps & { readonly suppressions: Suppressions };

/**
 * Takes what people wrote to a sender: STOP puts them on the suppression list of every application that uses this sender, START takes
 * off what a STOP put there and nothing else. Each message counts once; anything but a wish is dropped.
 */
export async function takeMessages(
  deps: InboundDeps,
  channel: Channel,
  messages: readonly InboundMessage[],
): Promise<void> {
  for (const message of messages) {
    const wish = message.wish ?? optOutWish(message.text);
    if (wish === null) continue;
    const outcome = await takeWish(deps, channel, message, wish);
    deps.env.log({ event: 'inbound.message', level: 'info', provider: channel.name, wish, outcome });
  }
}

async function takeWish(
  deps: InboundDeps,
  channel: Channel,
  message: InboundMessage,
  wish: OptOutWish,
): Promise<'noted' | 'repeated' | 'too_old' | 'unusable'> {
  const addressed = address(deps.ring, { default_country: null }, message.from);
  const now = await deps.store.verifications.time();
  const seen = seenDocument(channel, message, now);
  if (!addressed.ok || seen.id.length > MOST_ID) return 'unusable';
  if (message.at !== null && now - message.at > OLDEST_MS) return 'too_old';
  if ((await deps.store.documents.list({ kind: SEEN_KIND, index: seen.id, limit: 1 })).length > 0) return 'repeated';
  for (const application of await applicationsOf(deps, channel)) {
    const by = { provider: channel.name, channel: channel.channels[0] ?? null };
    if (wish === 'stop') await deps.suppressions.put(application.id, addressed.value, 'stop', by);
    else await lift(deps, application, addressed.value);
  }
  // Last: what fails above is posted again, and must not be taken for a repetition.
  await deps.store.documents.put(seen);
  return 'noted';
}

/** Found by its index rather than its id: on Redis a look-up by id that finds nothing waits for the recorder. */
function seenDocument({ name }: Channel, { messageId }: InboundMessage, now: number): StoredDocument {
  const id = `${name}|${messageId}`;
  const times = { createdAt: now, dueAt: null, endsAt: now + KEEP_MS };
  return { kind: SEEN_KIND, id, application: '', index: id, version: 1, body: '{}', ...times };
}

/** Only what the person asked for: complaints, bounces and what an operator decided stay. */
async function lift(deps: InboundDeps, { id }: Application, addressed: Addressed): Promise<void> {
  const found = await deps.suppressions.find(id, addressed);
  const stops = found.filter((document) => suppressionFrom(document).reason === 'stop');
  for (const stop of stops) await deps.store.documents.remove(stop.kind, stop.id);
  if (stops.length > 0) deps.suppressions.forget();
}

/** Every application whose live messages this provider carries. */
async function applicationsOf(deps: InboundDeps, channel: Channel): Promise<readonly Application[]> {
  const all = await deps.store.applications.list();
  return all.filter((application) =>
    CHANNELS.some((kind) => providersFor(deps, application, 'live', kind).includes(channel)),
  );
}
