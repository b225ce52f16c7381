import { WatchwordError } from '../../core/errors.ts';
import { subjectOf } from '../../core/subject.ts';
import type { Verification } from '../../core/verification.ts';
import type { Changes, InsertOutcome, ReplaceOutcome, VerificationStore } from '../../ports/verification-store.ts';
import { commit } from './committing.ts';
import { clearFailures, countFailure, rememberDevice } from './destinations.ts';
import { dueVerifications } from './due.ts';
import { pointToAnswer } from './idempotency.ts';
import { takeHits, type Reservation } from './limits.ts';
import type { Parts } from './parts.ts';
import { readRecord, readRecorded } from './reading.ts';
import type { Recorder } from './recorder.ts';
import { holderOf, holdSubject } from './subjects.ts';

/** The verdict in Redis. */
export function createVerificationStore(parts: Parts, recorder: Recorder): VerificationStore {
  const { clock } = parts;
  return {
    time: () => clock.now(),
    get: async (id, need) => {
      const record = await readRecord(parts, id, need);
      return { record, now: await clock.now() };
    },
    newestOpen: async (subject) => {
      const record = await holderOf(parts, subject);
      return { record, now: await clock.now() };
    },
    insert: async (record, changes) => insert(parts, record, changes, await clock.now()),
    replace: async (record, expectedVersion, changes) =>
      replace(parts, { record, expectedVersion, changes, now: await clock.now() }),
    due: (now, limit) => dueVerifications(parts, recorder, now, limit),
  };
}

type Reserved = Extract<InsertOutcome, { type: 'refused' }> | (Reservation & { readonly type: 'reserved' });

/** Counts everything of a commit that lies in other slots, before it is written. */
async function reserve(parts: Parts, record: Verification, changes: Changes, now: number): Promise<Reserved> {
  const [taken, failure] = await Promise.all([
    takeHits(parts, { ...changes, take: changes.take.filter(({ amount }) => amount > 0) }, now),
    changes.failed === null ? null : countFailure(parts, changes.failed, now),
    changes.answer === null ? null : pointToAnswer(parts, changes.answer.key, record.id),
  ]);
  if (taken.type === 'refused') {
    await failure?.giveBack();
    return taken;
  }
  return {
    type: 'reserved',
    giveBack: async () => void (await Promise.all([taken.reservation.giveBack(), failure?.giveBack()])),
  };
}

async function insert(parts: Parts, record: Verification, changes: Changes, now: number): Promise<InsertOutcome> {
  const subject = subjectOf(record);
  // Together, to save a trip; a full limit is told before a taken subject.
  const [reserving, holding] = await Promise.allSettled([
    reserve(parts, record, changes, now),
    subject === null ? null : holdSubject(parts, subject, record),
  ]);
  const held = holding.status === 'fulfilled' ? holding.value : null;
  if (reserving.status === 'rejected' || reserving.value.type === 'refused') await held?.release();
  if (reserving.status === 'rejected') throw reserving.reason;
  const reserved = reserving.value;
  if (reserved.type === 'refused') return reserved;
  if (holding.status === 'rejected') throw holding.reason;
  if (subject !== null && held === null) {
    await reserved.giveBack();
    return { type: 'subject_busy' };
  }
  const notAfter = held?.notAfter ?? null;
  // When this throws nobody knows whether it was written: what is counted stays counted.
  const outcome = await commit(parts, { record, expectedVersion: 0, changes, now, recordedVersion: false, notAfter });
  if (outcome === 'ok') {
    afterCommit(parts, changes, now);
    return { type: 'inserted' };
  }
  await Promise.all([reserved.giveBack(), held?.release()]);
  if (outcome === 'late') return { type: 'subject_busy' };
  throw new WatchwordError('unavailable', 'A verification with this id is there already.');
}

interface Replacement {
  readonly record: Verification;
  readonly expectedVersion: number;
  readonly changes: Changes;
  readonly now: number;
}

async function replace(parts: Parts, request: Replacement): Promise<ReplaceOutcome> {
  const { record, expectedVersion, changes, now } = request;
  const reserved = await reserve(parts, record, changes, now);
  if (reserved.type === 'refused') return (await isCurrent(parts, request)) ? reserved : { type: 'conflict' };
  let outcome = await commit(parts, { ...request, recordedVersion: false, notAfter: null });
  if (outcome === 'absent') {
    const recorded = await readRecorded(parts, record.id);
    const same = recorded?.version === expectedVersion;
    outcome = same ? await commit(parts, { ...request, recordedVersion: true, notAfter: null }) : 'conflict';
  }
  if (outcome === 'ok') {
    afterCommit(parts, changes, now);
    return { type: 'replaced' };
  }
  await reserved.giveBack();
  return { type: 'conflict' };
}

/** A lost swap comes before a full limit: who lost must look again. */
async function isCurrent(parts: Parts, { record, expectedVersion }: Replacement): Promise<boolean> {
  return (await readRecord(parts, record.id))?.version === expectedVersion;
}

/**
 * What is safe to lose: a row of failures that goes on, a device that is not known yet, money that stays counted. Nobody waits for it;
 * what this process asks afterwards comes after it on the same connection.
 */
function afterCommit(parts: Parts, { cleared, device, take }: Changes, now: number): void {
  const givenBack = take.filter(({ amount }) => amount < 0);
  if (cleared === null && device === null && givenBack.length === 0) return;
  Promise.all([
    givenBack.length === 0 ? null : takeHits(parts, { take: givenBack, sends: [] }, now),
    cleared === null ? null : clearFailures(parts, cleared, now),
    device === null ? null : rememberDevice(parts, device, now),
  ]).catch(() => parts.log({ event: 'redis.after_commit_lost', level: 'warn' }));
}
