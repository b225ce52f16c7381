import { parseDestination, type Destination } from '../core/address.ts';
import { ok, refuse, type Result } from '../core/errors.ts';
import type { Application } from '../ports/settings.ts';
import type { KeyRing } from '../crypto/index.ts';
import type { To } from './api.ts';

/** A parsed address with its blind indexes: the first of each list is what is written, all are what is read. */
export interface Addressed {
  readonly destination: Destination;
  readonly toIndexes: readonly string[];
  readonly limitIndexes: readonly string[];
}

/** Parses an address with the application's default country. The country allow-list is the start's matter. */
export function address(ring: KeyRing, application: Pick<Application, 'default_country'>, to: To): Result<Addressed> {
  const parsed = parseDestination(to, { defaultCountry: application.default_country });
  if (!parsed.ok) return refuse(parsed.problem);
  const { destination } = parsed;
  return ok({
    destination,
    toIndexes: ring.indexes('address', destination.value),
    limitIndexes: ring.indexes('limit', destination.fold),
  });
}

/** The first of a list that is never empty. */
export function newest(indexes: readonly string[]): string {
  return indexes[0] ?? '';
}
