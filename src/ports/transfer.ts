/**
 * What a database holds, as tables that are the same on every engine, with the number of columns at the front that make the key.
 * In the order in which they are copied: what others point at comes first. An `events` row is everything that happened to one
 * verification; a `verifications` row carries its policy instead of the number of its snapshot.
 */
export const TRANSFER_TABLES = {
  applications: 1,
  policies: 2,
  api_keys: 1,
  people: 2,
  documents: 2,
  verifications: 1,
  events: 1,
  sends: 2,
  destinations: 1,
  devices: 1,
  counters: 1,
  idempotency: 1,
  inbox: 1,
  totals: 6,
  refusals: 1,
} as const;

export type TransferTable = keyof typeof TRANSFER_TABLES;
export type TransferValue = string | number | null;
export type TransferRow = readonly TransferValue[];

/** Everything of a database that nobody writes to meanwhile. Throws `unavailable` when it cannot be read. */
export interface TransferSource {
  /** The rows after a key (null = from the first), in the order of the bytes of their keys, at most `limit`. */
  page(table: TransferTable, after: TransferRow | null, limit: number): Promise<readonly TransferRow[]>;
  close(): Promise<void>;
}

/** A database that takes in another one. */
export interface TransferTarget extends TransferSource {
  /** Tables that have no place in it and are not copied; absent = none. */
  readonly lacks?: readonly TransferTable[];
  /**
   * Readies it for the copy of `source` (a name unique to that database). `resumed` when such a copy was begun and not finished.
   * `occupied` when it holds anything but the application every database begins with; then nothing was changed.
   */
  begin(source: string): Promise<'fresh' | 'resumed' | 'occupied'>;
  /** Adds rows; one whose key is there stays as it is. All or none. */
  add(table: TransferTable, rows: readonly TransferRow[]): Promise<void>;
  /** The copy is complete. */
  finish(): Promise<void>;
}
