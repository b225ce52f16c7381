import { digest } from '../../core/redacted.ts';
import type { Verification } from '../../core/verification.ts';
import { exactBase64 } from './packing.ts';

const NONCE_BYTES = 16;
const MAC_BYTES = 32;
const INDEX_BYTES = 12;
const NO_INDEX = Buffer.alloc(INDEX_BYTES);

/** How many bytes {@link indexBytes} gives. */
export const INDEXES_LENGTH = 2 * INDEX_BYTES;

/** Key id, and nonce and MAC as bytes, of a digest in its usual form; null for any other, or none. */
export function digestParts({ digest: kept }: Verification): { readonly kid: string; readonly bytes: Buffer } | null {
  if (kept === null) return null;
  const [kid = '', nonce = '', mac = '', ...rest] = kept.reveal().split('.');
  const nonceBytes = exactBase64(nonce, NONCE_BYTES);
  const macBytes = exactBase64(mac, MAC_BYTES);
  if (kid === '' || rest.length > 0 || nonceBytes === null || macBytes === null) return null;
  return { kid, bytes: Buffer.concat([nonceBytes, macBytes]) };
}

/** The digest back from its bytes. */
export function digestFrom(kid: string, bytes: Buffer): NonNullable<Verification['digest']> {
  const nonce = bytes.toString('base64url', 0, NONCE_BYTES);
  return digest(`${kid}.${nonce}.${bytes.toString('base64url', NONCE_BYTES)}`);
}

/** Both blind indexes as bytes; null when one is not 96 bits in base64url. */
export function indexBytes({ toIndex, limitIndex }: Verification): Buffer | null {
  const limit = exactBase64(limitIndex, INDEX_BYTES);
  const to = toIndex === null ? NO_INDEX : exactBase64(toIndex, INDEX_BYTES);
  return limit === null || to === null ? null : Buffer.concat([to, limit]);
}

/** Both indexes back. */
export function indexesFrom(bytes: Buffer): { readonly to: string; readonly limit: string } {
  return {
    to: bytes.toString('base64url', 0, INDEX_BYTES),
    limit: bytes.toString('base64url', INDEX_BYTES, INDEXES_LENGTH),
  };
}
