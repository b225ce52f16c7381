import { WatchwordError } from '../../../core/errors.ts';
import type { Dialect } from './dialect.ts';
import { NoAnswer } from './faults.ts';
import type { Connection } from './session.ts';

/** Longest wait for a free connection or for one to open, and for the answer; together under the five seconds in which a call must end. */
const WAIT_MS = 1_500;
const ANSWER_MS = 3_000;
/** After a failed attempt the next calls fail with it at once instead of each trying again. */
const REST_MS = 250;

interface Waiting {
  readonly give: (connection: Connection) => void;
  readonly refuse: (error: unknown) => void;
}

/** Up to `size` connections, opened on demand. Gone ones are replaced; while the server is away every call fails fast. */
export class Pool {
  readonly #dialect: Dialect;
  readonly #size: number;
  readonly #open = new Set<Connection>();
  #opening = 0;
  #idle: Connection[] = [];
  #waiting: Waiting[] = [];
  #refused: { readonly error: unknown } | null = null;
  #closed = false;

  constructor(dialect: Dialect, size: number) {
    this.#dialect = dialect;
    this.#size = size;
  }

  /**
   * Runs work on a connection of its own; when that takes too long the connection is given up and the call rejects. `afterLoss` is for
   * work whose connection was found dead: what lay idle beside that one may be dead as well and not know it yet.
   */
  async use<T>(work: (connection: Connection) => Promise<T>, afterLoss = false): Promise<T> {
    if (afterLoss) this.#dropIdle();
    const connection = await this.#take();
    try {
      return await withinTime(connection, work(connection));
    } finally {
      this.#giveBack(connection);
    }
  }

  /** Ends all connections; what is under way rejects. */
  close(): void {
    this.#closed = true;
    for (const connection of this.#open) connection.destroy();
    for (const { refuse } of this.#waiting.splice(0)) refuse(closed());
  }

  async #take(): Promise<Connection> {
    if (this.#closed) throw closed();
    const idle = this.#popIdle();
    if (idle !== undefined) return idle;
    if (this.#refused !== null) throw this.#refused.error;
    if (this.#open.size + this.#opening < this.#size) return this.#connect();
    return this.#wait();
  }

  #popIdle(): Connection | undefined {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.isOpen) return idle;
      this.#open.delete(idle);
    }
    return undefined;
  }

  #dropIdle(): void {
    for (const connection of this.#idle.splice(0)) {
      this.#open.delete(connection);
      connection.destroy();
    }
  }

  async #connect(): Promise<Connection> {
    this.#opening++;
    try {
      const connection = await this.#dialect.connect(WAIT_MS);
      if (this.#closed) {
        connection.destroy();
        throw closed();
      }
      this.#open.add(connection);
      return connection;
    } catch (error) {
      this.#rest(error);
      throw error;
    } finally {
      this.#opening--;
    }
  }

  #wait(): Promise<Connection> {
    return new Promise((give, refuse) => {
      let isDone = false;
      const timer = setTimeout(() => {
        isDone = true;
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        refuse(new NoAnswer());
      }, WAIT_MS);
      const waiting: Waiting = {
        give: (connection) => {
          clearTimeout(timer);
          // Taken out of the line for a connection that came too late: it is the next one's.
          if (isDone) this.#giveBack(connection);
          else give(connection);
        },
        refuse: (error) => {
          clearTimeout(timer);
          refuse(error);
        },
      };
      this.#waiting.push(waiting);
    });
  }

  #giveBack(connection: Connection): void {
    if (connection.isOpen) {
      const [next] = this.#waiting.splice(0, 1);
      if (next === undefined) this.#idle.push(connection);
      else next.give(connection);
      return;
    }
    this.#open.delete(connection);
    const [next] = this.#waiting.splice(0, 1);
    if (next !== undefined) this.#connect().then(next.give, next.refuse);
  }

  #rest(error: unknown): void {
    for (const { refuse } of this.#waiting.splice(0)) refuse(error);
    this.#refused = { error };
    setTimeout(() => (this.#refused = null), REST_MS).unref();
  }
}

async function withinTime<T>(connection: Connection, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new NoAnswer());
      connection.destroy();
    }, ANSWER_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    // It rejects once its connection is destroyed; the caller was told already.
    work.catch(() => undefined);
  }
}

function closed(): WatchwordError {
  return new WatchwordError('unavailable', 'The store is closed.');
}
