import { type Money, readAmount } from './money.ts';

/** What one provider charges: for one SMS part, one call, or one message of another channel. */
export interface Prices {
  /** ISO 4217. */
  readonly currency: string;
  readonly rates: readonly Rate[];
}

/** `where`: a country (`US`), the beginning of a number (`+4479`), or `*` for the rest. */
export interface Rate {
  readonly where: string;
  readonly micros: number;
}

/** Where a message goes, as far as prices ask. */
export interface Reached {
  readonly to: string;
  readonly country: string | null;
}

const RATE = /^([A-Z]{2}|\+[1-9]\d{0,14}|\*):(\d{1,6}(?:\.\d{1,6})?)$/;

/** Reads `US:0.0079,+4479:0.05,*:0.05`; null when it is not of that form or names a place twice. */
export function readRates(text: string): readonly Rate[] | null {
  const rates = text.split(',').map((item): Rate | null => {
    const [, where = '', amount = ''] = RATE.exec(item) ?? [];
    const micros = readAmount(amount);
    return micros === null ? null : { where, micros };
  });
  const known = rates.filter((rate) => rate !== null);
  const isClear = known.length === rates.length && new Set(known.map(({ where }) => where)).size === known.length;
  return isClear ? known : null;
}

/** The list as text again. */
export function ratesText({ rates }: Prices): string {
  return rates.map(({ where, micros }) => `${where}:${micros / 1_000_000}`).join(',');
}

/** What one part costs there: by the longest beginning of the number, else the country, else `*`; null when nothing says. */
export function unitPrice(prices: Prices | undefined, { to, country }: Reached): Money | null {
  if (prices === undefined) return null;
  const { rates, currency } = prices;
  const [longest] = rates
    .filter(({ where }) => where.startsWith('+') && to.startsWith(where))
    .toSorted((a, b) => b.where.length - a.where.length);
  const rate =
    longest ?? rates.find(({ where }) => where === country) ?? rates.find(({ where }) => where === '*') ?? null;
  return rate === null ? null : { micros: rate.micros, currency };
}

/** What a message of `segments` parts costs there; null when no price is known. */
export function messagePrice(prices: Prices | undefined, reached: Reached, segments: number | null): Money | null {
  const unit = unitPrice(prices, reached);
  return unit === null ? null : { ...unit, micros: unit.micros * Math.max(1, segments ?? 1) };
}

/** The most a message may cost there at those whose price is known; null when none is, or they go by several currencies. */
export function dearestPrice(
  carriers: readonly { readonly prices?: Prices }[],
  reached: Reached,
  segments: number | null,
): Money | null {
  const known = carriers.map(({ prices }) => messagePrice(prices, reached, segments)).filter((price) => price !== null);
  const [first] = known;
  if (first === undefined || known.some(({ currency }) => currency !== first.currency)) return null;
  return known.reduce((most, price) => (price.micros > most.micros ? price : most));
}
