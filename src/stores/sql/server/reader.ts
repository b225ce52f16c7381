import type { Dialect } from './dialect.ts';
import { faultOf, unavailable } from './faults.ts';
import type { Pool } from './pool.ts';
import type { Bind, Session } from './session.ts';
import { transact } from './transactions.ts';
import type { SqlValue } from '../verification-row.ts';

/** Reads, and the rare writes that need no group commit. Every failure is `unavailable`. */
export class Reader {
  readonly #parts: { readonly dialect: Dialect; readonly pool: Pool };

  constructor(parts: { readonly dialect: Dialect; readonly pool: Pool }) {
    this.#parts = parts;
  }

  /** The rows of one SELECT; asked once more when its connection was found dead. */
  async rows(text: string, binds: readonly Bind[] = []): Promise<readonly (readonly SqlValue[])[]> {
    const { dialect, pool } = this.#parts;
    try {
      try {
        return await pool.use((connection) => connection.rows(text, binds));
      } catch (error) {
        if (faultOf(dialect, error).kind !== 'lost') throw error;
        return await pool.use((connection) => connection.rows(text, binds), true);
      }
    } catch (error) {
      throw unavailable(dialect, error);
    }
  }

  /** How many rows one UPDATE or DELETE met; durable. */
  run(text: string, binds: readonly Bind[] = []): Promise<number> {
    return this.transaction((session) => session.run(text, binds));
  }

  /** Any work in a transaction; done again when another one was in the way, so it must not keep anything of an attempt. */
  async transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    try {
      return await transact(this.#parts, async (session, begun) => {
        await begun;
        return work(session);
      });
    } catch (error) {
      throw unavailable(this.#parts.dialect, error);
    }
  }
}
