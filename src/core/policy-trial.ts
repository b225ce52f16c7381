import { canonicalJson } from './canonical.ts';
import type { Policy } from './policy.ts';
import type { TrialEffects } from './policy-views.ts';
import type { Verification } from './verification.ts';

/** What of a record tells how it would have gone under another policy. */
export type Tried = Pick<
  Verification,
  | 'status'
  | 'statusReason'
  | 'to'
  | 'toIndex'
  | 'channels'
  | 'generation'
  | 'sends'
  | 'checks'
  | 'createdAt'
  | 'expiresAt'
  | 'approvedAt'
  | 'closedAt'
  | 'context'
  | 'reason'
  | 'actor'
>;

type Effect = (record: Tried, policy: Policy) => boolean;

/** Why a start would have been refused. Each can be told from the record alone. */
const REFUSALS = {
  no_channel: ({ to }, { channels }) =>
    channels.length > 0 && !channels.some((channel) => (channel === 'email') === (to.type === 'email')),
  context_missing: (record, { required_context: names }) =>
    !isErased(record) && names.some((name) => !Object.hasOwn(record.context ?? {}, name)),
  reason_missing: ({ actor, reason }, policy) =>
    policy.reason === 'required' && actor.type === 'agent' && reason === null,
  skipped: ({ status }, { override }) => status === 'skipped' && override === 'never',
} as const satisfies Readonly<Record<string, Effect>>;

const OTHERS = {
  other_channel: (record, policy) =>
    policy.channels.length > 0 &&
    !REFUSALS.no_channel(record, policy) &&
    !policy.channels.some((channel) => channel === record.channels[0]),
  // A new code has a life of its own, and the record does not say when it went out.
  approved_late: ({ approvedAt, createdAt, generation }, { ttl_seconds: seconds }) =>
    approvedAt !== null && generation === 1 && approvedAt > createdAt + seconds * 1000,
  approved_over: ({ status, checks }, { max_checks: most }) => status === 'approved' && checks > most,
  more_checks: ({ status, statusReason, checks }, { max_checks: most }) =>
    status === 'failed' && statusReason === 'max_checks' && checks < most,
} as const satisfies Readonly<Record<string, Effect>>;

/** Fields of which the effects speak. */
const TOLD: readonly (keyof Policy)[] = [
  'ttl_seconds',
  'max_checks',
  'max_sends',
  'channels',
  'required_context',
  'on_open',
  'reason',
  'override',
  'preset',
];

/** What a policy would have changed in these records, newest first, taken one by one: what people would have done then, nobody knows. */
export function effectsOf(policy: Policy, records: readonly Tried[]): TrialEffects {
  const counted = <Name extends string>(effects: Readonly<Record<Name, Effect>>): Readonly<Record<Name, number>> =>
    Object.fromEntries(
      Object.entries<Effect>(effects).map(([name, is]) => [name, records.filter((one) => is(one, policy)).length]),
    ) as Record<Name, number>;
  const refusals = Object.values<Effect>(REFUSALS);
  return {
    refused: records.filter((record) => refusals.some((is) => is(record, policy))).length,
    ...counted(REFUSALS),
    ...counted(OTHERS),
    met_open: policy.on_open === 'parallel' ? 0 : metOpen(records),
    checks_over: sum(records, ({ checks }) => checks - policy.max_checks),
    sends_over: sum(records, ({ sends }) => sends - policy.max_sends),
  };
}

/** Fields in which two policies differ, and of whose effect {@link effectsOf} says nothing. */
export function notTold(policy: Policy, inForce: Policy): readonly string[] {
  const names = Object.keys(policy) as (keyof Policy)[];
  return names.filter(
    (name) => !TOLD.includes(name) && canonicalJson([policy[name]]) !== canonicalJson([inForce[name]]),
  );
}

/** Its details are gone: nobody knows its destination or context. */
export function isErased({ toIndex }: Pick<Tried, 'toIndex'>): boolean {
  return toIndex === null;
}

/** Starts while an earlier code of the same destination was open. */
function metOpen(records: readonly Tried[]): number {
  const openUntil = new Map<string, number>();
  let met = 0;
  for (const { toIndex, createdAt, closedAt, expiresAt } of records.toReversed()) {
    if (toIndex === null) continue;
    const until = openUntil.get(toIndex) ?? 0;
    if (createdAt < until) met++;
    openUntil.set(toIndex, Math.max(until, Math.min(closedAt ?? expiresAt, expiresAt)));
  }
  return met;
}

function sum(records: readonly Tried[], over: (record: Tried) => number): number {
  return records.reduce((total, record) => total + Math.max(0, over(record)), 0);
}
