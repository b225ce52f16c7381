import type { EventType, VerificationEvent } from '../core/events.ts';
import { newId, type IdPrefix } from '../core/id.ts';
import type { Hit } from '../core/limits.ts';
import { PRESETS } from '../core/policy.ts';
import { digest, sealed } from '../core/redacted.ts';
import type { Send, Verification } from '../core/verification.ts';
import { NO_CHANGES, type Changes } from '../ports/verification-store.ts';

const DAY_MS = 86_400_000;
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** The application of everything made here, unless said otherwise. */
export const APPLICATION = 'app_01TESTTESTTESTTESTTESTTESTTESTT';

let serial = 0;

/** A new id at a time; ids of one process never repeat and sort in the order they were made. */
export function testId(prefix: IdPrefix, now: number): string {
  return newId(prefix, now, base32(serial++).padStart(20, '0'));
}

/** A pending verification over SMS, as a start leaves it. */
export function testRecord(now: number, changes: Partial<Verification> = {}): Verification {
  return {
    id: testId('vrf', now),
    application: APPLICATION,
    mode: 'live',
    purpose: 'login',
    version: 1,
    status: 'pending',
    statusReason: null,
    to: { type: 'phone', masked: '+49 ••• 34', country: 'DE', line_type: 'mobile' },
    sealedTo: sealed('k1.c2VhbGVkLXRv'),
    toIndex: `k1.to${base32(serial)}${'x'.repeat(16)}${base32(serial)}`,
    limitIndex: `k1.limit${base32(serial)}`,
    channel: 'sms',
    channels: ['sms', 'voice'],
    channelWaitSeconds: null,
    locale: 'de',
    policy: PRESETS.default,
    generation: 1,
    digest: digest('k1.bm9uY2U.ZGlnZXN0'),
    sealedCode: sealed('k1.c2VhbGVkLWNvZGU'),
    sealedText: null,
    ownCode: false,
    sends: 1,
    checks: 0,
    accepted: false,
    createdAt: now,
    expiresAt: now + 600_000,
    nextSendAt: now + 30_000,
    approvedAt: null,
    closedAt: null,
    context: { amount: '12.00' },
    metadata: { order: '7' },
    reference: null,
    reason: null,
    returnUrl: null,
    actor: { type: 'api_key', id: 'key_1' },
    deviceIndex: null,
    silent: false,
    dueAt: now + 600_000,
    ...changes,
  };
}

/** The record one step on: version up, and what `changes` says. */
export function nextRecord(record: Verification, changes: Partial<Verification> = {}): Verification {
  return { ...record, ...changes, version: record.version + 1 };
}

/** The record closed at `now`, kept for a day. */
export function closedRecord(
  record: Verification,
  now: number,
  status: 'approved' | 'expired' | 'failed' = 'approved',
): Verification {
  return nextRecord(record, {
    status,
    digest: null,
    sealedCode: null,
    closedAt: now,
    nextSendAt: null,
    dueAt: now + DAY_MS,
  });
}

/** A queued send of a record. */
export function testSend(record: Verification, now: number, changes: Partial<Send> = {}): Send {
  return {
    id: testId('snd', now),
    verification: record.id,
    application: record.application,
    mode: record.mode,
    channel: record.channel,
    generation: record.generation,
    limitIndex: record.limitIndex,
    status: 'queued',
    provider: null,
    providerMessageId: null,
    error: null,
    attempts: [],
    segments: 1,
    cost: null,
    budgeted: null,
    createdAt: now,
    deadlineAt: record.expiresAt,
    ...changes,
  };
}

/** An event by the API key of the test record. */
export function testEvent(type: EventType, now: number, data: VerificationEvent['data'] = {}): VerificationEvent {
  return { id: testId('evt', now), type, data, actor: { type: 'api_key', id: 'key_1' }, createdAt: now };
}

/** A commit that writes nothing beside the record, but for what `changes` says. */
export function testChanges(changes: Partial<Changes> = {}): Changes {
  return { ...NO_CHANGES, ...changes };
}

/** The hit that a live message to the record's destination takes. */
export function sendsHit(record: Verification, max: number, windowMs = DAY_MS): Hit {
  return {
    name: 'destination_sends',
    scope: 'destination',
    keys: [`${record.application}|${record.limitIndex}`],
    max,
    windowMs,
    amount: 1,
  };
}

/** A hit of any other limit. */
export function testHit(
  name: Hit['name'],
  keys: readonly string[],
  max: number,
  windowMs: number | null = DAY_MS,
): Hit {
  return { name, scope: 'test', keys, max, windowMs, amount: 1 };
}

function base32(value: number): string {
  let text = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / 32)) text = ALPHABET.charAt(rest % 32) + text;
  return text;
}
