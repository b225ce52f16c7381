import type { Hit, LimitSettings } from './limits.ts';
import { MICROS, moneyText, readMoney } from './money.ts';
import { messagePrice } from './prices.ts';
import type { Carrier, Routed } from './routing.ts';
import type { ChannelName, Send } from './verification.ts';

const DAY_MS = 86_400_000;
const DEFAULT_CURRENCY = 'USD';

/** What an application may spend in a day of UTC, in millionths of the one currency everything is counted in. */
export interface Budget {
  readonly maxMicros: number;
  readonly currency: string;
}

/** The application's own budget, else the global one; null = none is set. */
export function budgetInForce(application: LimitSettings, global: LimitSettings): Budget | null {
  const setting = application.money_day ?? global.money_day;
  if (setting === undefined) return null;
  return { maxMicros: setting.max * MICROS, currency: setting.currency ?? DEFAULT_CURRENCY };
}

/** Under a budget only those whose price it can count may carry a message; e-mail without a price is free. */
export function isCountable(
  { prices }: Omit<Carrier, 'name'>,
  channel: ChannelName,
  routed: Routed,
  { currency }: Budget,
): boolean {
  if (prices === undefined) return channel === 'email';
  return prices.currency === currency && messagePrice(prices, routed, 1) !== null;
}

/** The reservation of `micros` of the day's money. The counter is that day's own, so that giving back never reaches into another. */
export function budgetHit(application: string, budget: Budget, micros: number, now: number): Hit {
  return {
    name: 'money_day',
    scope: 'application',
    keys: [`money|${application}|${budget.currency}|${dayOf(now)}`],
    max: budget.maxMicros,
    windowMs: DAY_MS - (now % DAY_MS),
    amount: micros,
  };
}

/** The send with what was reserved for it. */
export function budgeted(send: Send, { amount }: Hit, { currency }: Budget): Send {
  return { ...send, budgeted: moneyText({ micros: amount, currency }) };
}

/**
 * Brings what was counted for a message to what it cost: more is added, however full the budget is; less is given back while its day
 * lasts. Gives the send as it is to be stored, and the hits of that commit.
 */
export function rebudgeted(
  send: Send,
  micros: number,
  now: number,
): { readonly send: Send; readonly take: readonly Hit[] } {
  const counted = send.budgeted === null ? null : readMoney(send.budgeted);
  if (counted === null || counted.micros === micros) return { send, take: [] };
  const { currency } = counted;
  const unlimited: Budget = { maxMicros: Number.MAX_SAFE_INTEGER, currency };
  const hit = budgetHit(send.application, unlimited, micros - counted.micros, send.createdAt);
  const isToday = dayOf(now) === dayOf(send.createdAt);
  return { send: { ...send, budgeted: moneyText({ micros, currency }) }, take: isToday ? [hit] : [] };
}

/** What was counted for a message, in millionths; 0 while no budget is set. */
export function countedMicros({ budgeted: text }: Send): number {
  return text === null ? 0 : (readMoney(text)?.micros ?? 0);
}

/** What `cost` says in the currency the send was counted in; null when that cannot be told. */
export function costMicros(send: Send, cost: string | null): number | null {
  const told = cost === null ? null : readMoney(cost);
  const counted = send.budgeted === null ? null : readMoney(send.budgeted);
  return told === null || counted === null || told.currency !== counted.currency ? null : told.micros;
}

function dayOf(now: number): number {
  return Math.floor(now / DAY_MS);
}
