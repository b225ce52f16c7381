import type { VerificationEvent } from '../../core/events.ts';
import { packEvents } from '../sql/index.ts';
import type { Connection } from './connection.ts';
import type { Batch } from './writer.ts';

/** The number of the next row of events in this transaction. */
export function nextEvent(connection: Connection, batch: Batch): number {
  batch.lastEvent ??= (connection.sql('SELECT max(seq) AS seq FROM events').get() as { seq: number | null }).seq ?? 0;
  return ++batch.lastEvent;
}

/** Writes the events of one commit under a number from {@link nextEvent}; `previous` is the row before of the same record. */
export function writeEvents(
  connection: Connection,
  number: number,
  previous: number | null,
  events: readonly VerificationEvent[],
): void {
  connection.sql('INSERT INTO events (seq, previous, body) VALUES (?, ?, ?)').run(number, previous, packEvents(events));
}

/** The rows of a verification's events, from the newest back; bind the verification's id. */
const CHAIN = `WITH RECURSIVE chain (seq, previous, body) AS (
  SELECT seq, previous, body FROM events WHERE seq = (SELECT last_event FROM verifications WHERE id = ?)
  UNION ALL
  SELECT events.seq, events.previous, events.body FROM events JOIN chain ON events.seq = chain.previous)`;

/** Rows of a verification's events, oldest first. */
export const EVENTS_OF = `${CHAIN} SELECT seq, body FROM chain ORDER BY seq`;

/** Deletes a verification's events; run it before the verification itself goes. */
export const DELETE_EVENTS_OF = `${CHAIN} DELETE FROM events WHERE seq IN (SELECT seq FROM chain)`;
