import { timingSafeEqual } from 'node:crypto';
import { decodeBase64Url } from './compare.ts';
import type { DerivedKeys } from './derive.ts';
import { openGcm } from './gcm.ts';
import { createTagger, type Tagger } from './hmac.ts';
import { createKeystream, NONCE_BYTES, type Keystream } from './keystream.ts';
import { fillNonce } from './random.ts';

/** What a sealed value holds. Each use has its own keys: a value sealed for one never opens for another. */
export type SealUse =
  'address' | 'code' | 'message' | 'person' | 'answer' | 'webhook' | 'note' | 'agent' | 'browser' | 'audit' | 'hosted';

const TAG_BYTES = 16;

/**
 * Authenticated encryption under the keys of one root secret, a random 96-bit nonce per value: AES-256 in counter mode, then
 * HMAC-SHA-256 cut to 128 bits, over aad, nonce and ciphertext, and the length of the aad. The values are short and many, and
 * this costs a third of AES-GCM there (docs/performance.md).
 */
export interface SealKeys {
  /** base64url of nonce, ciphertext and tag. */
  seal(use: SealUse, plaintext: string, aad: string): string;
  /** The plaintext, or null when anything differs from what was sealed: use, aad or a single bit. */
  open(use: SealUse, sealed: string, aad: string): string | null;
}

interface UseKeys {
  readonly stream: Keystream;
  readonly tag: Tagger;
  /** Opens what releases up to 0.1.0 sealed. */
  readonly openOld: (sealed: Buffer, aad: string) => string | null;
}

export function sealKeys(derived: DerivedKeys): SealKeys {
  const keys = {
    address: useKeys(derived, 'address'),
    code: useKeys(derived, 'code'),
    message: useKeys(derived, 'message'),
    person: useKeys(derived, 'person'),
    answer: useKeys(derived, 'answer'),
    webhook: useKeys(derived, 'webhook'),
    note: useKeys(derived, 'note'),
    agent: useKeys(derived, 'agent'),
    browser: useKeys(derived, 'browser'),
    audit: useKeys(derived, 'audit'),
    hosted: useKeys(derived, 'hosted'),
  } satisfies Record<SealUse, UseKeys>;
  return {
    seal: (use, plaintext, aad) => encrypt(keys[use], plaintext, aad),
    open: (use, sealed, aad) => decrypt(keys[use], sealed, aad),
  };
}

function useKeys(derived: DerivedKeys, use: SealUse): UseKeys {
  const old = derived.key(`seal/${use}`);
  return {
    stream: createKeystream(derived.bytes(`seal/${use}/cipher`)),
    tag: createTagger(derived.bytes(`seal/${use}/mac`)),
    openOld: (sealed, aad) => openGcm(old, sealed, aad),
  };
}

function encrypt(keys: UseKeys, plaintext: string, aad: string): string {
  const sealed = Buffer.allocUnsafe(NONCE_BYTES + Buffer.byteLength(plaintext) + TAG_BYTES);
  const tagStart = sealed.length - TAG_BYTES;
  fillNonce(sealed, NONCE_BYTES);
  sealed.write(plaintext, NONCE_BYTES, 'utf8');
  keys.stream(sealed, tagStart);
  sealed.write(keys.tag(aad, sealed, tagStart), tagStart, TAG_BYTES, 'latin1');
  return sealed.toString('base64url');
}

function decrypt(keys: UseKeys, sealed: string, aad: string): string | null {
  const bytes = decodeBase64Url(sealed);
  if (bytes === null || bytes.length < NONCE_BYTES + TAG_BYTES) return null;
  const tagStart = bytes.length - TAG_BYTES;
  const tag = Buffer.from(keys.tag(aad, bytes, tagStart).slice(0, TAG_BYTES), 'latin1');
  if (!timingSafeEqual(tag, bytes.subarray(tagStart))) return keys.openOld(bytes, aad);
  keys.stream(bytes, tagStart);
  return bytes.toString('utf8', NONCE_BYTES, tagStart);
}
