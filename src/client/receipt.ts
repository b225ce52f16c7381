import { type Bytes, fromBase64, toBase64Url, utf8 } from './bytes.ts';
import { jwksAt } from './jwks.ts';

/** Public keys as the service shows them (RFC 7517). */
export interface JsonWebKeySet {
  readonly keys: readonly Readonly<Record<string, string>>[];
}

/** What a receipt says (RFC 7519). `iat` and `exp` are epoch seconds; `to` or `to_hash` is there only if the policy says so. */
export interface ReceiptClaims {
  /** The application. */
  readonly aud: string;
  /** The verification. */
  readonly sub: string;
  /** Of this receipt: remember it until `exp` to take each only once. */
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
  readonly purpose: string;
  readonly test: boolean;
  /** There when no code was entered: the browser was remembered (`remembered_device`). Refuse it where a code must be. */
  readonly method?: string;
  readonly to?: string;
  /** In place of `to`: base64url of SHA-256 over `jti`, a bar and the destination. */
  readonly to_hash?: string;
  /** What the code was bound to, such as amount and payee. */
  readonly context?: Readonly<Record<string, string>>;
}

interface Expectations {
  /** The application whose receipts you take. */
  readonly audience: string;
  readonly purpose?: string;
  /** The verification it must be about. */
  readonly subject?: string;
  /** The destination it must name, E.164 or e-mail, in clear or as a hash; then a receipt that names none is refused. */
  readonly to?: string;
  /** Takes receipts of test keys too: for your own tests. */
  readonly acceptTest?: boolean;
  /** How far your clock may be behind or ahead, seconds; 0 when absent. */
  readonly toleranceSeconds?: number;
  /** Epoch ms; the clock when absent. */
  readonly now?: number;
}

export type ReceiptOptions = Expectations &
  (
    | { readonly jwks: JsonWebKeySet }
    /** Fetched once, kept for ten minutes, asked again for a key it did not have. */
    | { readonly jwksUrl: string; readonly fetch?: typeof fetch }
  );

export type ReceiptRefusal =
  | 'malformed'
  | 'unknown_key'
  | 'bad_signature'
  | 'expired'
  | 'wrong_audience'
  | 'wrong_purpose'
  | 'wrong_subject'
  | 'wrong_destination'
  | 'test_receipt';

export type ReceiptResult =
  { readonly valid: true; readonly claims: ReceiptClaims } | { readonly valid: false; readonly reason: ReceiptRefusal };

/** As many as the service signs: the largest context in the widest letters fits. */
const LONGEST = 10_240;

/**
 * Verifies a receipt offline (EdDSA over Ed25519, RFC 8037). What is wrong with it is an answer; it throws only when the keys cannot be had.
 * It cannot know whether a receipt was used before: remember `jti`, or ask `receipts.verify`.
 */
export async function verifyReceipt(receipt: string, options: ReceiptOptions): Promise<ReceiptResult> {
  const parts =
    typeof receipt === 'string' && receipt.length <= LONGEST && /^[\w.-]+$/.test(receipt) ? receipt.split('.') : [];
  const [header, payload, signature] = parts.map(fromBase64);
  const head = jsonOf(header) as { alg?: unknown; typ?: unknown; kid?: unknown; crit?: unknown } | null;
  // The header has no say in the algorithm: there is one.
  const isOurs = head?.alg === 'EdDSA' && head.typ === 'receipt+jwt' && !('crit' in head);
  const kid = head?.kid;
  if (parts.length !== 3 || !signature || !isOurs || typeof kid !== 'string') return refused('malformed');
  const key = await keyOf(options, kid);
  if (key === null) return refused('unknown_key');
  const content = utf8(receipt.slice(0, receipt.lastIndexOf('.')));
  if (!(await crypto.subtle.verify('Ed25519', key, signature, content))) return refused('bad_signature');
  const claims = jsonOf(payload);
  if (!isClaims(claims)) return refused('malformed');
  const reason = refusalOf(claims, options) ?? (await destinationRefusal(claims, options.to));
  return reason === null ? { valid: true, claims } : refused(reason);
}

function refused(reason: ReceiptRefusal): ReceiptResult {
  return { valid: false, reason };
}

function refusalOf(claims: ReceiptClaims, expected: Expectations): ReceiptRefusal | null {
  const { purpose, subject, toleranceSeconds = 0, now = Date.now() } = expected;
  if (claims.aud !== expected.audience) return 'wrong_audience';
  if (claims.test && expected.acceptTest !== true) return 'test_receipt';
  if (now >= (claims.exp + toleranceSeconds) * 1000) return 'expired';
  if (purpose !== undefined && claims.purpose !== purpose) return 'wrong_purpose';
  return subject !== undefined && claims.sub !== subject ? 'wrong_subject' : null;
}

/** A receipt names its destination in clear or, where the policy says so, as a hash over it. */
async function destinationRefusal(
  { jti, to, to_hash: hash }: ReceiptClaims,
  expected: string | undefined,
): Promise<ReceiptRefusal | null> {
  if (expected === undefined || to === expected) return null;
  if (to !== undefined || hash === undefined) return 'wrong_destination';
  const digest = await crypto.subtle.digest('SHA-256', utf8(`${jti}|${expected}`));
  return toBase64Url(new Uint8Array(digest)) === hash ? null : 'wrong_destination';
}

async function keyOf(options: ReceiptOptions, kid: string): Promise<CryptoKey | null> {
  const { keys } = 'jwks' in options ? options.jwks : await jwksAt(options.jwksUrl, kid, options.fetch);
  const jwk = keys.find((one) => one['kid'] === kid && one['kty'] === 'OKP' && one['crv'] === 'Ed25519');
  const raw = fromBase64(jwk?.['x'] ?? '');
  return raw?.length === 32 ? crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify']) : null;
}

function jsonOf(bytes: Bytes | null | undefined): object | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes ?? undefined));
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

function isClaims(value: object | null): value is ReceiptClaims {
  const claims = value as Record<string, unknown> | null;
  const isAll = (names: readonly string[], type: string): boolean =>
    names.every((name) => typeof claims?.[name] === type);
  return (
    isAll(['aud', 'sub', 'jti', 'purpose'], 'string') && isAll(['iat', 'exp'], 'number') && isAll(['test'], 'boolean')
  );
}
