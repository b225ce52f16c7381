import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { decodeBase64Url } from './compare.ts';
import type { DerivedKeys } from './derive.ts';

/**
 * Claims of a receipt (RFC 7519). `iat` and `exp` are epoch seconds; `to` or `to_hash` is there only if the policy says so,
 * `context` if the code was bound to one.
 */
export interface ReceiptClaims {
  readonly aud: string;
  readonly sub: string;
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
  readonly purpose: string;
  readonly test: boolean;
  /** There when no code was entered: a browser that was remembered signed in. */
  readonly method?: string;
  readonly to?: string;
  readonly to_hash?: string;
  readonly context?: Readonly<Record<string, string>>;
}

export type ReceiptVerdict =
  | { readonly ok: true; readonly claims: ReceiptClaims }
  | { readonly ok: false; readonly reason: 'malformed' | 'unknown_key' | 'bad_signature' };

/** Public keys as RFC 7517 writes them. */
export interface JsonWebKeySet {
  readonly keys: readonly Record<string, string>[];
}

/** One Ed25519 key pair (RFC 8032) with the JWS header that all its receipts carry. */
export interface ReceiptKey {
  readonly header: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: Record<string, string>;
}

/** The largest context in the widest letters fits. */
const LONGEST = 10_240;
/** DER of a PKCS#8 Ed25519 key up to its 32-byte seed (RFC 8410 section 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

export function receiptKey(derived: DerivedKeys): ReceiptKey {
  const der = Buffer.concat([PKCS8_PREFIX, derived.bytes('receipt/ed25519')]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey);
  const { kid } = derived;
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return {
    header: encodeJson({ alg: 'EdDSA', kid, typ: 'receipt+jwt' }),
    privateKey,
    publicKey,
    jwk: { kty: 'OKP', crv: 'Ed25519', x, kid, use: 'sig', alg: 'EdDSA' },
  };
}

/** The claim `to_hash`: base64url of SHA-256 over `jti`, a bar and the canonical destination. Salted, so that receipts cannot be joined. */
export function destinationHash(jti: string, to: string): string {
  return createHash('sha256').update(`${jti}|${to}`).digest('base64url');
}

/** A compact JWS (RFC 7515) over the claims. */
export function signedReceipt(key: ReceiptKey, claims: ReceiptClaims): string {
  const { aud, sub, jti, iat, exp, purpose, test, method, to, to_hash, context } = claims;
  const payload = { aud, sub, jti, iat, exp, purpose, test, method, to, to_hash, context };
  const signed = `${key.header}.${encodeJson(payload)}`;
  return `${signed}.${sign(null, Buffer.from(signed), key.privateKey).toString('base64url')}`;
}

/** Checks form and signature. Expiry, audience and single use are the caller's. */
export function receiptVerdict(keys: readonly ReceiptKey[], receipt: string): ReceiptVerdict {
  if (receipt.length > LONGEST) return { ok: false, reason: 'malformed' };
  const [header = '', payload = '', signature, ...rest] = receipt.split('.');
  if (signature === undefined || rest.length > 0 || !isReceiptHeader(header)) return { ok: false, reason: 'malformed' };
  // The header must be, to the letter, one that we write: the receipt has no say in algorithm or key type.
  const key = keys.find((candidate) => candidate.header === header);
  if (key === undefined) return { ok: false, reason: 'unknown_key' };
  const bytes = decodeBase64Url(signature);
  if (bytes === null || !verify(null, Buffer.from(`${header}.${payload}`), key.publicKey, bytes)) {
    return { ok: false, reason: 'bad_signature' };
  }
  const claims = decodeJson(payload);
  return isClaims(claims) ? { ok: true, claims } : { ok: false, reason: 'malformed' };
}

function isReceiptHeader(text: string): boolean {
  const header = decodeJson(text);
  if (!isObject(header) || 'crit' in header) return false;
  return header['alg'] === 'EdDSA' && header['typ'] === 'receipt+jwt' && typeof header['kid'] === 'string';
}

function isClaims(value: unknown): value is ReceiptClaims {
  if (!isObject(value)) return false;
  const texts = ['aud', 'sub', 'jti', 'purpose'].every((name) => typeof value[name] === 'string');
  const times = ['iat', 'exp'].every((name) => Number.isSafeInteger(value[name]));
  const named = ['method', 'to', 'to_hash'].every(
    (name) => value[name] === undefined || typeof value[name] === 'string',
  );
  const context = value['context'] === undefined || isStringMap(value['context']);
  return texts && times && named && context && typeof value['test'] === 'boolean';
}

function isStringMap(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((entry) => typeof entry === 'string');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function encodeJson(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decodeJson(text: string): unknown {
  const bytes = decodeBase64Url(text);
  if (bytes === null) return null;
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}
