import { WatchwordError } from '../../../core/errors.ts';
import type { Dialect, Fault } from './dialect.ts';

/** Another transaction took a key between looking and writing: the same work, done again, sees it. */
export class KeyTaken extends Error {
  constructor(table: string) {
    super(`Another transaction wrote to ${table} first.`);
  }
}

/** The connection broke after COMMIT was sent: nobody knows whether it was kept. Never done again. */
export class UnknownOutcome extends Error {
  constructor(cause: unknown) {
    super('The outcome of a commit is unknown.', { cause });
  }
}

/** No answer in time; the connection was given up. */
export class NoAnswer extends Error {
  constructor() {
    super('The database did not answer in time.');
  }
}

/** What an error means for the work it ended. */
export function faultOf(dialect: Dialect, error: unknown): Fault {
  if (error instanceof WatchwordError) {
    return { kind: error.code === 'unavailable' ? 'down' : 'item', reason: error.message, code: null };
  }
  if (error instanceof KeyTaken) return { kind: 'again', reason: 'The database is busy; try again.', code: null };
  if (error instanceof UnknownOutcome) {
    const reason = 'The database went away during a commit; whether it was kept is unknown.';
    return { kind: 'down', reason, code: faultOf(dialect, error.cause).code };
  }
  if (error instanceof NoAnswer) {
    const reason = `${dialect.name} does not answer. Check that it runs and that the network lets the service reach it.`;
    return { kind: 'down', reason, code: null };
  }
  return dialect.faultOf(error);
}

/** The error a caller gets; its message is safe to show and says the cure. */
export function unavailable(dialect: Dialect, error: unknown): WatchwordError {
  if (error instanceof WatchwordError) return error;
  return new WatchwordError('unavailable', faultOf(dialect, error).reason, { cause: error });
}
