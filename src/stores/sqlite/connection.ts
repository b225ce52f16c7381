import { closeSync, openSync } from 'node:fs';
import { WatchwordError } from '../../core/errors.ts';
import { loadDriver, type Database, type Statement } from './driver.ts';
import { isBusy, unavailable } from './faults.ts';

/** How long a statement blocks the event loop for another process's lock; longer waits are timers. */
const BUSY_BLOCK_MS = 25;
const BUSY_GIVE_UP_MS = 5_000;
const CACHE_KIB = 8_192;
const OWNER_ONLY = 0o600;

/** One open database file with its prepared statements. */
export class Connection {
  readonly #db: Database;
  readonly #statements = new Map<string, Statement>();
  readonly #valueStatements = new Map<string, Statement>();
  #reads: (() => void)[] = [];
  #open = true;

  constructor(db: Database) {
    this.#db = db;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  get inTransaction(): boolean {
    return this.#db.isTransaction;
  }

  /** The prepared statement of a text, made on first use. Texts must come from a bounded set. */
  sql(text: string): Statement {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      if (!this.#open) throw new WatchwordError('unavailable', 'The store is closed.');
      statement = this.#db.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }

  /** The same with rows as arrays, in the order of the columns; for the few reads that every request makes. */
  values(text: string): Statement {
    let statement = this.#valueStatements.get(text);
    if (statement === undefined) {
      if (!this.#open) throw new WatchwordError('unavailable', 'The store is closed.');
      statement = this.#db.prepare(text);
      statement.setReturnArrays(true);
      this.#valueStatements.set(text, statement);
    }
    return statement;
  }

  exec(text: string): void {
    this.#db.exec(text);
  }

  rollback(): void {
    if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
  }

  /** Runs a read, again while another process holds the lock; every failure becomes `unavailable`. */
  async read<T>(work: () => T): Promise<T> {
    const giveUpAt = performance.now() + BUSY_GIVE_UP_MS;
    for (;;) {
      try {
        if (!this.#open) throw new WatchwordError('unavailable', 'The store is closed.');
        return work();
      } catch (error) {
        if (!isBusy(error) || performance.now() > giveUpAt) throw unavailable(error);
        await pause();
      }
    }
  }

  /**
   * A read at the end of this turn of the event loop. All of a turn share a transaction, because taking the lock costs as much as
   * reading a row; as it begins when all were asked for, each sees whatever was committed before it was.
   */
  readTogether<T>(work: () => T): Promise<T> {
    return new Promise((resolve) => {
      if (this.#reads.length === 0) setImmediate(() => this.#readAll());
      this.#reads.push(() => resolve(this.read(work)));
    });
  }

  /** In one go: no turn of the event loop ever begins inside the transaction. */
  #readAll(): void {
    const reads = this.#reads;
    this.#reads = [];
    const isShared = this.#open && reads.length > 1;
    if (isShared) this.sql('BEGIN').run();
    for (const read of reads) read();
    if (isShared) this.sql('COMMIT').run();
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#statements.clear();
    this.#valueStatements.clear();
    this.#db.close();
  }
}

/** When work that found the lock taken gives up, on the monotonic clock. */
export function giveUpTime(): number {
  return performance.now() + BUSY_GIVE_UP_MS;
}

/** A short wait of random length, so that processes do not keep step. */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 5 + (performance.now() % 40));
  });
}

/** Opens (or creates, readable by its owner only) the file in WAL mode with full durability. */
export async function openConnection(path: string): Promise<Connection> {
  const { DatabaseSync } = await loadDriver();
  const giveUpAt = giveUpTime();
  for (;;) {
    let db: Database | null = null;
    try {
      createPrivately(path);
      db = new DatabaseSync(path);
      db.exec(`PRAGMA busy_timeout=${BUSY_BLOCK_MS}`);
      db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=off');
      db.exec(`PRAGMA cache_size=-${CACHE_KIB}; PRAGMA temp_store=memory; PRAGMA journal_size_limit=67108864`);
      return new Connection(db);
    } catch (error) {
      db?.close();
      if (!isBusy(error) || performance.now() > giveUpAt) throw unavailable(error);
      await pause();
    }
  }
}

function createPrivately(path: string): void {
  if (path === ':memory:') return;
  try {
    closeSync(openSync(path, 'ax', OWNER_ONLY));
  } catch {
    // It exists, or cannot be made: opening it tells which.
  }
}
