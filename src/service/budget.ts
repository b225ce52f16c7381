import { budgeted, budgetHit, budgetInForce } from '../core/budget.ts';
import type { Money } from '../core/money.ts';
import { messagePrice } from '../core/prices.ts';
import type { Routed } from '../core/routing.ts';
import type { Policy } from '../core/policy.ts';
import type { ChannelName, Mode, StringMap, Verification } from '../core/verification.ts';
import type { Application } from '../ports/settings.ts';
import type { Changes } from '../ports/verification-store.ts';
import { carriersFor } from './channels.ts';
import type { ServiceDeps } from './deps.ts';
import { notMeLink } from './not-me/index.ts';
import { chosenMessage, type Templates } from './templates/index.ts';

/** What counting a message needs: its words decide how many parts it has. */
export interface BudgetDeps extends ServiceDeps {
  readonly templates: Templates;
}

/** A message that is to be queued. */
export interface Outgoing {
  readonly application: Application;
  readonly mode: Mode;
  readonly channel: ChannelName;
  readonly routed: Routed;
  readonly locale: string;
  readonly policy: Policy;
  readonly context: StringMap | null;
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
  const { mode, purpose, locale, policy, context } = record;
  const routed = { to, country: record.to.country, purpose };
  return { application, mode, channel, routed, locale, policy, context };
}

/**
 * The same changes with the money of their message reserved: the dearest price at which any provider may take it, so that nothing
 * costs more than was counted. Unchanged when no budget is set, or the message is free.
 */
export function reserving(deps: BudgetDeps, changes: Changes, message: Outgoing | null, now: number): Changes {
  if (message === null || message.mode === 'test') return changes;
  const budget = budgetInForce(message.application.limits, deps.settings.limits);
  const price = budget === null ? null : dearestPrice(deps, message);
  if (budget === null || price === null || price.micros === 0) return changes;
  const hit = budgetHit(message.application.id, budget, price.micros, now);
  const sends = changes.sends.map((send) => budgeted(send, hit, budget));
  return { ...changes, take: [...changes.take, hit], sends };
}

/** The most the message may cost at those providers whose price is known; null when none is, or they go by several currencies. */
export function dearestPrice(deps: BudgetDeps, message: Outgoing): Money | null {
  const { application, mode, channel, routed } = message;
  const carriers = carriersFor(deps, application, mode, channel, routed);
  const priced = carriers.filter(({ prices }) => prices !== undefined);
  if (priced.length === 0) return null;
  const segments = segmentsOf(deps, message);
  const known = priced.map(({ prices }) => messagePrice(prices, routed, segments)).filter((price) => price !== null);
  const [first] = known;
  if (first === undefined || known.some(({ currency }) => currency !== first.currency)) return null;
  return known.reduce((most, price) => (price.micros > most.micros ? price : most));
}

/** SMS parts of the message in the words in use; its code need not be drawn for that. */
function segmentsOf(
  deps: BudgetDeps,
  { application, channel, routed, locale, policy, context }: Outgoing,
): number | null {
  if (channel !== 'sms') return null;
  const { message } = chosenMessage(deps.templates.seen(application.id), {
    application,
    policy,
    channel,
    purpose: routed.purpose,
    locale,
    context,
    code: '0'.repeat(policy.code.length),
    minutes: Math.max(1, Math.round(policy.ttl_seconds / 60)),
    notMeUrl: notMeLink(deps, { id: `vrf_${'0'.repeat(30)}`, policy }, channel),
  });
  return message.segments;
}
