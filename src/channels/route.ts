import { ANYWHERE, type Route } from '../core/routing.ts';
import { type Dsn, type Parsed, wrong } from './dsn.ts';

/** Options every live provider's DSN takes beside its own: which messages it is for. */
export const ROUTE_OPTIONS = ['route_countries', 'route_prefixes', 'route_purposes', 'route_weight'] as const;

const COUNTRIES = /^[A-Z]{2}(?:,[A-Z]{2})*$/;
const PREFIXES = /^\+[1-9]\d{0,14}(?:,\+[1-9]\d{0,14})*$/;
const PURPOSES = /^[a-z][a-z0-9_.-]{0,39}(?:,[a-z][a-z0-9_.-]{0,39})*$/;
const WEIGHT = /^[1-9]\d{0,3}$/;

/** Reads `route_countries=US,CA&route_prefixes=%2B44&route_purposes=login&route_weight=3`; absent = any, and in listed order. */
export function readRoute({ options }: Dsn): Parsed<Route> {
  const list = (name: (typeof ROUTE_OPTIONS)[number]): string | null => options.get(name)?.[0] ?? null;
  const [countries, prefixes, purposes, weight] = ROUTE_OPTIONS.map(list);
  if (bad(countries, COUNTRIES)) return wrong('option route_countries must be ISO countries like US,CA');
  if (bad(prefixes, PREFIXES)) return wrong('option route_prefixes must be beginnings of numbers like %2B44,%2B353');
  if (bad(purposes, PURPOSES)) return wrong('option route_purposes must be purposes like login,payment');
  if (bad(weight, WEIGHT)) return wrong('option route_weight must be a whole number from 1 to 9999');
  const value: Route = {
    countries: split(countries),
    prefixes: split(prefixes),
    purposes: split(purposes),
    weight: weight === null || weight === undefined ? null : Number(weight),
  };
  return { ok: true, value: ROUTE_OPTIONS.some((name) => options.has(name)) ? value : ANYWHERE };
}

function bad(value: string | null | undefined, pattern: RegExp): boolean {
  return value !== null && value !== undefined && !pattern.test(value);
}

function split(value: string | null | undefined): readonly string[] {
  return value === null || value === undefined ? [] : value.split(',');
}
