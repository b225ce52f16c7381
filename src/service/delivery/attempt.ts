import { moneyText } from '../../core/money.ts';
import { messagePrice } from '../../core/prices.ts';
import { code } from '../../core/redacted.ts';
import type { Template } from '../../core/templates/template.ts';
import type { Send, SendAttempt, Verification } from '../../core/verification.ts';
import type { Accepted, Channel, Failure, Message } from '../../ports/channel.ts';
import type { ClaimedSend } from '../../ports/outbox.ts';
import type { Application } from '../../ports/settings.ts';
import type { ServiceDeps } from '../deps.ts';
import { confirmLink } from '../confirm/index.ts';
import { notMeLink } from '../not-me/index.ts';
import { textOf } from '../own-text.ts';
import { chosenMessage } from '../templates/index.ts';
import type { Breakers } from './breakers.ts';

/** What one call may take at most; a provider's own `timeoutMs` only shortens it, so that the lease holds. */
const PROVIDER_DEADLINE_MS = 10_000;
/** A lease outlives one provider call; a dead worker's send is free again within 20 s, polling included. */
export const LEASE_MS = 15_000;
const ABORT_GRACE_MS = 1_000;

/** How far one round over the providers came, before it is settled. */
export interface Round {
  readonly attempts: readonly SendAttempt[];
  /** Providers that gave a final no, of this round and earlier ones. */
  readonly refused: readonly string[];
  /** Outcomes nobody knows: a reset or time-out after the message was handed over, or a worker that died. */
  readonly unknowns: number;
  readonly accepted: {
    readonly provider: string;
    readonly messageId: string | null;
    /** As the provider said, else by its price list. */
    readonly cost: string | null;
    /** By its price list, in millionths; null when that says nothing. */
    readonly listMicros: number | null;
  } | null;
  readonly segments: number | null;
}

export interface Rendered {
  readonly message: Message;
  readonly country: string | null;
  readonly segments: number | null;
}

/** The finished message of a send, the code opened for it alone; null when no key of the ring opens it. */
export function finishMessage(
  deps: ServiceDeps,
  record: Verification,
  send: Send,
  {
    application,
    templates,
    now,
  }: {
    readonly application: Application | null;
    readonly templates: readonly Template[];
    readonly now: number;
  },
): Rendered | null {
  const to = record.sealedTo === null ? null : deps.ring.open('address', record.sealedTo, record.id);
  const digits = record.sealedCode === null ? null : deps.ring.open('code', record.sealedCode, record.id);
  if (to === null || digits === null) return null;
  const { channel } = send;
  const { purpose, locale, policy, context } = record;
  const minutes = Math.max(1, Math.round((record.expiresAt - now) / 60_000));
  const notMeUrl = notMeLink(deps, record, channel);
  const own = textOf(deps, record);
  const confirmUrl = confirmLink(deps, record, channel);
  const said = { notMeUrl, confirmUrl, own };
  const facts = { application, policy, channel, purpose, locale, context, code: digits, minutes, ...said };
  const { message: text } = chosenMessage(templates, facts);
  const message: Message = {
    sendId: send.id,
    verification: record.id,
    channel,
    to,
    from: null,
    subject: text.subject,
    text: text.text,
    html: text.html,
    locale: text.locale,
    code: code(digits),
    expiresAt: send.deadlineAt,
  };
  return { message, country: record.to.country, segments: text.segments };
}

/**
 * Asks the providers in order, but those that rest, until one takes it, one outcome is unknown, all said no, or the code's end
 * has come; null when none may be asked any more (the outbox’s `begin` says so).
 */
export async function tryProviders(
  deps: ServiceDeps & { readonly breakers: Breakers },
  providers: readonly Channel[],
  rendered: Rendered,
  claimed: ClaimedSend,
): Promise<Round | null> {
  let round = openRound(claimed, rendered.segments);
  for (const provider of providers) {
    if (round.refused.includes(provider.name) || !deps.breakers.mayAsk(provider.name)) continue;
    const at = await deps.store.verifications.time();
    if (at >= claimed.send.deadlineAt) break;
    if (!(await deps.store.outbox.begin(claimed.send, at + LEASE_MS))) return null;
    deps.breakers.asking(provider.name);
    const outcome = await sendThrough(deps, provider, rendered.message);
    deps.breakers.learned(provider.name, outcome);
    logOutcome(deps, claimed.send, provider.name, outcome);
    round = withOutcome(round, { provider, rendered, at }, outcome);
    if (outcome.type === 'accepted' || outcome.retry === 'once') break;
  }
  return round;
}

/** The state before any provider was asked in this round. */
export function openRound(claimed: ClaimedSend, segments: number | null): Round {
  const { refused, unknown, crashes } = claimed.progress;
  return { attempts: [], refused, unknowns: crashes + (unknown ? 1 : 0), accepted: null, segments };
}

interface Asked {
  readonly provider: Channel;
  readonly rendered: Rendered;
  readonly at: number;
}

function withOutcome(round: Round, asked: Asked, outcome: Accepted | Failure): Round {
  const { provider, at } = asked;
  if (outcome.type === 'accepted') return withAcceptance(round, asked, outcome);
  return {
    ...round,
    attempts: [...round.attempts, { provider: provider.name, at, error: `${outcome.kind}: ${outcome.detail}` }],
    refused: outcome.retry === 'final' ? [...round.refused, provider.name] : round.refused,
    unknowns: round.unknowns + (outcome.retry === 'once' ? 1 : 0),
  };
}

function withAcceptance(round: Round, { provider, rendered, at }: Asked, outcome: Accepted): Round {
  const segments = outcome.segments ?? round.segments;
  const price = messagePrice(provider.prices, { to: rendered.message.to, country: rendered.country }, segments);
  const cost = outcome.price ?? (price === null ? null : moneyText(price));
  const { name } = provider;
  return {
    ...round,
    segments,
    attempts: [...round.attempts, { provider: name, at, error: null }],
    accepted: { provider: name, messageId: outcome.messageId, cost, listMicros: price?.micros ?? null },
  };
}

/** One provider call under its deadline. A provider that ignores the signal or throws counts as an unknown outcome. */
export async function sendThrough(
  deps: Pick<ServiceDeps, 'env'>,
  provider: Channel,
  message: Message,
): Promise<Accepted | Failure> {
  const deadline = Math.min(provider.timeoutMs ?? PROVIDER_DEADLINE_MS, PROVIDER_DEADLINE_MS);
  const limit = AbortSignal.timeout(deadline);
  const done = new AbortController();
  const deaf = deps.env
    .sleep(deadline + ABORT_GRACE_MS, done.signal)
    .then((): Failure => unknownFailure(`no answer within ${deadline / 1000} s`));
  try {
    return await Promise.race([provider.send(message, limit), deaf]);
  } catch {
    return unknownFailure('the provider’s driver failed');
  } finally {
    done.abort();
  }
}

function unknownFailure(detail: string): Failure {
  return { type: 'failure', kind: 'unavailable', retry: 'once', detail };
}

function logOutcome(deps: ServiceDeps, send: Send, provider: string, outcome: Accepted | Failure): void {
  const facts = { send: send.id, channel: send.channel, provider };
  if (outcome.type === 'accepted') deps.env.log({ event: 'send.accepted', level: 'info', ...facts });
  else
    deps.env.log({
      event: 'send.refused',
      level: 'warn',
      ...facts,
      kind: outcome.kind,
      retry: outcome.retry,
      detail: outcome.detail,
    });
}
