import { placeholders } from '../sql/index.ts';
import type { Connection } from './connection.ts';
import type { Batch } from './writer.ts';

/** Records per segment: how many of the newest records a look-up by address reads one by one. */
export const SEGMENT_SIZE = 2_048;
/** End of a blind index kept in a lookup: 72 bits; the record itself settles the rest. */
const TAIL_LENGTH = 12;

/**
 * Finds verifications by the blind index of their address. A random key in the start's own commit would cost more than
 * the rest of it, so records enter the lookups later, a segment at a time and sorted; the newest ones are read directly.
 */
export class Lookups {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** A new record; one whose id sorts before the indexed end enters its segment at once. */
  inserted(batch: Batch, id: string, toIndex: string | null): void {
    batch.inserted++;
    if (toIndex !== null && id <= batch.indexedThrough) this.#add(id, toIndex);
  }

  /** The address's index of a record changed (erased, or sealed under a newer key). */
  moved(batch: Batch, id: string, from: string | null, to: string | null): void {
    if (from === to || id > batch.indexedThrough) return;
    if (from !== null) this.#remove(id, from);
    if (to !== null) this.#add(id, to);
  }

  /** Takes the next segment into the lookups. */
  index(batch: Batch): void {
    const { upto } = this.#connection.sql(NEXT_END).get(SEGMENT_SIZE) as { upto: string | null };
    if (upto === null) return;
    const { lastInsertRowid } = this.#connection.sql('INSERT INTO lookup_segments (upto) VALUES (?)').run(upto);
    const { changes } = this.#connection.sql(FILL).run(Number(lastInsertRowid), -TAIL_LENGTH, upto);
    this.#connection
      .sql('UPDATE clock SET indexed_through = ?, unindexed = max(0, unindexed - ?) WHERE id = 1')
      .run(upto, Math.max(Number(changes), SEGMENT_SIZE));
    // The batch's later items must know, or a record among the indexed ones would be found nowhere.
    batch.indexedThrough = upto;
  }

  /** Ids of the records with one of the indexes (some may be others' by chance), newest first. */
  find(toIndexes: readonly string[], before: string | null): string[] {
    if (toIndexes.length === 0) return [];
    const tails = toIndexes.map(tailOf);
    const marks = placeholders(toIndexes.length);
    const indexed = this.#connection
      .sql(
        `SELECT verification AS id FROM lookup_segments CROSS JOIN lookups
         WHERE segment = lookup_segments.id AND tail IN (${marks})`,
      )
      .all(...tails) as { id: string }[];
    const newest = this.#connection
      .sql(
        `SELECT id FROM verifications
         WHERE id > (SELECT indexed_through FROM clock WHERE id = 1) AND to_index IN (${marks})`,
      )
      .all(...toIndexes) as { id: string }[];
    const ids = [...indexed, ...newest].map((row) => row.id);
    return ids.filter((id) => before === null || id < before).toSorted((a, b) => (a < b ? 1 : -1));
  }

  /** A record goes. */
  removed(batch: Batch, id: string, toIndex: string | null): void {
    if (toIndex !== null && id <= batch.indexedThrough) this.#remove(id, toIndex);
  }

  /** Segments that hold nothing any more, but never the newest. */
  dropEmptySegments(limit: number): void {
    this.#connection.sql(DROP_EMPTY).run(limit);
  }

  #add(id: string, toIndex: string): void {
    this.#connection
      .sql(`INSERT INTO lookups (segment, tail, verification) VALUES ((${SEGMENT_OF}), ?, ?) ON CONFLICT DO NOTHING`)
      .run(id, tailOf(toIndex), id);
  }

  #remove(id: string, toIndex: string): void {
    this.#connection
      .sql(`DELETE FROM lookups WHERE segment = (${SEGMENT_OF}) AND tail = ? AND verification = ?`)
      .run(id, tailOf(toIndex), id);
  }
}

function tailOf(toIndex: string): string {
  return toIndex.slice(-TAIL_LENGTH);
}

const SEGMENT_OF = 'SELECT id FROM lookup_segments WHERE upto >= ? ORDER BY upto LIMIT 1';

const NEXT_END = `SELECT max(id) AS upto FROM (
  SELECT id FROM verifications WHERE id > (SELECT indexed_through FROM clock WHERE id = 1) ORDER BY id LIMIT ?)`;

const FILL = `INSERT INTO lookups (segment, tail, verification)
  SELECT ?, substr(to_index, ?), id FROM verifications
  WHERE id > (SELECT indexed_through FROM clock WHERE id = 1) AND id <= ? AND to_index IS NOT NULL
  ORDER BY 2, 3`;

const DROP_EMPTY = `DELETE FROM lookup_segments WHERE id IN (
  SELECT oldest.id FROM (SELECT id FROM lookup_segments ORDER BY id LIMIT ?) AS oldest
  WHERE NOT EXISTS (SELECT 1 FROM lookups WHERE segment = oldest.id)
    AND oldest.id < (SELECT max(id) FROM lookup_segments))`;
