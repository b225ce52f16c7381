import { timingSafeEqual } from 'node:crypto';

/** Compares two ASCII texts in time that depends only on their lengths, which must not be secret. */
export function equalText(left: string, right: string): boolean {
  const a = Buffer.from(left, 'latin1');
  const b = Buffer.from(right, 'latin1');
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The bytes of base64url text, or null unless the text is exactly how these bytes are written (RFC 4648 section 5, no padding). */
export function decodeBase64Url(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}
