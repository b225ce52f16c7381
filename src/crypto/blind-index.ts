import type { DerivedKeys } from './derive.ts';
import { createMac, type Mac } from './hmac.ts';

/** What an index looks up. Each use has its own key: indexes of different uses cannot be joined. */
export type IndexUse = 'address' | 'limit' | 'device' | 'ip' | 'idempotency' | 'link' | 'agent';

const INDEX_LENGTH = 16;

/** Blind index of a value: the first 96 bits of HMAC-SHA-256 as 16 base64url characters. Equal values, equal indexes. */
export type BlindIndex = (use: IndexUse, value: string) => string;

export function blindIndex(derived: DerivedKeys): BlindIndex {
  const keys = {
    address: createMac(derived.bytes('index/address')),
    limit: createMac(derived.bytes('index/limit')),
    device: createMac(derived.bytes('index/device')),
    ip: createMac(derived.bytes('index/ip')),
    idempotency: createMac(derived.bytes('index/idempotency')),
    link: createMac(derived.bytes('index/link')),
    agent: createMac(derived.bytes('index/agent')),
  } satisfies Record<IndexUse, Mac>;
  return (use, value) => keys[use](value, 'utf8').slice(0, INDEX_LENGTH);
}
