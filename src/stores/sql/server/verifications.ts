import { WatchwordError } from '../../../core/errors.ts';
import { subjectOf } from '../../../core/subject.ts';
import type { Verification } from '../../../core/verification.ts';
import type {
  Changes,
  Found,
  InsertOutcome,
  ReplaceOutcome,
  VerificationStore,
} from '../../../ports/verification-store.ts';
import { documentValues } from '../document-row.ts';
import { packEvent } from '../event-row.ts';
import { counterName, isDestinationHit, refusalOf } from '../limits.ts';
import { sendBody, sendValues } from '../send-row.ts';
import { recordValues, type SqlValue } from '../verification-row.ts';
import type { Needs } from './load.ts';
import type { Parts } from './parts.ts';
import { createFinder } from './find.ts';
import { VERIFICATIONS } from './tables.ts';
import { addFailure, addSend, clearFailures, countsOf, reserve, type Work } from './work.ts';
import { STATE } from './write.ts';
import { LATER } from './writer.ts';

/** The verdict on a database server. */
export function createVerificationStore(parts: Parts): VerificationStore {
  const { dialect, reader, writer, policies } = parts;
  const due = `SELECT id FROM verifications WHERE ${dialect.due.live} LIMIT ?`;
  const find = createFinder(parts);
  return {
    time: async () => (await find.byId.get('')).now,
    get: (id) => find.byId.get(id),
    newestOpen: (subject): Promise<Found> => find.bySubject.get(subject),
    insert: async (record, changes) => {
      const commit = { record, changes, policy: await policies.numberOf(record.policy) };
      return writer.write({ needs: needsOf(commit, subjectOf(record)), run: (work) => insert(work, commit) });
    },
    replace: async (record, expectedVersion, changes) => {
      const commit = { record, changes, policy: await policies.numberOf(record.policy) };
      return writer.write({ needs: needsOf(commit, null), run: (work) => replace(work, commit, expectedVersion) });
    },
    due: async (now, limit) => (await reader.rows(due, [now, limit])).map(([id]) => String(id)),
  };
}

/** A record with everything its commit writes; `policy` is the number of its snapshot. */
interface Commit {
  readonly record: Verification;
  readonly changes: Changes;
  readonly policy: number;
}

function needsOf({ record, changes }: Commit, subject: string | null): Needs {
  const { take, sends, failed, cleared } = changes;
  const ofDestination = take.filter(isDestinationHit).flatMap((hit) => hit.keys);
  return {
    verifications: [record.id],
    subjects: subject === null ? [] : [subject],
    destinations: [...ofDestination, ...sends.map(destinationOf), ...(failed ?? []).slice(0, 1), ...(cleared ?? [])],
    counters: take
      .filter((hit) => !isDestinationHit(hit))
      .flatMap((hit) => hit.keys.map((key) => counterName(hit, key))),
  };
}

function insert(work: Work, commit: Commit): InsertOutcome | typeof LATER {
  const { record, changes, policy } = commit;
  if (work.isWritten(record.id)) return LATER;
  if (work.stored(record.id) !== null) throw new WatchwordError('unavailable', 'There is a record with this id.');
  const refusal = refusalOf(countsOf(work), changes.take, work.now);
  if (refusal !== null) return { type: 'refused', refusal };
  const subject = subjectOf(record);
  if (subject !== null && work.isTaken(subject)) return { type: 'subject_busy' };
  if (subject !== null) work.takeSubject(subject);
  work.records.push(recordValues(record, policy));
  apply(work, commit);
  return { type: 'inserted' };
}

function replace(work: Work, commit: Commit, expectedVersion: number): ReplaceOutcome | typeof LATER {
  const { record, changes, policy } = commit;
  const stored = work.stored(record.id);
  if (stored?.version !== expectedVersion) return work.isWritten(record.id) ? LATER : { type: 'conflict' };
  if (work.isSwapped(record.id)) return { type: 'conflict' };
  if (work.isWritten(record.id)) return LATER;
  const refusal = refusalOf(countsOf(work), changes.take, work.now);
  if (refusal !== null) return { type: 'refused', refusal };
  const values = recordValues(record, policy);
  if (stored.to_index === record.toIndex) work.states.push([record.id, ...stateLine(values)]);
  else work.rewritten.push(values);
  apply(work, commit);
  return { type: 'replaced' };
}

/** Everything a commit writes beside the record. */
function apply(work: Work, { record, changes }: Commit): void {
  work.markSwapped(record.id);
  work.totals.addEvents(record, changes.events);
  changes.events.forEach((event, i) => {
    work.events.push([record.id, event.id, eventNumber(record.version, i), packEvent(event)]);
  });
  if (changes.dropQueued) work.dropped.push(record.id);
  if (changes.sendUpdate !== null) settle(work, changes.sendUpdate);
  for (const send of changes.sends) {
    work.sends.push(sendValues(send));
    if (send.mode === 'live') addSend(work, destinationOf(send), changes.take);
  }
  reserve(work, changes.take);
  const [failed] = changes.failed ?? [];
  if (failed !== undefined) addFailure(work, failed);
  for (const name of changes.cleared ?? []) clearFailures(work, name);
  for (const document of changes.documents) work.documents.push(documentValues(document));
  if (changes.device !== null) work.devices.set(changes.device, work.now);
  if (changes.answer !== null) work.answers.set(changes.answer.key, changes.answer.answer);
}

function settle(work: Work, { send, progress, dueAt }: NonNullable<Changes['sendUpdate']>): void {
  work.settledSends.push([send.verification, send.id, send.status, dueAt, 0, sendBody(send), JSON.stringify(progress)]);
}

/** Orders the events of a verification: by the version that wrote them, then by their place in its commit. */
export function eventNumber(version: number, place: number): number {
  return version * 1_000 + place;
}

function destinationOf(send: { readonly application: string; readonly limitIndex: string }): string {
  return `${send.application}|${send.limitIndex}`;
}

const STATE_PLACES = STATE.map((column) => VERIFICATIONS.columns.indexOf(column));

function stateLine(values: readonly SqlValue[]): SqlValue[] {
  return STATE_PLACES.map((place) => values[place] ?? null);
}
