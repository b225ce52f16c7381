import type { AuditAction } from '../../core/audit.ts';
import type { EventType, Fact } from '../../core/events.ts';
import { STAFF_SIGN_IN } from '../../core/staff.ts';
import type { Step } from '../../core/machine/index.ts';
import type { CommittedDocument } from '../../ports/documents.ts';
import type { Caller } from '../api/caller.ts';
import type { ServiceDeps } from '../deps.ts';
import { auditDocument, type AuditNote } from './row.ts';

type Act = Pick<AuditNote, 'data'> & { readonly action: AuditAction };

const ACTIONS: Readonly<Partial<Record<EventType, AuditAction>>> = {
  started: 'verification.started',
  check_failed: 'verification.checked',
  approved: 'verification.checked',
  canceled: 'verification.canceled',
  skipped: 'verification.skipped',
};

/** What an agent did in this step, to be written in its own commit: no act without its note, no note without its act. */
export function agentActs(
  deps: Pick<ServiceDeps, 'env'>,
  step: Pick<Step<unknown>, 'next' | 'facts'>,
  taker: Pick<Caller, 'actor' | 'origin'>,
  now: number,
): readonly CommittedDocument[] {
  const { actor, origin } = taker;
  // Signing in to the desk has notes of its own.
  if (actor.type !== 'agent' || step.next.purpose === STAFF_SIGN_IN) return [];
  const { id: target, application } = step.next;
  const by = { application, actor, ip: origin?.ip ?? null, target };
  return actsOf(step).map((act) => auditDocument(deps, { ...by, ...act }, now));
}

function actsOf({ next, facts }: Pick<Step<unknown>, 'next' | 'facts'>): readonly Act[] {
  const isStart = facts.some(({ type }) => type === 'started');
  return facts.flatMap((fact): Act[] => {
    if (fact.type === 'send_queued')
      return isStart ? [] : [{ action: 'verification.resent', data: { channel: fact.data['channel'] ?? null } }];
    const action = ACTIONS[fact.type];
    return action === undefined ? [] : [{ action, data: dataOf(fact, next) }];
  });
}

function dataOf({ type, data }: Fact, { purpose, channel, reason }: Step<unknown>['next']): NonNullable<Act['data']> {
  if (type === 'started') return { purpose, channel, reason };
  if (type === 'approved') return { outcome: 'approved' };
  if (type === 'check_failed') return { outcome: data['reason'] ?? null, remaining: data['remaining'] ?? null };
  return data;
}
