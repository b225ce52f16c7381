import type { Dialect } from './dialect.ts';
import { faultOf, UnknownOutcome } from './faults.ts';
import type { Pool } from './pool.ts';
import type { Connection, Session } from './session.ts';

/** Runs work again that another transaction got in the way of. */
const ATTEMPTS = 6;

export interface Transactions {
  readonly dialect: Dialect;
  readonly pool: Pool;
  /** False for work that is better parted than made to wait a second time for a locked row. */
  readonly waitsAgain?: boolean;
}

/**
 * Runs `work` in transactions until one commits. `work` gets the server's time, which is there once the transaction has
 * begun: it may send reads before, but no writes. It must not keep anything of an attempt.
 */
export async function transact<T>(
  { dialect, pool, waitsAgain = true }: Transactions,
  work: (session: Session, begun: Promise<number>) => Promise<T>,
): Promise<T> {
  let wasLost = false;
  for (let attempt = 1; ; attempt++) {
    let number = 0;
    try {
      return await pool.use((connection) => {
        number = connection.number;
        return once(connection, work);
      }, wasLost);
    } catch (error) {
      const { kind } = faultOf(dialect, error);
      // A connection that was found dead says nothing about the server: one new one is tried. A lock is waited for once more.
      const isWorthOneMore = kind === 'lost' || (kind === 'held' && waitsAgain);
      const mayHelp = (kind === 'again' && attempt < ATTEMPTS) || (isWorthOneMore && attempt === 1);
      if (!mayHelp) throw error;
      wasLost = kind === 'lost';
      await pause(attempt, number);
    }
  }
}

async function once<T>(
  connection: Connection,
  work: (session: Session, begun: Promise<number>) => Promise<T>,
): Promise<T> {
  let answer: T;
  const begun = connection.begin();
  try {
    [answer] = await Promise.all([work(connection, begun), begun]);
  } catch (error) {
    await undo(connection);
    throw error;
  }
  try {
    await connection.commit();
  } catch (cause) {
    connection.destroy();
    throw new UnknownOutcome(cause);
  }
  return answer;
}

async function undo(connection: Connection): Promise<void> {
  try {
    await connection.rollback();
  } catch {
    connection.destroy();
  }
}

/** Grows with each attempt and differs between connections, so that they do not keep step. */
function pause(attempt: number, connection: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, attempt * (2 + (connection % 7)));
  });
}
