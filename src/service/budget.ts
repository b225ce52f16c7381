import { budgeted, budgetHit, budgetInForce } from '../core/budget.ts';
import { renderMessage } from '../core/message.ts';
import type { Money } from '../core/money.ts';
import { messagePrice } from '../core/prices.ts';
import type { Routed } from '../core/routing.ts';
import type { ChannelName, Mode, Verification } from '../core/verification.ts';
import type { Application } from '../ports/settings.ts';
import type { Changes } from '../ports/verification-store.ts';
import { carriersFor } from './channels.ts';
import type { ServiceDeps } from './deps.ts';

/** A message that is to be queued. */
export interface Outgoing {
  readonly application: Application;
  readonly mode: Mode;
  readonly channel: ChannelName;
  readonly routed: Routed;
  readonly locale: string;
  readonly codeLength: number;
  readonly ttlSeconds: number;
}

/** The next message of a record; null when its address is erased. */
export function outgoingOf(
  deps: ServiceDeps,
  application: Application,
  record: Verification,
  channel: ChannelName,
): Outgoing | null {
  const to = record.sealedTo === null ? null : deps.ring.open('address', record.sealedTo, record.id);
  if (to === null) return null;
  const { mode, purpose, locale, policy } = record;
  const routed = { to, country: record.to.country, purpose };
  return { application, mode, channel, routed, locale, codeLength: policy.code.length, ttlSeconds: policy.ttl_seconds };
}

/**
 * The same changes with the money of their message reserved: the dearest price at which any provider may take it, so that nothing
 * costs more than was counted. Unchanged when no budget is set, or the message is free.
 */
export function reserving(deps: ServiceDeps, changes: Changes, message: Outgoing | null, now: number): Changes {
  if (message === null || message.mode === 'test') return changes;
  const budget = budgetInForce(message.application.limits, deps.settings.limits);
  const price = budget === null ? null : dearestPrice(deps, message);
  if (budget === null || price === null || price.micros === 0) return changes;
  const hit = budgetHit(message.application.id, budget, price.micros, now);
  const sends = changes.sends.map((send) => budgeted(send, hit, budget));
  return { ...changes, take: [...changes.take, hit], sends };
}

/** The most the message may cost at those providers whose price is known; null when none is, or they go by several currencies. */
export function dearestPrice(deps: ServiceDeps, message: Outgoing): Money | null {
  const { application, mode, channel, routed } = message;
  const carriers = carriersFor(deps, application, mode, channel, routed);
  const priced = carriers.filter(({ prices }) => prices !== undefined);
  if (priced.length === 0) return null;
  const segments = segmentsOf(message);
  const known = priced.map(({ prices }) => messagePrice(prices, routed, segments)).filter((price) => price !== null);
  const [first] = known;
  if (first === undefined || known.some(({ currency }) => currency !== first.currency)) return null;
  return known.reduce((most, price) => (price.micros > most.micros ? price : most));
}

/** SMS parts of the message; its code need not be drawn for that. */
function segmentsOf({ application, channel, routed, locale, codeLength, ttlSeconds }: Outgoing): number | null {
  if (channel !== 'sms') return null;
  return renderMessage({
    channel,
    purpose: routed.purpose,
    locale,
    fallbackLocale: application.locale,
    brand: application.brand,
    code: '0'.repeat(codeLength),
    minutes: Math.max(1, Math.round(ttlSeconds / 60)),
    origin: null,
  }).segments;
}
