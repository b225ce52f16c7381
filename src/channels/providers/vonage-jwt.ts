import { textAt } from '../provider/answers.ts';
import { type Bytes, fromBase64, signRs256, utf8, verifyHmac } from '../provider/signatures.ts';

/** How long a token is good for, seconds: one call needs less. */
const LIFETIME_SECONDS = 300;

/**
 * The token of an application (https://developer.vonage.com/en/getting-started/concepts/authentication#json-web-tokens), RS256.
 * `id` must be new each time, `now` is epoch ms. Throws when the key is no PKCS#8.
 */
export async function vonageToken(
  { application, key }: { readonly application: string; readonly key: string },
  { id, now }: { readonly id: string; readonly now: number },
): Promise<string> {
  const iat = Math.floor(now / 1000);
  const claims = { application_id: application, iat, exp: iat + LIFETIME_SECONDS, jti: id };
  const content = `${base64Url({ alg: 'RS256', typ: 'JWT' })}.${base64Url(claims)}`;
  const signature = await signRs256(derOf(key), utf8(content));
  return `${content}.${Buffer.from(signature).toString('base64url')}`;
}

/** The claims of a token that Vonage signed with the account's signature secret (HS256 and nothing else); null when it did not. */
export async function verifiedClaims(token: string, secret: string): Promise<unknown> {
  const [header, claims, signature, ...more] = token.split('.');
  if (header === undefined || claims === undefined || signature === undefined || more.length > 0) return null;
  if (textAt(jsonOf(header), 'alg') !== 'HS256') return null;
  const key = { hash: 'SHA-256', key: utf8(secret) } as const;
  return (await verifyHmac(key, utf8(`${header}.${claims}`), fromBase64(signature))) ? jsonOf(claims) : null;
}

/** PEM, or the base64 between its lines (also in the URL alphabet). */
function derOf(key: string): Bytes {
  return fromBase64(key.replace(/-----[A-Z ]+-----|\s/g, ''));
}

function base64Url(value: unknown): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
}

function jsonOf(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as unknown;
  } catch {
    return null;
  }
}
