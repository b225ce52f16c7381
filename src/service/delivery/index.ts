import { askingOrder } from '../../core/routing.ts';
import type { Send, Verification } from '../../core/verification.ts';
import type { Channel } from '../../ports/channel.ts';
import { unwantedReason } from '../../core/machine/index.ts';
import type { ClaimedSend } from '../../ports/outbox.ts';
import { carriersFor } from '../channels.ts';
import type { ServiceDeps } from '../deps.ts';
import { isStopped, STOPPED_ERROR } from '../stopped.ts';
import { SUPPRESSED_ERROR, type Suppressions } from '../suppressions/index.ts';
import type { Statistics } from '../statistics/index.ts';
import type { Templates } from '../templates/index.ts';
import type { Tenant, Tenants } from '../tenants.ts';
import { needsOwnWords } from '../own-text.ts';
import { finishMessage, openRound, tryProviders, type Round } from './attempt.ts';
import type { Breakers } from './breakers.ts';
import { weightsFor } from './weights.ts';
import { settleAccepted, settleDropped, settleFailed, settleRetry } from './settle.ts';

export { LEASE_MS, sendThrough } from './attempt.ts';
export { type Breakers, createBreakers } from './breakers.ts';
export { climbDue } from './ladder.ts';
export { pollDue } from './polls.ts';
export { channelsOf, noteReport, takeReport } from './reports.ts';

export interface DeliveryDeps extends ServiceDeps {
  readonly tenants: Tenants;
  readonly templates: Templates;
  readonly breakers: Breakers;
  readonly suppressions: Suppressions;
  readonly statistics: Statistics;
}

/** What became of one claimed send. `lost`: its record or its lease is gone, nothing was done. */
export type Delivered = 'accepted' | 'retrying' | 'failed' | 'dropped' | 'lost';

/** The first outcome that nobody knows allows exactly one more try. */
const MOST_UNKNOWN_OUTCOMES = 2;
const BACKOFF_MS = [2_000, 5_000, 10_000, 20_000, 40_000, 60_000] as const;
const LAST_TRY_BEFORE_END_MS = 5_000;

/** Delivers one claimed send: providers in order, failures typed, nothing after the code's end. Its own commit decides. */
export async function deliver(deps: DeliveryDeps, claimed: ClaimedSend): Promise<Delivered> {
  const { send } = claimed;
  const { record, now } = await deps.store.verifications.get(send.verification);
  if (record === null) return 'lost';
  const tenant = await deps.tenants.find(send.application);
  const stopped = tenant !== null && isStopped(tenant.application, record.purpose);
  // Whoever said stop since it was queued, under a silent directory, or while the ladder went on by itself.
  const unwanted =
    unwantedReason(record, send) ??
    (stopped ? STOPPED_ERROR : null) ??
    ((await deps.suppressions.holdsRecord(record)) ? SUPPRESSED_ERROR : null);
  if (unwanted !== null) return (await settleDropped(deps, claimed, unwanted)) ? 'dropped' : 'lost';
  const templates = tenant === null ? [] : await deps.templates.of(tenant.application);
  const before = openRound(claimed, null);
  if (now >= send.deadlineAt) return fail(deps, claimed, before, 'expired_before_delivery', tenant);
  if (before.unknowns >= MOST_UNKNOWN_OUTCOMES) return fail(deps, claimed, before, 'unknown_outcome', tenant);
  const rendered = finishMessage(deps, record, send, { application: tenant?.application ?? null, templates, now });
  if (rendered === null) return fail(deps, claimed, before, 'key_unknown', tenant);
  const providers = await providersInOrder(deps, record, send, { to: rendered.message.to, tenant });
  const round = await tryProviders(deps, providers, rendered, claimed);
  if (round === null) return dropUnwanted(deps, claimed);
  if (round.accepted !== null) {
    const taker = providers.find(({ name }) => name === round.accepted?.provider);
    return (await settleAccepted(deps, claimed, round, taker)) ? 'accepted' : 'lost';
  }
  const left = providers.some((provider) => !round.refused.includes(provider.name));
  return left ? goOn(deps, claimed, round, tenant) : fail(deps, claimed, round, 'refused_by_all', tenant);
}

/** The providers whose route takes the message; who failed in this verification before comes last. */
async function providersInOrder(
  deps: DeliveryDeps,
  record: Verification,
  send: Send,
  { to, tenant }: { readonly to: string; readonly tenant: Tenant | null },
): Promise<readonly Channel[]> {
  const { name = '', limits = {} } = tenant?.application ?? {};
  const message = { to, country: record.to.country, purpose: record.purpose };
  const all = carriersFor(deps, { name, limits }, send.mode, send.channel, message);
  const carriers = needsOwnWords(record) ? all.filter(({ onlyCode }) => onlyCode !== true) : all;
  if (carriers.length < 2) return carriers;
  const earlier = record.sends > 1 ? await deps.store.records.sends(record.id) : [];
  const failedBefore = failuresOf([...earlier, send]);
  const weightOf = await weightsFor(deps.statistics, record, send, carriers);
  const { randomInt } = deps.env;
  return askingOrder(carriers, { message, failedBefore, randomInt, ...(weightOf === undefined ? {} : { weightOf }) });
}

/** The providers that did not take a message of these, or took one that did not arrive. */
function failuresOf(sends: readonly Send[]): ReadonlySet<string> {
  const refused = sends.flatMap(({ attempts }) => attempts.filter(({ error }) => error !== null));
  const lost = sends.filter(({ status }) => status === 'undelivered' || status === 'failed');
  const names = [...refused, ...lost].map(({ provider }) => provider);
  return new Set(names.filter((name) => name !== null));
}

/** A provider may not be asked: the send is dropped when nobody wants it any more, else another worker has it. */
async function dropUnwanted(deps: DeliveryDeps, claimed: ClaimedSend): Promise<Delivered> {
  const { record } = await deps.store.verifications.get(claimed.send.verification);
  const reason = record === null ? null : unwantedReason(record, claimed.send);
  return reason !== null && (await settleDropped(deps, claimed, reason)) ? 'dropped' : 'lost';
}

/** Round again after a growing wait, as long as a try before the code's end is left. */
async function goOn(deps: DeliveryDeps, claimed: ClaimedSend, round: Round, tenant: Tenant | null): Promise<Delivered> {
  if (round.unknowns >= MOST_UNKNOWN_OUTCOMES) return fail(deps, claimed, round, 'unknown_outcome', tenant);
  const now = await deps.store.verifications.time();
  const dueAt = Math.min(now + backoff(deps, claimed.progress.round), claimed.send.deadlineAt - LAST_TRY_BEFORE_END_MS);
  if (dueAt <= now) return fail(deps, claimed, round, 'no_time_left', tenant);
  return (await settleRetry(deps, claimed, round, dueAt)) ? 'retrying' : 'lost';
}

/** 2 s, 5 s, 10 s … 60 s, each ± 20 %. */
function backoff(deps: DeliveryDeps, round: number): number {
  const base = BACKOFF_MS[Math.min(round, BACKOFF_MS.length - 1)] ?? 60_000;
  return Math.round(base * (0.8 + deps.env.randomInt(401) / 1000));
}

async function fail(
  deps: DeliveryDeps,
  claimed: ClaimedSend,
  round: Round,
  reason: string,
  tenant: Tenant | null,
): Promise<Delivered> {
  const { send } = claimed;
  deps.env.log({ event: 'send.failed', level: 'error', send: send.id, channel: send.channel, reason });
  return (await settleFailed(deps, claimed, round, reason, tenant?.application ?? null)) ? 'failed' : 'lost';
}
