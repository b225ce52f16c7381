/** Bytes that WebCrypto takes. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** How far a signed time may be off, either way, ms. */
export const SIGNATURE_WINDOW_MS = 5 * 60_000;

export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

/** Base64 (also the URL alphabet) as bytes; what is no base64 gives other bytes, never an error. */
export function fromBase64(text: string): Bytes {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

export function fromHex(text: string): Bytes {
  return new Uint8Array(Buffer.from(text, 'hex'));
}

/** True when a signed time, in seconds as text, is at most five minutes from now (epoch ms). */
export function isFresh(seconds: string | null, now: number): boolean {
  return (
    seconds !== null && /^\d{1,12}$/.test(seconds) && Math.abs(Number(seconds) * 1000 - now) <= SIGNATURE_WINDOW_MS
  );
}

/** Checks an HMAC in constant time. */
export async function verifyHmac(
  { hash, key }: { readonly hash: 'SHA-1' | 'SHA-256' | 'SHA-512'; readonly key: Bytes },
  content: Bytes,
  signature: Bytes,
): Promise<boolean> {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash }, false, ['verify']);
  return await crypto.subtle.verify('HMAC', imported, signature, content);
}

/** Checks an ECDSA P-256 signature over SHA-256 in the DER form of X9.62; `key` is SubjectPublicKeyInfo (DER). False for a broken one. */
export async function verifyEcdsa(key: Bytes, content: Bytes, der: Bytes): Promise<boolean> {
  const raw = rawEcdsa(der);
  if (raw === null) return false;
  const curve = { name: 'ECDSA', namedCurve: 'P-256' };
  const imported = await crypto.subtle.importKey('spki', key, curve, false, ['verify']);
  return await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, imported, raw, content);
}

/** SEQUENCE { INTEGER r, INTEGER s } as the 64 bytes r‖s that WebCrypto expects; null when it is none. */
function rawEcdsa(der: Bytes): Bytes | null {
  const [tag, length, rTag, rLength = 0] = der;
  if (tag !== 0x30 || length !== der.length - 2 || rTag !== 0x02) return null;
  const [sTag, sLength = 0] = der.subarray(4 + rLength);
  if (sTag !== 0x02 || 6 + rLength + sLength !== der.length) return null;
  const raw = new Uint8Array(64);
  const isWhole = place(raw, der.subarray(4, 4 + rLength), 32) && place(raw, der.subarray(6 + rLength), 64);
  return isWhole ? raw : null;
}

/** Writes a positive DER integer so that it ends at `end`, in 32 bytes. */
function place(raw: Bytes, integer: Bytes, end: number): boolean {
  const digits = integer[0] === 0 ? integer.subarray(1) : integer;
  if (integer.length === 0 || digits.length > 32) return false;
  raw.set(digits, end - digits.length);
  return true;
}

/** Checks RSASSA-PKCS1-v1_5; `key` is SubjectPublicKeyInfo (DER). */
export async function verifyRsa(
  { hash, key }: { readonly hash: 'SHA-1' | 'SHA-256'; readonly key: Bytes },
  content: Bytes,
  signature: Bytes,
): Promise<boolean> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash };
  const imported = await crypto.subtle.importKey('spki', key, algorithm, false, ['verify']);
  return await crypto.subtle.verify('RSASSA-PKCS1-v1_5', imported, signature, content);
}

/** True when both texts are the same. Compared by HMACs, so that the time it takes tells nothing about where they differ. */
export async function isSameText(secret: string, given: string): Promise<boolean> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', utf8(secret), algorithm, false, ['sign', 'verify']);
  return await crypto.subtle.verify('HMAC', key, await crypto.subtle.sign('HMAC', key, utf8(secret)), utf8(given));
}

/** Checks an Ed25519 signature (RFC 8032); `key` is the 32 bytes of the public key. */
export async function verifyEd25519(key: Bytes, content: Bytes, signature: Bytes): Promise<boolean> {
  const imported = await crypto.subtle.importKey('raw', key, 'Ed25519', false, ['verify']);
  return await crypto.subtle.verify('Ed25519', imported, signature, content);
}

/** RSASSA-PKCS1-v1_5 over SHA-256 (RS256 of RFC 7518); `key` is PKCS#8 (DER). Throws when it is none. */
export async function signRs256(key: Bytes, content: Bytes): Promise<Bytes> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('pkcs8', key, algorithm, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('RSASSA-PKCS1-v1_5', imported, content));
}

/** SHA-256 in lower-case hex. */
export async function sha256Hex(content: Bytes): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', content)).toString('hex');
}

/** SHA-256, 32 bytes. */
export async function sha256(content: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', content));
}

/** HMAC-SHA-256, 32 bytes. To check one, {@link verifyHmac}. */
export async function hmacSha256(key: Bytes, content: Bytes): Promise<Bytes> {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, content));
}
