import type { VerificationEvent } from '../../core/events.ts';
import type { Send, Verification } from '../../core/verification.ts';
import type { RecordedCommit, RecordedRefusal, RecordSink } from '../../ports/recording.ts';
import {
  packEvents,
  placeholders,
  SEND_COLUMNS,
  sendValues,
  unpackEvents,
  utcDay,
  VERIFICATION_COLUMNS,
  verificationValues,
} from '../sql/index.ts';
import { putDocument } from './documents.ts';
import { EVENTS_OF } from './event-chain.ts';
import type { Parts } from './verifications.ts';
import type { Batch } from './writer.ts';

const DAY_MS = 86_400_000;

interface Stored {
  readonly version: number;
  readonly to_index: string | null;
  readonly last_event: number | null;
}

/** Keeps the records of a verdict store elsewhere in SQLite. Nothing written here is ever delivered or holds a subject. */
export function createRecordSink(parts: Parts): RecordSink {
  return {
    record: (commits, refusals) =>
      parts.writer.write((batch) => {
        for (const commit of commits) recordCommit(parts, batch, commit);
        for (const refusal of refusals) recordRefusal(parts, batch, refusal);
      }),
  };
}

function recordCommit(parts: Parts, batch: Batch, { record, events, sends, documents }: RecordedCommit): void {
  const { connection } = parts;
  const stored = connection.sql(STORED).get(record.id) as Stored | undefined;
  const fresh = stored === undefined ? events : unknownEvents(parts, record.id, events);
  const lastEvent = appendEvents(parts, fresh, stored?.last_event ?? null);
  batch.totals.addEvents(record, fresh);
  const isNewer = stored === undefined || stored.version < record.version;
  if (isNewer) writeRecord(parts, batch, { record, stored, lastEvent });
  else if (fresh.length > 0) connection.sql(UPDATE_EVENTS).run(lastEvent, record.id);
  for (const document of documents) putDocument(connection, document);
  for (const send of sends) connection.sql(isNewer ? PUT_SEND : ADD_SEND).run(...settledValues(send));
}

function unknownEvents(
  { connection }: Parts,
  verification: string,
  events: readonly VerificationEvent[],
): readonly VerificationEvent[] {
  if (events.length === 0) return events;
  const rows = connection.sql(EVENTS_OF).all(verification) as { body: string }[];
  const known = new Set(rows.flatMap((row) => unpackEvents(row.body)).map((event) => event.id));
  return events.filter((event) => !known.has(event.id));
}

function appendEvents(
  { connection }: Parts,
  events: readonly VerificationEvent[],
  previous: number | null,
): number | null {
  if (events.length === 0) return previous;
  const { lastInsertRowid } = connection
    .sql('INSERT INTO events (previous, body) VALUES (?, ?)')
    .run(previous, packEvents(events));
  return Number(lastInsertRowid);
}

interface Write {
  readonly record: Verification;
  readonly stored: Stored | undefined;
  readonly lastEvent: number | null;
}

function writeRecord(
  { connection, lookups, policies }: Parts,
  batch: Batch,
  { record, stored, lastEvent }: Write,
): void {
  const links = { policy: policies.numberOf(record.policy), last_event: lastEvent };
  const values = verificationValues(record, links);
  // Who holds a subject is decided elsewhere; records of two shards may come in any order.
  values[OPEN_SUBJECT] = null;
  connection.sql(PUT).run(...values);
  if (stored === undefined) lookups.inserted(batch, record.id, record.toIndex);
  else lookups.moved(batch, record.id, stored.to_index, record.toIndex);
}

/** The queue is elsewhere: no send has a due time here. */
function settledValues(send: Send): ReturnType<typeof sendValues> {
  const values = sendValues(send);
  values[DUE_AT] = null;
  return values;
}

/** A refusal is counted once by its id, remembered for a day. */
function recordRefusal({ connection }: Parts, batch: Batch, refusal: RecordedRefusal): void {
  const { id, application, mode, reason, at } = refusal;
  const { changes } = connection.sql(NOTE_REFUSAL).run(`refusal|${id}`, id, at + DAY_MS);
  if (Number(changes) === 0) return;
  const kind = `refused:${reason}`;
  batch.totals.add({ application, day: utcDay(at), mode, channel: '', country: '', kind, count: 1 });
}

const OPEN_SUBJECT = VERIFICATION_COLUMNS.indexOf('open_subject');
const DUE_AT = SEND_COLUMNS.indexOf('due_at');
const COLUMNS = VERIFICATION_COLUMNS.join(', ');
const STORED = 'SELECT version, to_index, last_event FROM verifications WHERE id = ?';
const PUT = `INSERT OR REPLACE INTO verifications (${COLUMNS}) VALUES (${placeholders(VERIFICATION_COLUMNS.length)})`;
const UPDATE_EVENTS = 'UPDATE verifications SET last_event = ? WHERE id = ?';
const ADD_SEND = `INSERT INTO sends (${SEND_COLUMNS.join(', ')}) VALUES (${placeholders(SEND_COLUMNS.length)})
  ON CONFLICT DO NOTHING`;
const PUT_SEND = `INSERT INTO sends (${SEND_COLUMNS.join(', ')}) VALUES (${placeholders(SEND_COLUMNS.length)})
  ON CONFLICT DO UPDATE SET status = excluded.status, body = excluded.body
  WHERE sends.status = 'queued' OR excluded.status <> 'queued'`;
const NOTE_REFUSAL = `INSERT INTO idempotency (name, body, id, answer, lease_until, ends_at) VALUES (?, '', ?, NULL, 0, ?)
  ON CONFLICT DO NOTHING`;
