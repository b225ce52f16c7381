import { readAmount } from '../core/money.ts';
import { type Prices, readRates } from '../core/prices.ts';
import { ANYWHERE, type Route } from '../core/routing.ts';
import { type Dsn, type Parsed, wrong } from './dsn.ts';

/** Options every live provider's DSN takes beside its own: which messages it is for, what they cost, and how long one may take. */
export const ROUTE_OPTIONS = [
  'route_countries',
  'route_prefixes',
  'route_purposes',
  'route_weight',
  'route_adaptive',
  'route_by_price',
  'route_max_price',
  'price',
  'price_currency',
  'timeout_ms',
] as const;
type Option = (typeof ROUTE_OPTIONS)[number];

/** What each must look like, with the words for it. */
const SHAPES: Readonly<Record<Option, readonly [RegExp, what: string]>> = {
  route_countries: [/^[A-Z]{2}(?:,[A-Z]{2})*$/, 'ISO countries like US,CA'],
  route_prefixes: [/^\+[1-9]\d{0,14}(?:,\+[1-9]\d{0,14})*$/, 'beginnings of numbers like %2B44,%2B353'],
  route_purposes: [/^[a-z][a-z0-9_.-]{0,39}(?:,[a-z][a-z0-9_.-]{0,39})*$/, 'purposes like login,payment'],
  route_weight: [/^[1-9]\d{0,3}$/, 'a whole number from 1 to 9999'],
  route_adaptive: [/^[1-9]\d?$/, 'the percentage of messages that keep the configured weights, 1 to 99'],
  route_by_price: [/^1$/, '1'],
  route_max_price: [/^\d{1,6}(?:\.\d{1,6})?$/, 'an amount like 0.05'],
  price: [/^[A-Z*+][^\s]{2,1900}$/, 'prices by country, number or * like US:0.0079,%2B4479:0.04,*:0.05'],
  price_currency: [/^[A-Z]{3}$/, 'an ISO currency like EUR'],
  timeout_ms: [/^(?:[1-9]\d{3}|10000)$/, 'a number of milliseconds from 1000 to 10000'],
};

/** Prices without a currency are of this one. */
const DEFAULT_CURRENCY = 'USD';

export interface Terms {
  readonly route: Route | null;
  readonly prices: Prices | null;
  /** How long one call may take. */
  readonly timeoutMs: number | null;
}

/** Reads the options that say which messages a provider is for and what they cost; null = nothing was said of it. */
export function readTerms({ options }: Dsn): Parsed<Terms> {
  const given = (name: Option): string | null => options.get(name)?.[0] ?? null;
  const bad = ROUTE_OPTIONS.find((name) => given(name) !== null && !SHAPES[name][0].test(given(name) ?? ''));
  if (bad !== undefined) return wrong(`option ${bad} must be ${SHAPES[bad][1]}`);
  const rates = given('price') === null ? null : readRates(given('price') ?? '');
  if (rates === null && given('price') !== null)
    return wrong(`option price must be ${SHAPES.price[1]}, each place once`);
  const lacking = missing(given);
  if (lacking !== null) return wrong(lacking);
  const isRouted = ROUTE_OPTIONS.some((name) => name.startsWith('route_') && given(name) !== null);
  const prices = rates === null ? null : { currency: given('price_currency') ?? DEFAULT_CURRENCY, rates };
  const timeoutMs = given('timeout_ms') === null ? null : Number(given('timeout_ms'));
  return { ok: true, value: { route: isRouted ? routeOf(given) : null, prices, timeoutMs } };
}

function routeOf(given: (name: Option) => string | null): Route {
  const list = (name: Option): readonly string[] => given(name)?.split(',') ?? [];
  const number = (name: Option): number | null => (given(name) === null ? null : Number(given(name)));
  return {
    ...ANYWHERE,
    countries: list('route_countries'),
    prefixes: list('route_prefixes'),
    purposes: list('route_purposes'),
    weight: number('route_weight'),
    holdOut: number('route_adaptive'),
    byPrice: given('route_by_price') !== null,
    maxMicros: given('route_max_price') === null ? null : readAmount(given('route_max_price') ?? ''),
  };
}

/** Options that mean nothing without another. */
function missing(given: (name: Option) => string | null): string | null {
  if (given('price') === null) {
    const lone = (['price_currency', 'route_max_price', 'route_by_price'] as const).find(
      (name) => given(name) !== null,
    );
    if (lone !== undefined) return `option ${lone} needs option price`;
  }
  return given('route_adaptive') !== null && given('route_weight') === null
    ? 'option route_adaptive needs option route_weight'
    : null;
}
