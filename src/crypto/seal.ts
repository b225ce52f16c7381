import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { decodeBase64Url } from './compare.ts';
import type { DerivedKeys } from './derive.ts';
import { fillNonce } from './random.ts';

/** What a sealed value holds. Each use has its own key: a value sealed for one never opens for another. */
export type SealUse =
  'address' | 'code' | 'message' | 'person' | 'answer' | 'webhook' | 'note' | 'agent' | 'browser' | 'audit' | 'hosted';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM (NIST SP 800-38D) under the keys of one root secret, a random 96-bit nonce per value. */
export interface SealKeys {
  /** base64url of nonce, ciphertext and tag. */
  seal(use: SealUse, plaintext: string, aad: string): string;
  /** The plaintext, or null when anything differs from what was sealed: use, aad or a single bit. */
  open(use: SealUse, sealed: string, aad: string): string | null;
}

export function sealKeys(derived: DerivedKeys): SealKeys {
  const keys = {
    address: derived.key('seal/address'),
    code: derived.key('seal/code'),
    message: derived.key('seal/message'),
    person: derived.key('seal/person'),
    answer: derived.key('seal/answer'),
    webhook: derived.key('seal/webhook'),
    note: derived.key('seal/note'),
    agent: derived.key('seal/agent'),
    browser: derived.key('seal/browser'),
    audit: derived.key('seal/audit'),
    hosted: derived.key('seal/hosted'),
  } satisfies Record<SealUse, KeyObject>;
  return {
    seal: (use, plaintext, aad) => encrypt(keys[use], plaintext, aad),
    open: (use, sealed, aad) => decrypt(keys[use], sealed, aad),
  };
}

function encrypt(key: KeyObject, plaintext: string, aad: string): string {
  const sealed = Buffer.allocUnsafe(NONCE_BYTES + Buffer.byteLength(plaintext) + TAG_BYTES);
  fillNonce(sealed, NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(aad));
  cipher.update(plaintext, 'utf8').copy(sealed, NONCE_BYTES);
  cipher.final();
  cipher.getAuthTag().copy(sealed, sealed.length - TAG_BYTES);
  return sealed.toString('base64url');
}

function decrypt(key: KeyObject, sealed: string, aad: string): string | null {
  const bytes = decodeBase64Url(sealed);
  if (bytes === null || bytes.length < NONCE_BYTES + TAG_BYTES) return null;
  const tagStart = bytes.length - TAG_BYTES;
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(aad));
  decipher.setAuthTag(bytes.subarray(tagStart));
  const plaintext = decipher.update(bytes.subarray(NONCE_BYTES, tagStart));
  try {
    decipher.final();
  } catch {
    return null;
  }
  return plaintext.toString('utf8');
}
