import type { Code, Digest } from '../core/redacted.ts';
import type { StringMap } from '../core/verification.ts';
import { equalText } from './compare.ts';
import { joinFields } from './fields.ts';
import type { Mac } from './hmac.ts';
import { randomNonceText } from './random.ts';

/** All that a code is good for. A code proves nothing for a verification that differs in any of these. */
export interface CodeBinding {
  readonly application: string;
  readonly verification: string;
  readonly generation: number;
  /** Blind index of the exact address. */
  readonly to: string;
  readonly purpose: string;
  /** What the person agrees to (amount, payee); null and `{}` are different. The order of keys does not matter. */
  readonly context: StringMap | null;
}

const VERSION = 'code/1';
const NONCE_BYTES = 16;
const MAC_LENGTH = 43;
const NO_DIGEST = ['', '0'.repeat(22), '0'.repeat(MAC_LENGTH)] as const;

/** `kid.nonce.mac`: a 128-bit nonce and HMAC-SHA-256 over it, the binding and the code, both in base64url. */
export function digestText(kid: string, key: Mac, code: Code, binding: CodeBinding): string {
  const nonce = randomNonceText(NONCE_BYTES);
  return `${kid}.${nonce}.${codeMac(key, nonce, code, binding)}`;
}

/**
 * True when the digest was made of this code and binding. One MAC and one comparison whatever the digest is: null, an
 * unknown key id or a malformed digest does the work under `fallback` and answers false.
 */
export function codeMatches(
  keys: ReadonlyMap<string, Mac>,
  fallback: Mac,
  attempt: { readonly code: Code; readonly binding: CodeBinding },
  digest: Digest | null,
): boolean {
  const [kid, nonce, mac] = digest === null ? NO_DIGEST : splitDigest(digest.reveal());
  const key = keys.get(kid);
  const expected = codeMac(key ?? fallback, nonce, attempt.code, attempt.binding);
  const equal = equalText(expected, mac);
  return equal && key !== undefined;
}

function splitDigest(text: string): readonly [kid: string, nonce: string, mac: string] {
  const [kid, nonce, mac, ...rest] = text.split('.');
  if (kid === undefined || nonce === undefined || mac?.length !== MAC_LENGTH || rest.length > 0) return NO_DIGEST;
  return [kid, nonce, mac];
}

function codeMac(key: Mac, nonce: string, code: Code, binding: CodeBinding): string {
  const message = joinFields([
    VERSION,
    binding.application,
    binding.verification,
    String(binding.generation),
    binding.to,
    binding.purpose,
    contextField(binding.context),
    nonce,
    code.reveal(),
  ]);
  return key(message, 'utf16le');
}

function contextField(context: StringMap | null): string {
  if (context === null) return 'none';
  const keys = Object.keys(context).sort();
  return `map${joinFields(keys.flatMap((name) => [name, context[name] ?? '']))}`;
}
