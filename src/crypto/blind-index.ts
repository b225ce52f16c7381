import { createHmac, type KeyObject } from 'node:crypto';
import type { DerivedKeys } from './derive.ts';

/** What an index looks up. Each use has its own key: indexes of different uses cannot be joined. */
export type IndexUse = 'address' | 'limit' | 'device' | 'ip' | 'idempotency';

const INDEX_LENGTH = 16;

/** Blind index of a value: the first 96 bits of HMAC-SHA-256 as 16 base64url characters. Equal values, equal indexes. */
export type BlindIndex = (use: IndexUse, value: string) => string;

export function blindIndex(derived: DerivedKeys): BlindIndex {
  const keys = {
    address: derived.key('index/address'),
    limit: derived.key('index/limit'),
    device: derived.key('index/device'),
    ip: derived.key('index/ip'),
    idempotency: derived.key('index/idempotency'),
  } satisfies Record<IndexUse, KeyObject>;
  return (use, value) => createHmac('sha256', keys[use]).update(value).digest('base64url').slice(0, INDEX_LENGTH);
}
