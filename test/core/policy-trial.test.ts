import { expect, it } from 'vitest';
import { effectsOf, notTold, type Tried } from '../../src/core/policy-trial.ts';
import { PRESETS, type Policy } from '../../src/core/policy.ts';
import type { TrialEffects } from '../../src/core/policy-views.ts';

const PHONE = { type: 'phone', masked: '+1 415 ••• ••71', country: 'US', line_type: 'mobile' } as const;
const MAIL = { type: 'email', masked: 'a•••@b.example', country: null, line_type: null } as const;
const T0 = 1_800_000_000_000;

const RECORD: Tried = {
  status: 'approved',
  statusReason: null,
  to: PHONE,
  toIndex: 'a',
  channels: ['sms'],
  generation: 1,
  sends: 1,
  checks: 1,
  createdAt: T0,
  expiresAt: T0 + 600_000,
  approvedAt: T0 + 100_000,
  closedAt: T0 + 100_000,
  context: null,
  reason: null,
  actor: { type: 'agent', id: 'agt_1' },
};

const NOTHING: TrialEffects = {
  refused: 0,
  no_channel: 0,
  context_missing: 0,
  reason_missing: 0,
  skipped: 0,
  other_channel: 0,
  met_open: 0,
  approved_late: 0,
  approved_over: 0,
  checks_over: 0,
  more_checks: 0,
  sends_over: 0,
};

type Case = readonly [name: string, policy: Partial<Policy>, record: Partial<Tried>, effects: Partial<TrialEffects>];

const CASES: readonly Case[] = [
  ['nothing of a policy that fits', {}, {}, {}],
  ['an approval after the end', { ttl_seconds: 99 }, {}, { approved_late: 1 }],
  ['no approval at the very end', { ttl_seconds: 100 }, {}, {}],
  ['no approval of a code that was renewed', { ttl_seconds: 60 }, { generation: 2 }, {}],
  ['an approval by too many tries', { max_checks: 2 }, { checks: 4 }, { approved_over: 1, checks_over: 2 }],
  [
    'tries used up, and more of them allowed',
    { max_checks: 5 },
    { status: 'failed', statusReason: 'max_checks', checks: 3 },
    { more_checks: 1 },
  ],
  ['messages beyond the number', { max_sends: 1 }, { sends: 3 }, { sends_over: 2 }],
  ['a destination that no channel fits', { channels: ['sms'] }, { to: MAIL }, { refused: 1, no_channel: 1 }],
  ['another channel', { channels: ['whatsapp', 'sms'] }, { channels: ['voice'] }, { other_channel: 1 }],
  ['no channel of the list', { channels: ['sms', 'email'] }, { to: MAIL, channels: ['email'] }, {}],
  [
    'a context without what is required',
    { required_context: ['amount', 'payee'] },
    { context: { amount: '1' } },
    { refused: 1, context_missing: 1 },
  ],
  ['nothing of a context that is erased', { required_context: ['amount'] }, { toIndex: null }, {}],
  ['an agent without a reason', { reason: 'required' }, {}, { refused: 1, reason_missing: 1 }],
  ['no key without a reason', { reason: 'required' }, { actor: { type: 'api_key', id: null } }, {}],
  ['a skip', { override: 'never' }, { status: 'skipped', approvedAt: null }, { refused: 1, skipped: 1 }],
  ['no skip that it allows', { override: 'with_note' }, { status: 'skipped', approvedAt: null }, {}],
];

it.each(CASES)('tells of %s', (_name, policy, record, effects) => {
  expect(effectsOf({ ...PRESETS.default, ...policy }, [{ ...RECORD, ...record }])).toEqual({ ...NOTHING, ...effects });
});

it('counts a start that is refused for two reasons once', () => {
  const policy: Policy = { ...PRESETS.default, channels: ['sms'], reason: 'required' };
  expect(effectsOf(policy, [{ ...RECORD, to: MAIL }])).toMatchObject({ refused: 1, no_channel: 1, reason_missing: 1 });
});

it('finds the starts that met an open code of their destination, only where that matters', () => {
  const at = (seconds: number, more: Partial<Tried> = {}): Tried => ({
    ...RECORD,
    createdAt: T0 + seconds * 1000,
    expiresAt: T0 + seconds * 1000 + 600_000,
    approvedAt: null,
    closedAt: null,
    ...more,
  });
  const newestFirst = [
    at(500, { toIndex: 'b' }),
    at(400, { closedAt: T0 + 450_000 }),
    at(100, { closedAt: T0 + 300_000 }),
    at(50, { toIndex: null }),
    at(0, { closedAt: T0 + 150_000 }),
  ];
  expect(effectsOf({ ...PRESETS.default, on_open: 'replace' }, newestFirst).met_open).toBe(1);
  expect(effectsOf(PRESETS.default, newestFirst).met_open).toBe(0);
});

it('names the fields that differ and of which it knows nothing', () => {
  const draft: Policy = { ...PRESETS.default, ttl_seconds: 60, recipients: 'directory', resend_cooldown_seconds: [5] };
  expect(notTold(draft, PRESETS.default)).toEqual(['resend_cooldown_seconds', 'recipients']);
  expect(notTold(PRESETS.default, PRESETS.default)).toEqual([]);
});
