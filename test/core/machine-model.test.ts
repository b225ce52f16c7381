import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cancel, check, expire, resend, sendAccepted, sendFailed, skip } from '../../src/core/machine/index.ts';
import type { Policy } from '../../src/core/policy.ts';
import { digest, sealed } from '../../src/core/redacted.ts';
import type { Send, Verification } from '../../src/core/verification.ts';
import { started, T0 } from './machine-world.ts';

const COOLDOWN_MS = 10_000;
const LADDER = ['sms', 'voice'] as const;

type Rung = (typeof LADDER)[number];
type Guess = 'right' | 'wrong' | 'context';
type Action =
  | { readonly type: Guess | 'cancel' | 'skip' | 'sweep' | 'accept' | 'fail' }
  | { readonly type: 'last'; readonly channel: Rung; readonly mayAdvance: boolean }
  | { readonly type: 'resend'; readonly fresh: boolean }
  | { readonly type: 'wait'; readonly ms: number };

const action: fc.Arbitrary<Action> = fc.oneof(
  ...(['right', 'wrong', 'context', 'cancel', 'skip', 'sweep', 'accept', 'fail'] as const).map((type) =>
    fc.constant<Action>({ type }),
  ),
  fc.record({ type: fc.constant('last' as const), channel: fc.constantFrom(...LADDER), mayAdvance: fc.boolean() }),
  // More of what leads on than of what ends.
  { arbitrary: fc.record({ type: fc.constant('resend' as const), fresh: fc.boolean() }), weight: 5 },
  {
    arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.constantFrom(1_000, 11_000, 31_000, 130_000) }),
    weight: 5,
  },
);

type Rules = Pick<Policy, 'max_checks' | 'max_sends' | 'reuse' | 'resend_code' | 'ttl_seconds'>;

const rules: fc.Arbitrary<Rules> = fc.record({
  max_checks: fc.integer({ min: 1, max: 6 }),
  max_sends: fc.integer({ min: 1, max: 4 }),
  reuse: fc.constantFrom('never', 'within_ttl'),
  resend_code: fc.constantFrom('same', 'new'),
  ttl_seconds: fc.constantFrom(60, 300),
});

/** A second, independent statement of the rules, kept as small as possible. */
interface Model {
  status: string;
  checks: number;
  sends: number;
  accepted: boolean;
  /** The code can still be read out of the record, so that another message may repeat it. */
  readable: boolean;
  /** An approval may be asked for again. */
  reusable: boolean;
  generation: number;
  nextSendAt: number;
  end: number;
}

const born = ({ max_sends, ttl_seconds }: Rules): Model => ({
  status: 'pending',
  checks: 0,
  sends: 1,
  accepted: false,
  readable: true,
  reusable: false,
  generation: 1,
  nextSendAt: max_sends > 1 ? T0 + COOLDOWN_MS : Infinity,
  end: T0 + ttl_seconds * 1000,
});

function close(model: Model, status: string): void {
  Object.assign(model, { status, readable: false });
}

function guess(model: Model, rule: Rules, type: Guess, now: number): string {
  const wrong = type === 'context' ? 'context_mismatch' : 'incorrect';
  if (model.status === 'approved' && model.reusable && now < model.end) {
    if (type === 'right') return 'approved';
    model.checks += 1;
    model.reusable = model.checks < rule.max_checks;
    return wrong;
  }
  if (model.status !== 'pending') return ended(model, rule);
  if (now >= model.end) {
    close(model, 'expired');
    return 'expired';
  }
  model.checks += 1;
  if (type === 'right') {
    close(model, 'approved');
    model.reusable = rule.reuse === 'within_ttl';
    return 'approved';
  }
  if (model.checks === rule.max_checks) close(model, 'failed');
  return wrong;
}

function ended(model: Model, rule: Rules): string {
  if (model.status === 'expired') return 'expired';
  const spent = model.checks >= rule.max_checks;
  const reused = model.status === 'approved' && rule.reuse === 'within_ttl';
  return spent && (model.status === 'failed' || reused) ? 'exhausted' : 'closed';
}

function sent(model: Model, rule: Rules, now: number): void {
  model.sends += 1;
  model.nextSendAt = model.sends < rule.max_sends ? now + COOLDOWN_MS : Infinity;
}

/** Every provider of the last message gave up: the next rung is tried, or nothing is left. */
function gaveUp(model: Model, rule: Rules, act: Extract<Action, { type: 'last' }>, now: number): string {
  if (model.status !== 'pending' || now >= model.end || model.accepted) return 'settled';
  if (act.channel === 'sms' && act.mayAdvance && model.sends < rule.max_sends && model.readable) {
    sent(model, rule, now);
    return 'advanced';
  }
  close(model, 'failed');
  return 'closed';
}

function sendAgain(model: Model, rule: Rules, fresh: boolean, now: number): string {
  if (model.status !== 'pending' || now >= model.end) return 'closed';
  if (model.sends >= rule.max_sends) return 'no_sends_left';
  if (now < model.nextSendAt) return 'cooldown';
  sent(model, rule, now);
  if (!fresh) return 'queued';
  model.generation += 1;
  model.readable = true;
  model.end = Math.min(now + rule.ttl_seconds * 1000, T0 + 2 * rule.ttl_seconds * 1000);
  return 'queued';
}

/** What must come of it; null where an act has nothing to say. */
function expected(model: Model, rule: Rules, act: Action, now: number): string | null {
  const isOpen = model.status === 'pending';
  const isLate = isOpen && now >= model.end;
  switch (act.type) {
    case 'right':
    case 'wrong':
    case 'context':
      return guess(model, rule, act.type, now);
    case 'last':
      return gaveUp(model, rule, act, now);
    case 'resend':
      return sendAgain(model, rule, act.fresh, now);
    case 'accept':
      model.accepted = true;
      if (rule.resend_code === 'new' || model.sends >= rule.max_sends) model.readable = false;
      return 'settled';
    case 'fail':
      return 'settled';
    case 'cancel':
    case 'skip':
      if (isOpen && !isLate) close(model, act.type === 'cancel' ? 'canceled' : 'skipped');
      return null;
    case 'sweep':
      if (isLate) close(model, 'expired');
      return null;
    case 'wait':
      return null;
  }
}

interface Done {
  readonly next: Verification;
  readonly outcome: unknown;
}

function apply(record: Verification, act: Action, now: number): Done {
  const send = { id: 'snd_1', channel: record.channel, generation: record.generation } as Send;
  switch (act.type) {
    case 'right':
    case 'wrong':
    case 'context':
      return check(record, { matches: act.type !== 'wrong', contextMatches: act.type !== 'context' }, now);
    case 'cancel':
      return cancel(record, 'operator', now);
    case 'skip':
      return skip(record, {}, now);
    case 'sweep':
      return expire(record, now);
    case 'accept':
      return sendAccepted(record, send, 'p');
    case 'fail':
      return sendFailed(record, { send, reason: 'x', othersQueued: true, mayAdvance: true }, now);
    case 'last':
      return sendFailed(
        record,
        { send: { ...send, channel: act.channel }, reason: 'x', othersQueued: false, mayAdvance: act.mayAdvance },
        now,
      );
    case 'resend': {
      const newCode = { digest: digest('d2'), sealedCode: sealed('c2') };
      return resend(record, { channel: 'sms', newCode: act.fresh ? newCode : null }, now);
    }
    case 'wait':
      return { next: record, outcome: null };
  }
}

const word = (outcome: unknown): unknown =>
  typeof outcome === 'object' && outcome !== null && 'type' in outcome ? outcome.type : outcome;

describe('any sequence of actions', () => {
  it('agrees with the model, takes at most max_checks wrong guesses, approves at most once and never leaves an end', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(rules, fc.array(action, { maxLength: 40, size: 'max' }), (rule, actions) => {
        let record = started({ ...rule, resend_cooldown_seconds: [COOLDOWN_MS / 1000] });
        const model = born(rule);
        let [now, wrong, approvals] = [T0, 0, 0];
        for (const act of actions) {
          if (act.type === 'wait') now += act.ms;
          const before = record;
          const { next, outcome } = apply(record, act, now);
          const due = expected(model, rule, act, now);
          record = next;
          if (due !== null) expect([act.type, word(outcome)]).toEqual([act.type, due]);
          reached.add(`${act.type} ${due ?? ''}`);
          if (due === 'incorrect' || due === 'context_mismatch') wrong += 1;
          if (record.status === 'approved' && before.status === 'pending') approvals += 1;
          if (before.status !== 'pending') expect(record.status).toBe(before.status);
          if (record !== before) expect(record.version).toBe(before.version + 1);
          expect({
            status: record.status,
            checks: record.checks,
            sends: record.sends,
            generation: record.generation,
            end: record.expiresAt,
            readable: record.sealedCode !== null,
            digest: record.digest !== null,
          }).toEqual({
            status: model.status,
            checks: model.checks,
            sends: model.sends,
            generation: model.generation,
            end: model.end,
            readable: model.readable,
            digest: model.status === 'pending' || (model.status === 'approved' && model.reusable),
          });
          expect(record.expiresAt).toBeGreaterThanOrEqual(before.expiresAt);
        }
        expect(approvals).toBeLessThanOrEqual(1);
        expect(wrong).toBeLessThanOrEqual(rule.max_checks);
        expect(record.sends).toBeLessThanOrEqual(rule.max_sends);
      }),
      { numRuns: 2000 },
    );
    // A model that never gets somewhere agrees with everything that happens there.
    expect([...reached]).toEqual(
      expect.arrayContaining([
        ...['approved', 'exhausted', 'expired', 'closed'].map((result) => `right ${result}`),
        ...['incorrect', 'exhausted', 'expired', 'closed'].map((result) => `wrong ${result}`),
        ...['advanced', 'closed', 'settled'].map((result) => `last ${result}`),
        ...['queued', 'cooldown', 'no_sends_left', 'closed'].map((result) => `resend ${result}`),
      ]),
    );
  });
});
