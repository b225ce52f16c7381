import { describe, expect, it } from 'vitest';
import { newId } from '../../src/core/id.ts';
import { code, digest, sealed, secret, type Redacted } from '../../src/core/redacted.ts';
import { STATUSES, type Verification } from '../../src/core/verification.ts';
import { createKeyRing } from '../../src/crypto/index.ts';
import type { Frame } from '../../src/stores/redis/frames.ts';
import { kidOf, packRecord, unpackRecord, type PackedRecord } from '../../src/stores/redis/short-record.ts';
import { testRecord } from '../../src/testing/index.ts';

const NOW = Date.UTC(2026, 0, 15, 12);
const ring = createKeyRing({ current: secret('Zq8v3nR5tY7uI9oP1aS2dF4gH6jK8lZ0xC'), previous: [] });

/** A record as a start over the service leaves it. */
function realRecord(changes: Partial<Verification> = {}): Verification {
  const id = newId('vrf', NOW, 'ZYXWVTSRQPNMKJHGFEDC');
  const binding = { application: 'app', verification: id, generation: 1, to: 'x', purpose: 'login', context: null };
  return testRecord(NOW, {
    id,
    to: { type: 'phone', masked: '+1 415 ••• ••71', country: 'US', line_type: 'fixed_line_or_mobile' },
    sealedTo: ring.seal('address', '+14155552671', id),
    toIndex: ring.index('address', '+14155552671'),
    limitIndex: ring.index('limit', '+14155552671'),
    digest: ring.digestCode(code('012345'), binding),
    sealedCode: ring.seal('code', '012345', id),
    context: null,
    metadata: {},
    ...changes,
  });
}

const VARIANTS: Readonly<Record<string, Partial<Verification>>> = {
  'as it starts': {},
  'with everything': {
    context: { amount: '12.00' },
    metadata: { order: '7' },
    reference: 'order 7',
    returnUrl: 'https://shop.example/',
    deviceIndex: 'k1.dev',
    silent: true,
  },
  'with words and a pace of its own': { sealedText: sealed('k1.d29yZHM'), channelWaitSeconds: [30, 60] },
  'with a code of the caller’s own': { ownCode: true },
  'of an e-mail': { to: { type: 'email', masked: 'ma•••@bluegum.example', country: null, line_type: null } },
  'of a very long e-mail': {
    to: { type: 'email', masked: `•••@${'x'.repeat(200)}.example`, country: null, line_type: null },
  },
  'with a country of another form': { to: { type: 'phone', masked: '+99', country: 'XX-1', line_type: null } },
  'with a digest of another form': { digest: digest('k1.bm9uY2U.ZGlnZXN0') },
  'with indexes of another form': { toIndex: 'k1.to', limitIndex: '' },
  erased: { sealedTo: null, toIndex: null, sealedCode: null },
  'approved and reusable': {
    status: 'approved',
    approvedAt: NOW + 9,
    closedAt: NOW + 9,
    nextSendAt: null,
    sealedCode: null,
  },
  'approved for ever': { status: 'approved', digest: null, sealedCode: null, closedAt: NOW, dueAt: null },
  'blocked by a rule': { status: 'blocked', statusReason: 'rule:geo', dueAt: NOW + 30 * 86_400_000 },
  'with times before its id': { createdAt: NOW - 5_000, version: 65_535, generation: 300, checks: 200, sends: 129 },
  ...Object.fromEntries(STATUSES.map((status) => [`${status}, over`, { status, statusReason: 'max_checks' }])),
};

describe('a record in parts', () => {
  it.each(Object.keys(VARIANTS))('comes back as it was: %s', (name) => {
    const record = realRecord(VARIANTS[name]);
    const packed = packRecord(record, 7);
    expect(revealed(unpackRecord(record.id, stored(packed), frameOf(record), null))).toEqual(revealed(record));
    expect(packed.state.length).toBeLessThanOrEqual(64);
    expect(packed.digest.length).toBeLessThanOrEqual(64);
    expect(Buffer.byteLength(packed.mask)).toBeLessThanOrEqual(64);
  });

  it.each(Object.keys(VARIANTS))('comes back with what the database keeps instead of the long part: %s', (name) => {
    const record = realRecord(VARIANTS[name]);
    const short = { ...stored(packRecord(record, 7)), long: null, code: null };
    expect(revealed(unpackRecord(record.id, short, frameOf(record), record))).toEqual(revealed(record));
  });

  it('fits, for a phone number, into the 128 bytes that Redis allots', () => {
    const { state, digest: bytes, mask } = packRecord(realRecord(), 7);
    // Header and end, then per field: name with its frame, value with its frame.
    const listpack = 7 + (3 + 2 + state.length) + (3 + 2 + bytes.length);
    expect(mask).toBe('');
    expect(listpack).toBeLessThanOrEqual(128);
  });
});

function stored(packed: PackedRecord): Parameters<typeof unpackRecord>[1] {
  return {
    state: packed.state,
    digest: packed.digest === '' ? null : packed.digest,
    mask: packed.mask === '' ? null : packed.mask,
    long: packed.long === '' ? null : packed.long,
    code: packed.code === '' ? null : packed.code,
  };
}

function frameOf(record: Verification): Frame {
  const { application, mode, purpose, actor, locale, channels, policy, to } = record;
  return { application, mode, purpose, actor, locale, channels, type: to.type, kid: kidOf(record), policy };
}

function revealed(record: Verification): unknown {
  const open = (value: Redacted<string> | null): string | null => value?.reveal() ?? null;
  return {
    ...record,
    sealedTo: open(record.sealedTo),
    digest: open(record.digest),
    sealedCode: open(record.sealedCode),
    sealedText: open(record.sealedText),
  };
}
