import type { VerificationEvent } from '../../core/events.ts';
import { subjectOf } from '../../core/subject.ts';
import type { Verification } from '../../core/verification.ts';
import type {
  Changes,
  Found,
  InsertOutcome,
  ReplaceOutcome,
  VerificationStore,
} from '../../ports/verification-store.ts';
import {
  packEvents,
  placeholders,
  refusalOf,
  SEND_COLUMNS,
  sendValues,
  rowFromValues,
  STATE_COLUMNS,
  stateValues,
  VERIFICATION_COLUMNS,
  verificationFrom,
  verificationValues,
} from '../sql/index.ts';
import type { Connection } from './connection.ts';
import { putDocument } from './documents.ts';
import { addFailure, clearFailures, countsOf, reserve } from './limits.ts';
import type { Lookups } from './lookups.ts';
import { dropQueued, updateSend } from './outbox.ts';
import type { PolicySnapshots } from './policy-snapshots.ts';
import type { SendLog } from './send-log.ts';
import type { Batch, Writer } from './writer.ts';

/** What the parts of the store share. */
export interface Parts {
  readonly connection: Connection;
  readonly writer: Writer;
  readonly policies: PolicySnapshots;
  readonly sendLog: SendLog;
  readonly lookups: Lookups;
  readonly now: () => number;
}

/** What a swap must know of the stored record. */
interface Stored {
  readonly version: number;
  readonly digest: string | null;
  readonly due_at: number | null;
  readonly to_index: string | null;
  readonly open_subject: string | null;
  readonly last_event: number | null;
}

/** The verdict on SQLite. */
export function createVerificationStore(parts: Parts): VerificationStore {
  const { connection, writer } = parts;
  const clock = new TurnClock(connection);
  return {
    time: () => connection.read(() => Math.max(parts.now(), clock.newest())),
    get: (id) => connection.readTogether(() => found(parts, connection.values(GET).get(id))),
    newestOpen: (subject) => connection.read(() => found(parts, connection.values(NEWEST_OPEN).get(subject))),
    insert: (record, changes) =>
      counted(parts, changes, () => writer.write((batch) => insert(parts, batch, record, changes))),
    replace: (record, expectedVersion, changes) =>
      counted(parts, changes, () =>
        writer.write((batch) => replace(parts, batch, { record, expectedVersion, changes })),
      ),
    due: (now, limit) =>
      connection.read(() => (connection.sql(DUE).all(now, limit) as { id: string }[]).map((row) => row.id)),
  };
}

/** A commit that counts messages waits until the log of messages is in memory, once after the process began. */
function counted<T>({ sendLog, now }: Parts, { take, sends }: Changes, write: () => Promise<T>): Promise<T> {
  if (sendLog.isLoaded || (take.length === 0 && sends.length === 0)) return write();
  return sendLog.warmUp(now()).then(write);
}

/** Time of the newest commit, read once for all that ask in one turn of the event loop. */
class TurnClock {
  readonly #connection: Connection;
  #newest: number | null = null;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  newest(): number {
    if (this.#newest === null) {
      this.#newest = (this.#connection.sql('SELECT now FROM clock WHERE id = 1').get() as { now: number }).now;
      setImmediate(() => (this.#newest = null));
    }
    return this.#newest;
  }
}

/** The columns of the record, all null when there is none, and after them the clock. */
function found(parts: Parts, answer: unknown): Found {
  const values = answer as readonly unknown[];
  const now = Math.max(parts.now(), values[VERIFICATION_COLUMNS.length] as number);
  if (values[0] === null) return { record: null, now };
  const row = rowFromValues(values);
  return { record: verificationFrom(row, parts.policies.policyOf(row.policy)), now };
}

function insert(parts: Parts, batch: Batch, record: Verification, changes: Changes): InsertOutcome {
  const { connection, lookups, policies, sendLog } = parts;
  const refusal = refusalOf(countsOf(connection, sendLog, batch.now), changes.take, batch.now);
  if (refusal !== null) return { type: 'refused', refusal };
  const subject = subjectOf(record);
  if (
    subject !== null &&
    connection.sql('SELECT 1 FROM verifications WHERE open_subject = ?').get(subject) !== undefined
  ) {
    return { type: 'subject_busy' };
  }
  const links = {
    policy: policies.numberOf(record.policy),
    last_event: writeEvents(connection, batch, { record, events: changes.events, previous: null }),
  };
  connection.sql(INSERT).run(...verificationValues(record, links));
  lookups.inserted(batch, record.id, record.toIndex);
  apply(parts, batch, record.id, changes);
  return { type: 'inserted' };
}

interface Replacement {
  readonly record: Verification;
  readonly expectedVersion: number;
  readonly changes: Changes;
}

function replace(parts: Parts, batch: Batch, { record, expectedVersion, changes }: Replacement): ReplaceOutcome {
  const { connection, lookups, sendLog } = parts;
  const stored = connection.sql(STORED).get(record.id) as Stored | undefined;
  if (stored?.version !== expectedVersion) return { type: 'conflict' };
  const refusal = refusalOf(countsOf(connection, sendLog, batch.now), changes.take, batch.now);
  if (refusal !== null) return { type: 'refused', refusal };
  const { last_event: previous } = stored;
  update(parts, stored, record, writeEvents(connection, batch, { record, events: changes.events, previous }));
  lookups.moved(batch, record.id, stored.to_index, record.toIndex);
  apply(parts, batch, record.id, changes);
  return { type: 'replaced' };
}

/** Writes the record: only what can have changed, and what an index covers only when it did. */
function update({ connection, policies }: Parts, stored: Stored, record: Verification, lastEvent: number | null): void {
  if (stored.to_index !== record.toIndex) {
    const links = { policy: policies.numberOf(record.policy), last_event: lastEvent };
    connection.sql(UPDATE).run(...verificationValues(record, links), record.id);
    return;
  }
  const values = stateValues(record, lastEvent);
  const sameIndexes =
    stored.digest === (record.digest?.reveal() ?? null) &&
    stored.due_at === record.dueAt &&
    stored.open_subject === subjectOf(record);
  if (sameIndexes) connection.sql(UPDATE_UNINDEXED).run(...values.slice(0, UNINDEXED.length), record.id);
  else connection.sql(UPDATE_STATE).run(...values, record.id);
}

/** Everything a commit writes beside the record. */
function apply(parts: Parts, batch: Batch, id: string, changes: Changes): void {
  const { connection, sendLog } = parts;
  if (changes.dropQueued) dropQueued(connection, id, batch.now);
  if (changes.sendUpdate !== null) updateSend(connection, changes.sendUpdate);
  for (const send of changes.sends) {
    connection.sql(INSERT_SEND).run(...sendValues(send));
    if (send.mode === 'live') sendLog.append(`${send.application}|${send.limitIndex}`, batch.now);
  }
  reserve(connection, changes.take, batch.now);
  if (changes.failed !== null) addFailure(connection, changes.failed, batch.now);
  if (changes.cleared !== null) clearFailures(connection, changes.cleared);
  for (const document of changes.documents) putDocument(connection, document);
  if (changes.device !== null) connection.sql(REMEMBER_DEVICE).run(changes.device, batch.now);
  if (changes.answer !== null) connection.sql(ANSWER).run(changes.answer.answer, changes.answer.key);
}

interface NewEvents {
  readonly record: Verification;
  readonly events: readonly VerificationEvent[];
  readonly previous: number | null;
}

/** Appends the events of a commit and returns the number of the record's newest row. */
function writeEvents(connection: Connection, batch: Batch, { record, events, previous }: NewEvents): number | null {
  if (events.length === 0) return previous;
  batch.totals.addEvents(record, events);
  const { lastInsertRowid } = connection
    .sql('INSERT INTO events (previous, body) VALUES (?, ?)')
    .run(previous, packEvents(events));
  return Number(lastInsertRowid);
}

const COLUMNS = VERIFICATION_COLUMNS.join(', ');
/** What no index covers; the state columns begin with these. */
const UNINDEXED = STATE_COLUMNS.slice(0, STATE_COLUMNS.indexOf('digest'));

const INSERT = `INSERT INTO verifications (${COLUMNS}) VALUES (${placeholders(VERIFICATION_COLUMNS.length)})`;
const UPDATE = `UPDATE verifications SET (${COLUMNS}) = (${placeholders(VERIFICATION_COLUMNS.length)}) WHERE id = ?`;
const UPDATE_STATE = `UPDATE verifications SET ${STATE_COLUMNS.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`;
const UPDATE_UNINDEXED = `UPDATE verifications SET ${UNINDEXED.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`;
const STORED = 'SELECT version, digest, due_at, to_index, open_subject, last_event FROM verifications WHERE id = ?';
const SELECTED = VERIFICATION_COLUMNS.map((column) => `v.${column}`).join(', ');
const GET = `SELECT ${SELECTED}, c.now FROM clock c LEFT JOIN verifications v ON v.id = ? WHERE c.id = 1`;
const NEWEST_OPEN = `SELECT ${SELECTED}, c.now FROM clock c LEFT JOIN verifications v ON v.open_subject = ?
  WHERE c.id = 1`;
const DUE = 'SELECT id FROM verifications WHERE digest IS NOT NULL AND due_at <= ? ORDER BY due_at LIMIT ?';
const INSERT_SEND = `INSERT INTO sends (${SEND_COLUMNS.join(', ')}) VALUES (${placeholders(SEND_COLUMNS.length)})`;
const REMEMBER_DEVICE = 'INSERT INTO devices (name, at) VALUES (?, ?) ON CONFLICT DO UPDATE SET at = excluded.at';
const ANSWER = 'UPDATE idempotency SET answer = ? WHERE name = ?';
