/** Which messages a provider is for, as its DSN says with `route_…`. An empty list means any. */
export interface Route {
  /** ISO 3166 countries of phone numbers. */
  readonly countries: readonly string[];
  /** Beginnings of E.164 numbers, `+44`, `+4479`. */
  readonly prefixes: readonly string[];
  readonly purposes: readonly string[];
  /** Its share among the providers that have one; null = only after those, in the order of the list. */
  readonly weight: number | null;
}

export const ANYWHERE: Route = { countries: [], prefixes: [], purposes: [], weight: null };

/** What of a message decides its route. */
export interface Routed {
  readonly to: string;
  readonly country: string | null;
  readonly purpose: string;
}

/** The routes of these providers that take the message, in the order of the list. */
export function routesFor<Provider extends { readonly route?: Route }>(
  providers: readonly Provider[],
  message: Routed,
): readonly Provider[] {
  return providers.filter(({ route = ANYWHERE }) => takes(route, message));
}

/**
 * The order in which providers are asked: weighted ones by lot, the others after them as listed; who already failed in this
 * verification comes last. `randomInt` is uniform in [0, maxExclusive).
 */
export function askingOrder<Provider extends { readonly name: string; readonly route?: Route }>(
  providers: readonly Provider[],
  failedBefore: ReadonlySet<string>,
  randomInt: (maxExclusive: number) => number,
): readonly Provider[] {
  const listed = providers.filter((provider) => weightOf(provider) === null);
  const ordered = [...drawn(providers, randomInt), ...listed];
  return [
    ...ordered.filter(({ name }) => !failedBefore.has(name)),
    ...ordered.filter(({ name }) => failedBefore.has(name)),
  ];
}

function takes({ countries, prefixes, purposes }: Route, { to, country, purpose }: Routed): boolean {
  return (
    (countries.length === 0 || (country !== null && countries.includes(country))) &&
    (prefixes.length === 0 || prefixes.some((prefix) => to.startsWith(prefix))) &&
    (purposes.length === 0 || purposes.includes(purpose))
  );
}

/** The weighted providers, each place drawn by weight among those left. */
function drawn<Provider extends { readonly route?: Route }>(
  providers: readonly Provider[],
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

function weightOf({ route }: { readonly route?: Route }): number | null {
  return route?.weight ?? null;
}
