import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { Secret } from '../core/redacted.ts';

const SALT = 'watchword/v1';
const KEY_BYTES = 32;
const KID_BYTES = 6;

/** The keys of one root secret. `kid` (8 base64url characters) names it and does not lead back to it. */
export interface DerivedKeys {
  readonly kid: string;
  /** The 256-bit key of one use, HKDF-SHA-256 (RFC 5869) over the root secret. Derive once and keep the result. */
  key(use: string): KeyObject;
  /** The same as bytes, for algorithms that wrap their key. */
  bytes(use: string): Buffer;
}

export function deriveKeys(root: Secret): DerivedKeys {
  const derive = (info: string, length: number): Buffer =>
    Buffer.from(hkdfSync('sha256', root.reveal(), SALT, info, length));
  const kid = derive('kid', KID_BYTES).toString('base64url');
  const bytes = (use: string): Buffer => derive(`key/${kid}/${use}`, KEY_BYTES);
  return { kid, bytes, key: (use) => createSecretKey(bytes(use)) };
}

/** The key id in front of a stored value, `kid.…`; empty when there is none. */
export function kidOf(stored: string): string {
  const dot = stored.indexOf('.');
  return dot === -1 ? '' : stored.slice(0, dot);
}
