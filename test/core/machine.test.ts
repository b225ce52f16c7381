import { describe, expect, it } from 'vitest';
import {
  atRest,
  cancel,
  check,
  endReuse,
  expire,
  resend,
  resendNeedsNewCode,
  sendAccepted,
  sendFailed,
  skip,
  startClosed,
} from '../../src/core/machine/index.ts';
import { digest, sealed } from '../../src/core/redacted.ts';
import type { Send, Verification } from '../../src/core/verification.ts';
import { fields, started, T0 } from './machine-world.ts';

const right = { matches: true, contextMatches: true };
const wrong = { matches: false, contextMatches: true };
const code2 = { digest: digest('d2'), sealedCode: sealed('c2') };
const send = { id: 'snd_1', channel: 'sms', generation: 1 } as Send;

describe('an override', () => {
  const data = { why: 'in_store', how: 'photo_identity' };

  it('closes an open verification as skipped, which is not approved, and ends its code', () => {
    const step = skip(started({ override: 'with_note' }), data, T0 + 5_000);
    expect(step).toMatchObject({ outcome: 'skipped', dropQueued: true, facts: [{ type: 'skipped', data }] });
    expect(step.next).toMatchObject({
      status: 'skipped',
      statusReason: 'override',
      approvedAt: null,
      digest: null,
      sealedCode: null,
    });
    expect(check(step.next, right, T0 + 6_000).outcome).toBe('closed');
  });

  it('changes nothing of a verification that is closed or over', () => {
    const canceled = cancel(started(), 'operator', T0).next;
    expect(skip(canceled, data, T0)).toEqual({
      next: canceled,
      outcome: 'closed',
      facts: [],
      sends: [],
      dropQueued: false,
    });
    const record = started();
    expect(skip(record, data, record.expiresAt).next).toBe(record);
  });

  it('may begin closed: no message, no code, the first version', () => {
    const skipped = startClosed(fields(), { status: 'skipped', reason: 'override', data }, T0);
    expect(skipped).toMatchObject({ outcome: 'skipped', sends: [], facts: [{ type: 'skipped', data }] });
    expect(skipped.next).toMatchObject({
      status: 'skipped',
      version: 1,
      sends: 0,
      digest: null,
      sealedCode: null,
      closedAt: T0,
    });
    const blocked = startClosed(fields(), { status: 'blocked', reason: 'rule:block_list', data: {} }, T0);
    expect(blocked.next).toMatchObject({ status: 'blocked', statusReason: 'rule:block_list', nextSendAt: null });
  });
});

describe('a check', () => {
  it('answers incorrect with 0 remaining for the last allowed wrong code and closes in the same step', () => {
    let record = started({ max_checks: 2 });
    record = check(record, wrong, T0).next;
    const last = check(record, wrong, T0);
    expect(last.outcome).toBe('incorrect');
    expect(last.next).toMatchObject({
      status: 'failed',
      statusReason: 'max_checks',
      checks: 2,
      digest: null,
      sealedCode: null,
    });
    expect(last.facts.map((fact) => fact.type)).toEqual(['check_failed', 'failed']);
    expect(check(last.next, right, T0)).toMatchObject({ outcome: 'exhausted', facts: [] });
  });

  it('looks for queued messages when it closes, but not when its only one went out', () => {
    const record = started({ max_checks: 1 });
    const out = sendAccepted(record, send, 'a').next;
    const again = { ...out, sends: 2 };
    for (const input of [right, wrong]) {
      const looks = [record, out, again].map((each) => check(each, input, T0).dropQueued);
      expect(looks).toEqual([true, false, true]);
    }
  });

  it('costs a check and tells when only the context differs', () => {
    const step = check(started(), { matches: true, contextMatches: false }, T0);
    expect(step.outcome).toBe('context_mismatch');
    expect(step.next.checks).toBe(1);
    expect(step.next.status).toBe('pending');
  });

  it('closes an expired record at its end and evaluates nothing', () => {
    const record = started();
    const step = check(record, right, record.expiresAt);
    expect(step.outcome).toBe('expired');
    expect(step.next).toMatchObject({ status: 'expired', checks: 0, closedAt: record.expiresAt });
  });

  it.each([
    ['canceled', (r: Verification) => cancel(r, 'operator', T0).next, 'closed'],
    ['expired', (r: Verification) => expire(r, r.expiresAt).next, 'expired'],
    ['approved', (r: Verification) => check(r, right, T0).next, 'closed'],
  ] as const)('answers a %s record by its status and changes nothing', (_name, close, outcome) => {
    const closed = close(started());
    const step = check(closed, right, T0 + 1);
    expect(step.outcome).toBe(outcome);
    expect(step.next).toBe(closed);
  });

  it('answers approved again under reuse within_ttl, counts wrong ones, and ends with the life of the code', () => {
    const approved = check(started({ reuse: 'within_ttl', max_checks: 3 }), right, T0).next;
    expect(approved.digest).not.toBeNull();
    expect(approved.sealedCode).toBeNull();
    expect(check(approved, right, T0 + 1)).toMatchObject({ outcome: 'approved', next: approved });
    const wrong1 = check(approved, wrong, T0 + 1);
    expect(wrong1.outcome).toBe('incorrect');
    const wrong2 = check(wrong1.next, wrong, T0 + 1);
    expect(wrong2.next.digest).toBeNull();
    expect(check(wrong2.next, right, T0 + 1).outcome).toBe('exhausted');
    expect(check(approved, right, approved.expiresAt).outcome).toBe('closed');
    expect(endReuse(approved, approved.expiresAt).next.digest).toBeNull();
  });
});

describe('a resend', () => {
  it('walks the cool-down ladder and repeats its last step', () => {
    let record = started();
    let now = T0;
    const waits: number[] = [];
    while (record.nextSendAt !== null) {
      waits.push((record.nextSendAt - now) / 1000);
      now = record.nextSendAt;
      record = resend(record, { channel: 'sms', newCode: null }, now).next;
    }
    expect(waits).toEqual([30, 60, 120, 300]);
    expect(resend(record, { channel: 'sms', newCode: null }, now + 1).outcome.type).toBe('no_sends_left');
  });

  it('is refused inside the cool-down with the time of the next', () => {
    const step = resend(started(), { channel: 'sms', newCode: null }, T0 + 29_999);
    expect(step.outcome).toEqual({ type: 'cooldown', nextSendAt: T0 + 30_000 });
  });

  it('keeps the checks already used, whatever is sent', () => {
    const used = check(check(started(), wrong, T0).next, wrong, T0).next;
    const again = resend(used, { channel: 'sms', newCode: code2 }, T0 + 30_000).next;
    expect(again.checks).toBe(2);
    expect(again.generation).toBe(2);
  });

  it('gives a new code its own ttl, never beyond twice the ttl after the start, and the same code its old end', () => {
    const record = started();
    expect(resend(record, { channel: 'sms', newCode: null }, T0 + 60_000).next.expiresAt).toBe(record.expiresAt);
    expect(resend(record, { channel: 'sms', newCode: code2 }, T0 + 60_000).next.expiresAt).toBe(T0 + 660_000);
    const late = { ...record, expiresAt: T0 + 1_190_000, nextSendAt: T0 };
    expect(resend(late, { channel: 'sms', newCode: code2 }, T0 + 1_100_000).next.expiresAt).toBe(T0 + 1_200_000);
  });

  it('needs a new code when the policy says so, when under 30 s are left, and when no readable copy is left', () => {
    const record = started();
    expect(resendNeedsNewCode(record, record.expiresAt - 30_000)).toBe(false);
    expect(resendNeedsNewCode(record, record.expiresAt - 29_999)).toBe(true);
    expect(resendNeedsNewCode(started({ resend_code: 'new' }), T0)).toBe(true);
    expect(resendNeedsNewCode({ ...record, sealedCode: null }, T0)).toBe(true);
  });
});

describe('delivery', () => {
  it('erases the readable code once accepted when every resend draws a new one', () => {
    expect(sendAccepted(started({ resend_code: 'new' }), send, 'p').next.sealedCode).toBeNull();
    expect(sendAccepted(started(), send, 'p').next.sealedCode).not.toBeNull();
  });

  it('keeps the readable copy of a newer code when a message with an older one is accepted', () => {
    const older = { ...send, generation: 0 };
    expect(sendAccepted(started({ resend_code: 'new' }), older, 'p').next.sealedCode).not.toBeNull();
  });

  it('advances the ladder with the same code when all providers of a channel gave up', () => {
    const step = sendFailed(started(), { send, reason: 'x', othersQueued: false, mayAdvance: true }, T0);
    expect(step.outcome).toBe('advanced');
    expect(step.sends).toEqual([{ channel: 'voice', generation: 1, deadlineAt: T0 + 600_000 }]);
    expect(step.next).toMatchObject({ channel: 'voice', sends: 2, status: 'pending' });
  });

  it.each([
    ['an accepted message', { accepted: true }, {}, 'pending'],
    ['another message on its way', {}, { othersQueued: true }, 'pending'],
    ['nothing left', { channel: 'voice' }, {}, 'failed'],
  ] as const)('leaves the verification right with %s', (_name, patch, input, status) => {
    const failedSend = { ...send, channel: 'voice' } as Send;
    const record = { ...started(), ...patch };
    const step = sendFailed(
      record,
      { send: failedSend, reason: 'x', othersQueued: false, mayAdvance: true, ...input },
      T0,
    );
    expect(step.next.status).toBe(status);
  });
});

describe('what stays at rest', () => {
  it('is the bare row under drop at end, for a day', () => {
    const closed = check({ ...started({ retention_days: 0 }), context: { a: 'b' }, reference: 'r' }, right, T0).next;
    expect(atRest(closed)).toMatchObject({
      sealedTo: null,
      toIndex: null,
      context: null,
      reference: null,
      metadata: {},
    });
    expect(atRest(closed).to.masked).toBe('•••');
    expect(closed.dueAt).toBe(T0 + 86_400_000);
  });

  it.each([
    ['agent', 'SIM swap'],
    ['api_key', null],
    ['library', null],
  ] as const)('says why only where it was chosen from a list (%s)', (type, reason) => {
    const record = { ...started({ retention_days: 0 }), actor: { type, id: 'x' }, reason: 'SIM swap' };
    expect(atRest(check(record, right, T0).next).reason).toBe(reason);
  });

  it.each([
    [30, T0 + 30 * 86_400_000],
    [null, null],
  ])('is everything with retention %s', (retention_days, dueAt) => {
    const closed = check(started({ retention_days }), right, T0).next;
    expect(atRest(closed)).toBe(closed);
    expect(closed.dueAt).toBe(dueAt);
  });
});
