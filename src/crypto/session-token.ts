import { decodeBase64Url, equalText } from './compare.ts';
import type { DerivedKeys } from './derive.ts';
import { createMac, type Mac } from './hmac.ts';

/** What a session token says; `exp` in epoch seconds. Never a code, never an address. */
export interface SessionClaims {
  /** The application and mode it is good for. */
  readonly aud: string;
  /** The verification. */
  readonly sub: string;
  readonly nonce: string;
  readonly exp: number;
}

/** One key with the JWS header that all its tokens carry. */
export interface SessionKey {
  readonly header: string;
  readonly mac: Mac;
}

const LONGEST = 1024;

export function sessionKey(derived: DerivedKeys): SessionKey {
  const header = encoded({ alg: 'HS256', kid: derived.kid, typ: 'JWT' });
  return { header, mac: createMac(derived.bytes('session')) };
}

/** A compact JWS (RFC 7515), HS256. */
export function signedSession({ header, mac }: SessionKey, { aud, sub, nonce, exp }: SessionClaims): string {
  const signed = `${header}.${encoded({ aud, sub, nonce, exp })}`;
  return `${signed}.${mac(signed, 'utf8')}`;
}

/** The claims of a token that one of the keys signed, else null. Its end is the caller's to check. */
export function openedSession(keys: readonly SessionKey[], token: string): SessionClaims | null {
  if (token.length > LONGEST) return null;
  const [header = '', payload = '', mac = '', ...rest] = token.split('.');
  // The header must be, to the letter, one that we write: the token has no say in the algorithm.
  const key = keys.find((candidate) => candidate.header === header);
  if (key === undefined || rest.length > 0 || !equalText(key.mac(`${header}.${payload}`, 'utf8'), mac)) return null;
  const bytes = decodeBase64Url(payload);
  return bytes === null ? null : (JSON.parse(bytes.toString('utf8')) as SessionClaims);
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
