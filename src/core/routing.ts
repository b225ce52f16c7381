import type { Money } from './money.ts';
import { type Prices, unitPrice } from './prices.ts';

/** Which messages a provider is for, and in what order it is asked, as its DSN says with `route_…`. An empty list means any. */
export interface Route {
  /** ISO 3166 countries of phone numbers. */
  readonly countries: readonly string[];
  /** Beginnings of E.164 numbers, `+44`, `+4479`. */
  readonly prefixes: readonly string[];
  readonly purposes: readonly string[];
  /** Its share among the providers that have one; null = only after those, in the order of the list. */
  readonly weight: number | null;
  /** Most one part may cost at it, in the currency of its prices; without a known price it takes nothing. Null = any price. */
  readonly maxMicros: number | null;
  /** It is among those of which the cheapest is asked first. */
  readonly byPrice: boolean;
  /** Its weight follows what was measured, but for this many of 100 messages; null = it stays as it is. */
  readonly holdOut: number | null;
}

export const ANYWHERE: Route = {
  countries: [],
  prefixes: [],
  purposes: [],
  weight: null,
  maxMicros: null,
  byPrice: false,
  holdOut: null,
};

/** What of a message decides its route. */
export interface Routed {
  readonly to: string;
  readonly country: string | null;
  readonly purpose: string;
}

/** A provider as routing sees it. */
export interface Carrier {
  readonly name: string;
  readonly route?: Route;
  readonly prices?: Prices;
}

/** The routes of these providers that take the message, in the order of the list. */
export function routesFor<Provider extends Omit<Carrier, 'name'>>(
  providers: readonly Provider[],
  message: Routed,
): readonly Provider[] {
  return providers.filter((provider) => takes(provider, message));
}

export interface Asking<Provider> {
  readonly message: Routed;
  /** Names of those that already failed in this verification. */
  readonly failedBefore: ReadonlySet<string>;
  /** Uniform in [0, maxExclusive). */
  randomInt(maxExclusive: number): number;
  /** The weight to go by instead of the configured one. */
  readonly weightOf?: (provider: Provider) => number | null;
}

/**
 * The order in which providers are asked: first those that go by price, cheapest first; then the weighted ones by lot; the others
 * after them as listed. Among equal prices weights and the list decide. Who already failed in this verification comes last.
 */
export function askingOrder<Provider extends Carrier>(
  providers: readonly Provider[],
  asking: Asking<Provider>,
): readonly Provider[] {
  const weightOf = asking.weightOf ?? configuredWeight;
  const listed = providers.filter((provider) => weightOf(provider) === null);
  const ordered = cheapestFirst([...drawn(providers, weightOf, asking.randomInt), ...listed], asking.message);
  return [
    ...ordered.filter(({ name }) => !asking.failedBefore.has(name)),
    ...ordered.filter(({ name }) => asking.failedBefore.has(name)),
  ];
}

function takes({ route = ANYWHERE, prices }: Omit<Carrier, 'name'>, message: Routed): boolean {
  const { countries, prefixes, purposes, maxMicros } = route;
  const { to, country, purpose } = message;
  const price = maxMicros === null ? null : unitPrice(prices, message);
  return (
    (countries.length === 0 || (country !== null && countries.includes(country))) &&
    (prefixes.length === 0 || prefixes.some((prefix) => to.startsWith(prefix))) &&
    (purposes.length === 0 || purposes.includes(purpose)) &&
    (maxMicros === null || (price !== null && price.micros <= maxMicros))
  );
}

/** Those that go by price come first, cheapest first; prices of another currency than the first's cannot be compared and follow. */
function cheapestFirst<Provider extends Carrier>(ordered: readonly Provider[], message: Routed): readonly Provider[] {
  const priced = ordered
    .filter(({ route }) => route?.byPrice === true)
    .map((provider) => ({ provider, price: unitPrice(provider.prices, message) }));
  const currency = priced.find(({ price }) => price !== null)?.price?.currency ?? null;
  const rank = (price: Money | null): number =>
    price === null || price.currency !== currency ? Number.POSITIVE_INFINITY : price.micros;
  const sorted = priced.toSorted((a, b) => compare(rank(a.price), rank(b.price))).map(({ provider }) => provider);
  return [...sorted, ...ordered.filter(({ route }) => route?.byPrice !== true)];
}

function compare(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The weighted providers, each place drawn by weight among those left. */
function drawn<Provider extends Carrier>(
  providers: readonly Provider[],
  weightOf: (provider: Provider) => number | null,
  randomInt: (maxExclusive: number) => number,
): readonly Provider[] {
  const left = providers.filter((provider) => (weightOf(provider) ?? 0) > 0);
  const order: Provider[] = [];
  while (left.length > 0) {
    let ticket = randomInt(left.reduce((sum, provider) => sum + (weightOf(provider) ?? 0), 0));
    const at = left.findIndex((provider) => (ticket -= weightOf(provider) ?? 0) < 0);
    order.push(...left.splice(Math.max(0, at), 1));
  }
  return order;
}

function configuredWeight({ route }: Carrier): number | null {
  return route?.weight ?? null;
}
