import { createDecipheriv, type KeyObject } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Opens nonce, ciphertext and tag of AES-256-GCM (NIST SP 800-38D); null when anything differs from what was sealed. */
export function openGcm(key: KeyObject, sealed: Buffer, aad: string): string | null {
  const tagStart = sealed.length - TAG_BYTES;
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(aad));
  decipher.setAuthTag(sealed.subarray(tagStart));
  const plaintext = decipher.update(sealed.subarray(NONCE_BYTES, tagStart));
  try {
    decipher.final();
  } catch {
    return null;
  }
  return plaintext.toString('utf8');
}
