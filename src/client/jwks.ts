import type { JsonWebKeySet } from './receipt.ts';
import { createTransport } from './transport.ts';

const KEEP_MS = 600_000;
/** A receipt of a key nobody has must not make every call ask again. */
const AGAIN_MS = 30_000;

interface Kept {
  readonly at: number;
  readonly keys: Promise<JsonWebKeySet>;
}

const kept = new Map<string, Kept>();

/** The keys at an address, as fetched within ten minutes; asked again when `kid` is not among them, at most every half minute. */
export async function jwksAt(url: string, kid: string, ask?: typeof fetch): Promise<JsonWebKeySet> {
  const before = kept.get(url);
  const age = before === undefined ? Infinity : Date.now() - before.at;
  const known = before === undefined ? null : await before.keys.catch(() => null);
  const isFresh = known !== null && age < (known.keys.some((key) => key['kid'] === kid) ? KEEP_MS : AGAIN_MS);
  if (isFresh) return known;
  // Somebody else may have asked meanwhile.
  const now = kept.get(url);
  if (now !== undefined && now !== before) return now.keys;
  const keys = createTransport({ url, ...(ask && { fetch: ask }) })<JsonWebKeySet>('GET', '');
  kept.set(url, { at: Date.now(), keys });
  return keys;
}
