import { costMicros, countedMicros, rebudgeted } from '../../core/budget.ts';
import { WatchwordError } from '../../core/errors.ts';
import type { Hit } from '../../core/limits.ts';
import { sendAccepted, sendDropped, sendFailed, unwantedReason, type Step } from '../../core/machine/index.ts';
import { type Send, SYSTEM, type Verification } from '../../core/verification.ts';
import type { Channel } from '../../ports/channel.ts';
import type { ClaimedSend, DeliveryProgress } from '../../ports/outbox.ts';
import type { Application } from '../../ports/settings.ts';
import type { Changes, Found } from '../../ports/verification-store.ts';
import { changesOf, commit, type Decision } from '../commit.ts';
import type { BudgetDeps } from '../budget.ts';
import type { ServiceDeps } from '../deps.ts';
import { openRound, type Round } from './attempt.ts';
import { ladderDocument } from './ladder.ts';
import { messageDocument } from './message-document.ts';
import { withNextMessage } from './next-message.ts';
import { pollDocument } from './polls.ts';

const SETTLE_TRIES = 6;
const SETTLE_WAIT_MS = 2_000;

type Settle = (record: Verification, now: number) => Decision<unknown>;

/** A provider took it; `channel` is that provider, by whose reports the message is found again. */
export function settleAccepted(
  deps: ServiceDeps,
  claimed: ClaimedSend,
  round: Round,
  channel: Channel | undefined,
): Promise<boolean> {
  const provider = round.accepted?.provider ?? '';
  const taken = finished(claimed.send, round, 'accepted', null);
  return settle(deps, byId(deps, taken), (record, now) => {
    const { send, take } = rebudgeted(taken, spentMicros(taken, round), now);
    const step = sendAccepted(record, send, provider);
    const made = decision(deps, step, { ...settled(send, claimed.progress), take }, now);
    const documents = [
      messageDocument(send, channel, now),
      pollDocument(send, channel, now),
      ladderDocument(step.next, send, now),
    ];
    return { step, changes: { ...made.changes, documents: documents.filter((document) => document !== null) } };
  });
}

/** It is no longer wanted: the verification closed, or a newer code is on its way. */
export function settleDropped(deps: ServiceDeps, claimed: ClaimedSend, reason: string): Promise<boolean> {
  const dropped: Send = { ...claimed.send, status: 'dropped', error: reason };
  return settle(deps, byId(deps, dropped), (record, now) => {
    const { send, take } = rebudgeted(dropped, spentMicros(dropped, openRound(claimed, null)), now);
    return decision(deps, sendDropped(record, send, reason), { ...settled(send, claimed.progress), take }, now);
  });
}

/** All providers gave up: the ladder goes on, or the verification may close. `application` null = it is gone. */
export async function settleFailed(
  deps: BudgetDeps,
  claimed: ClaimedSend,
  round: Round,
  reason: string,
  application: Application | null,
): Promise<boolean> {
  const given = finished(claimed.send, round, 'failed', reason);
  let othersQueued = false;
  // Read after the record: a resend in between makes the swap fail, and both are read again.
  const load = async (): Promise<Found> => {
    const found = await deps.store.verifications.get(given.verification);
    const sends = await deps.store.records.sends(given.verification);
    othersQueued = sends.some((other) => other.id !== given.id && other.status === 'queued');
    return found;
  };
  const close = (mayAdvance: boolean): Promise<boolean> =>
    settle(deps, load, (record, now) => {
      const { send, take } = rebudgeted(given, spentMicros(given, round), now);
      const step = sendFailed(record, { send, reason, othersQueued, mayAdvance }, now);
      const made = decision(deps, step, { ...settled(send, claimed.progress), take }, now);
      if (step.outcome !== 'advanced' || application === null) return made;
      return { step, changes: withNextMessage(deps, application, { before: record, step }, made.changes, now) };
    });
  return (await close(application !== null)) || close(false);
}

/** It goes round again at `dueAt`, or is dropped when the verification closed or a newer code went out meanwhile. */
export function settleRetry(deps: ServiceDeps, claimed: ClaimedSend, round: Round, dueAt: number): Promise<boolean> {
  const send: Send = { ...claimed.send, attempts: [...claimed.send.attempts, ...round.attempts] };
  const progress: DeliveryProgress = {
    round: claimed.progress.round + 1,
    refused: round.refused,
    unknown: round.unknowns > claimed.progress.crashes,
    crashes: claimed.progress.crashes,
  };
  return settle(deps, byId(deps, send), (record, now) => {
    const reason = unwantedReason(record, send);
    if (reason !== null) {
      const dropped: Send = { ...send, status: 'dropped', error: reason };
      const { send: given, take } = rebudgeted(dropped, spentMicros(dropped, round), now);
      return decision(deps, sendDropped(record, given, reason), { ...settled(given, progress), take }, now);
    }
    const step: Step<null> = {
      next: { ...record, version: record.version + 1 },
      outcome: null,
      facts: [],
      sends: [],
      dropQueued: false,
    };
    return decision(deps, step, { send, progress, dueAt }, now);
  });
}

/** What a message cost, in the budget's millionths: each outcome that nobody knows may have been charged too. */
function spentMicros(send: Send, { accepted, unknowns }: Pick<Round, 'accepted' | 'unknowns'>): number {
  const reserved = countedMicros(send);
  if (accepted === null) return unknowns * reserved;
  const told = Math.max(accepted.listMicros ?? 0, costMicros(send, accepted.cost) ?? 0);
  const isFree = accepted.listMicros === null && accepted.cost === null;
  return unknowns * reserved + (isFree ? reserved : told);
}

function byId(deps: ServiceDeps, send: Send): () => Promise<Found> {
  return () => deps.store.verifications.get(send.verification);
}

interface Update {
  readonly send: Send;
  readonly progress: DeliveryProgress;
  readonly dueAt: number | null;
  readonly take?: readonly Hit[];
}

function settled(send: Send, progress: DeliveryProgress): Update {
  return { send, progress, dueAt: null };
}

function finished(send: Send, round: Round, status: Send['status'], error: string | null): Send {
  const last = round.attempts.at(-1)?.provider ?? send.provider;
  return {
    ...send,
    status,
    error: error === null ? null : (round.attempts.at(-1)?.error ?? error),
    provider: round.accepted?.provider ?? last,
    providerMessageId: round.accepted?.messageId ?? null,
    attempts: [...send.attempts, ...round.attempts],
    segments: round.accepted === null ? null : round.segments,
    cost: round.accepted?.cost ?? null,
  };
}

function decision<Outcome>(
  deps: ServiceDeps,
  step: Step<Outcome>,
  { take = [], ...sendUpdate }: Update,
  now: number,
): { readonly step: Step<Outcome>; readonly changes: Changes } {
  return { step, changes: { ...changesOf(deps, step, { actor: SYSTEM }, now), sendUpdate, take } };
}

/**
 * Writes what is known. The store may be away just then: it is tried again while the lease lasts, because a forgotten
 * acceptance means a second message. False when the commit was refused by a limit or the record is gone.
 */
async function settle(deps: ServiceDeps, load: () => Promise<Found>, decide: Settle): Promise<boolean> {
  for (let tries = 1; ; tries++) {
    try {
      return (await commit(deps, load, decide)).ok;
    } catch (error) {
      if (!(error instanceof WatchwordError) || tries >= SETTLE_TRIES) throw error;
      await deps.env.sleep(SETTLE_WAIT_MS);
    }
  }
}
