import { type Budget, budgeted, budgetHit, budgetInForce, rebudgeted } from '../core/budget.ts';
import type { Money } from '../core/money.ts';
import { dearestPrice as dearestAt } from '../core/prices.ts';
import type { Routed } from '../core/routing.ts';
import type { Policy } from '../core/policy.ts';
import type { Template } from '../core/templates/template.ts';
import type { ChannelName, Mode, StringMap, Verification } from '../core/verification.ts';
import type { Application } from '../ports/settings.ts';
import type { Changes } from '../ports/verification-store.ts';
import { carriersFor } from './channels.ts';
import type { ServiceDeps } from './deps.ts';
import { sampleNotMeLink } from './not-me/index.ts';
import { textOf } from './own-text.ts';
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
  /** The caller's own words for an SMS. */
  readonly text: Template | null;
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
  return { application, mode, channel, routed, locale, policy, context, text: textOf(deps, record) };
}

/**
 * The same changes with the money of their message reserved: the dearest price at which any provider may take it, so that nothing
 * costs more than was counted. What a silent directory drops must find room like any message, so that nobody is told, and is given
 * back at once. Unchanged when no budget is set, or the message is free.
 */
export function reserving(deps: BudgetDeps, changes: Changes, message: Outgoing | null, now: number): Changes {
  const counted = message === null ? null : countedAgainst(deps, message);
  if (message === null || counted === null) return changes;
  const { budget, micros } = counted;
  const hit = budgetHit(message.application.id, budget, micros, now);
  const sends = changes.sends.map((send) => {
    const reserved = budgeted(send, hit, budget);
    return send.status === 'dropped' ? rebudgeted(reserved, 0, now) : { send: reserved, take: [] };
  });
  return {
    ...changes,
    take: [...changes.take, hit, ...sends.flatMap(({ take }) => take)],
    sends: sends.map(({ send }) => send),
  };
}

/** The budget that a message counts against, and with how much; null when none is set, or the message is free. */
export function countedAgainst(
  deps: BudgetDeps,
  message: Outgoing,
): { readonly budget: Budget; readonly micros: number } | null {
  if (message.mode === 'test') return null;
  const budget = budgetInForce(message.application.limits, deps.settings.limits);
  const price = budget === null ? null : dearestPrice(deps, message);
  return budget === null || price === null || price.micros === 0 ? null : { budget, micros: price.micros };
}

/** The most the message may cost at those providers whose price is known; null when none is, or they go by several currencies. */
export function dearestPrice(deps: BudgetDeps, message: Outgoing): Money | null {
  const { application, mode, channel, routed } = message;
  const carriers = carriersFor(deps, application, mode, channel, routed);
  const priced = carriers.filter(({ prices }) => prices !== undefined);
  return priced.length === 0 ? null : dearestAt(priced, routed, segmentsOf(deps, message));
}

/** SMS parts of the message in the words in use; its code need not be drawn for that. */
function segmentsOf(
  deps: BudgetDeps,
  { application, channel, routed, locale, policy, context, text }: Outgoing,
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
    notMeUrl: sampleNotMeLink(deps, policy, channel),
    own: text,
    confirmUrl: null,
  });
  return message.segments;
}
