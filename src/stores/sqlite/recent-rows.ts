import type { VerificationRow } from '../sql/index.ts';

/** What a swap must know of the stored record. */
export const STORED_COLUMNS = [
  'version',
  'digest',
  'due_at',
  'to_index',
  'open_subject',
  'last_event',
] as const satisfies readonly (keyof VerificationRow)[];

export type Stored = Pick<VerificationRow, (typeof STORED_COLUMNS)[number]>;

/** More than ever wait for their swap at once. */
const MOST_ROWS = 512;

/**
 * Rows as they were last read, for the swap that mostly follows: it need not read them again. They may be older than the table, so
 * the swap asks for what it was based on.
 */
export class RecentRows {
  readonly #rows = new Map<string, VerificationRow>();

  add(row: VerificationRow): void {
    if (this.#rows.size >= MOST_ROWS) this.#rows.clear();
    this.#rows.set(row.id, row);
  }

  /** The row, once, if it has this version. */
  take(id: string, version: number): Stored | null {
    const row = this.#rows.get(id);
    this.#rows.delete(id);
    return row?.version === version ? row : null;
  }
}
