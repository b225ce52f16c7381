import { WatchwordError } from '../../core/errors.ts';

/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html) that an operator can cure. */
const CURES: Readonly<Record<number, string>> = {
  5: 'The database is locked by another process. Stop long-running tools on the file, or try again.',
  6: 'The database is locked by another process. Stop long-running tools on the file, or try again.',
  8: 'The database is read-only. Give the service write permission on the file and its folder.',
  10: 'Reading or writing the database failed. Check the disk and its mount.',
  11: 'The database file is damaged. Restore the latest backup.',
  13: 'The disk is full. Free space on the volume of the database.',
  14: 'The database file cannot be opened. Check that its folder exists and the service may read and write it.',
  26: 'The file is not a database. Check the path of the store.',
};

const BUSY = 5;

/** The primary result code behind an error of the driver, or null when it is something else. */
export function sqliteCode(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return null;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : null;
}

/** True when another connection holds the lock: the same work may succeed a moment later. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === BUSY || code === BUSY + 1;
}

/** True when the database as a whole cannot write: running the work item by item would not help. */
export function isStorageFault(error: unknown): boolean {
  const code = sqliteCode(error);
  return code !== null && code in CURES;
}

/** The error a caller gets; its message is safe to show and says the cure. */
export function unavailable(error: unknown): WatchwordError {
  if (error instanceof WatchwordError) return error;
  const code = sqliteCode(error);
  const reason = code === null ? undefined : CURES[code];
  return new WatchwordError('unavailable', reason ?? 'The database refused the operation; the log has the cause.', {
    cause: error,
  });
}
