import type { Connection, Statements } from './session.ts';

/**
 * What an error of the driver means.
 * `again`: another transaction was in the way (deadlock, serialization); the same work may succeed at once.
 * `held`: a row stayed locked until the wait for it was given up.
 * `lost`: the connection or the server is gone.
 * `unmigrated`: a table is missing.
 * `down`: the server cannot do the work for anybody (disk, rights, read-only, time-out).
 * `item`: what was asked for is at fault, say a value it cannot store; others may succeed.
 */
export interface Fault {
  readonly kind: 'again' | 'held' | 'lost' | 'unmigrated' | 'down' | 'item';
  /** Safe to show, with the cure. */
  readonly reason: string;
  /** The server's or driver's own code for the log. */
  readonly code: string | null;
}

/** One step of the schema. `minReader` is the oldest schema version whose code still works on the result. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly minReader: number;
  /** Run in order; each must be harmless when it ran before, as not every server can undo them. */
  readonly statements: readonly string[];
}

/** Everything that differs between database servers; one object per driver. */
export interface Dialect {
  /** As people know it, e.g. `PostgreSQL`. */
  readonly name: string;
  /** An expression for the server's time in whole epoch ms, as it is when the statement runs. */
  readonly clock: string;
  /** An expression for at least 20 random digits and letters A to F: an application's id, which is no secret. */
  readonly random: string;
  /**
   * Conditions on `verifications` that are due at a time (the one parameter), with their order, each spelled for its index:
   * those with a digest, and those without.
   */
  readonly due: { readonly live: string; readonly spent: string };
  /**
   * Opens a connection, durable and with time-outs set, within `timeoutMs`. Rejects with an error that
   * {@link Dialect.faultOf} reads, or with `unavailable` when the server is not fit (too old, read-only, not durable).
   */
  connect(timeoutMs: number): Promise<Connection>;
  faultOf(error: unknown): Fault;
  /** In order of their versions. */
  readonly migrations: readonly Migration[];
  /** Tries to become the one that migrates: a lock of the connection, not of a transaction. Lifts the time-out of statements. */
  lockMigrations(connection: Connection): Promise<boolean>;
  /** Readies the place of the tables (a schema); runs under the lock. */
  prepare?(statements: Statements): Promise<void>;
}
