import { costMicros, countedMicros, rebudgeted } from '../../core/budget.ts';
import { sendReported, unchanged } from '../../core/machine/index.ts';
import { type Send, SYSTEM, type Verification } from '../../core/verification.ts';
import type { Channel, DeliveryReport, ReportReading, ReportRequest } from '../../ports/channel.ts';
import type { DeliveryProgress } from '../../ports/outbox.ts';
import { NO_CHANGES, type Found } from '../../ports/verification-store.ts';
import type { CallbackOutcome } from '../api.ts';
import { changesOf, commit, type Decision } from '../commit.ts';
import type { ServiceDeps } from '../deps.ts';
import { takeMessages, type Suppressions } from '../suppressions/index.ts';
import { MESSAGE_KIND, placeFrom, type Place } from './message-document.ts';

/** A report may come before our own commit that the message was taken. */
const WAITS_MS = [250, 750, 2_000] as const;

type ReportDeps = ServiceDeps & { readonly suppressions: Suppressions };

const SETTLED: DeliveryProgress = { round: 0, refused: [], unknown: false, crashes: 0 };

/** Takes what a provider posted to `/callbacks/<scheme>`. Several accounts of one provider share the address; the one whose signature fits reads it. */
export async function takeReport(deps: ReportDeps, scheme: string, request: ReportRequest): Promise<CallbackOutcome> {
  const channels = channelsOf(deps).filter(({ name, report }) => report !== undefined && schemeOf(name) === scheme);
  if (channels.length === 0) return { type: 'unknown' };
  let reason = '';
  let isHeard = false;
  for (const channel of channels) {
    const reading = await channel.report?.(request);
    if (reading === undefined || reading.type === 'refused') reason = reading?.reason ?? reason;
    else if (reading.type !== 'messages') return taken(deps, channel, reading);
    else {
      // Several senders of one account can each be the one that was written to.
      await takeMessages(deps, channel, reading.messages);
      isHeard = true;
    }
  }
  // Some providers send what is answered back to the person.
  return isHeard ? { type: 'answer', body: '' } : { type: 'refused', reason };
}

async function taken(
  deps: ReportDeps,
  channel: Channel,
  reading: Exclude<ReportReading, { readonly type: 'refused' | 'messages' }>,
): Promise<CallbackOutcome> {
  if (reading.type === 'answer' || reading.type === 'malformed') return reading;
  if (reading.type === 'confirm') {
    const answer = await deps.webhookClient.open(reading.url);
    deps.env.log({ event: 'callback.confirmed', level: 'info', provider: channel.name, answer: answer.type });
    return { type: 'noted' };
  }
  for (const report of reading.reports) await noteReport(deps, channel, report);
  return { type: 'noted' };
}

/** Notes one report on its message; one about a message nobody knows is forgotten. For channels that are told over their own connection too. */
export async function noteReport(
  deps: ReportDeps,
  channel: Pick<Channel, 'name'>,
  report: DeliveryReport,
): Promise<void> {
  const place = await placeOf(deps, `${channel.name}|${report.messageId}`);
  if (place === null) {
    deps.env.log({ event: 'callback.unknown_message', level: 'warn', provider: channel.name });
    return;
  }
  let send: Send | undefined;
  // Read after the record: another report in between makes the swap fail, and both are read again.
  const load = async (): Promise<Found> => {
    const found = await deps.store.verifications.get(place.verification);
    send = (await deps.store.records.sends(place.verification)).find(({ id }) => id === place.send);
    return found;
  };
  if (report.suppress !== null) {
    // Before the report is noted: one that fails here is posted again.
    const { record } = await load();
    const by = { provider: channel.name, channel: send?.channel ?? record?.channel ?? null };
    if (record !== null) await deps.suppressions.note(record, report.suppress, by);
  }
  await commit(deps, load, (record, now) =>
    decide(deps, record, send === undefined ? null : noted(record, send, report), now),
  );
}

function noted(record: Verification, send: Send, { status, error, segments, price }: DeliveryReport): Reported {
  return sendReported(record, send, { status, error, segments, cost: price });
}

type Reported = ReturnType<typeof sendReported>;

function decide(deps: ServiceDeps, record: Verification, reported: Reported, now: number): Decision<unknown> {
  if (reported === null) return { step: unchanged(record, null), changes: NO_CHANGES };
  // Some providers tell of every part by itself: less than was counted proves nothing.
  const told = costMicros(reported.send, reported.send.cost) ?? 0;
  const { send, take } = rebudgeted(reported.send, Math.max(told, countedMicros(reported.send)), now);
  const sendUpdate = { send, progress: SETTLED, dueAt: null };
  return {
    step: reported.step,
    changes: { ...changesOf(deps, reported.step, { actor: SYSTEM }, now), sendUpdate, take },
  };
}

async function placeOf({ store, env }: ServiceDeps, id: string): Promise<Place | null> {
  for (const wait of [...WAITS_MS, null]) {
    const document = await store.documents.get(MESSAGE_KIND, id);
    if (document !== null) return placeFrom(document);
    if (wait !== null) await env.sleep(wait);
  }
  return null;
}

/** Every live provider, of all applications. */
export function channelsOf({ providers, applicationProviders = {} }: ServiceDeps): readonly Channel[] {
  const groups = [providers, ...Object.values(applicationProviders)];
  return [...new Set(groups.flatMap((group) => Object.values(group).flat()))];
}

/** Names begin with the scheme of the DSN. */
function schemeOf(name: string): string {
  return /^[a-z0-9-]+/.exec(name)?.[0] ?? '';
}
