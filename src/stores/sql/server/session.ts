import type { SqlValue } from '../verification-row.ts';
import type { Table } from './tables.ts';

/** A parameter. A list stands only in `IN (?)`, is never empty and holds values of one type. */
export type Bind = SqlValue | readonly SqlValue[];

/** What a statement of the engine can ask. Texts hold `?` for each parameter; the dialect spells them its way. */
export interface Statements {
  /** The rows of a SELECT as arrays of values, in the order of its columns. Integers are numbers. */
  rows(text: string, binds?: readonly Bind[]): Promise<readonly (readonly SqlValue[])[]>;
  /** Runs an UPDATE or DELETE and returns how many rows it met. */
  run(text: string, binds?: readonly Bind[]): Promise<number>;
  /** Inserts rows of all columns of the table, but those whose key (or another unique value) is taken. Returns how many went in. */
  insert<Column extends string>(table: Table<Column>, rows: readonly (readonly SqlValue[])[]): Promise<number>;
  /** Sets `columns` of the rows with the key that each line begins with; a line is key values, then values of `columns`. */
  update<Column extends string>(
    table: Table<Column>,
    columns: readonly Column[],
    lines: readonly (readonly SqlValue[])[],
  ): Promise<void>;
  /** Inserts rows of all columns or, where the key is taken, writes the other columns over; `sum` is added to instead. Keys differ. */
  upsert<Column extends string>(
    table: Table<Column>,
    rows: readonly (readonly SqlValue[])[],
    sum?: Column,
  ): Promise<void>;
}

/**
 * One connection. Calls may be made without waiting for each other and run in their order; when one fails inside a
 * transaction the later ones fail too. Nothing is called with empty `rows` or `lines`. Rejects with the driver's own
 * errors ({@link Dialect.faultOf} reads them), at once when the connection is gone.
 */
export interface Connection extends Statements {
  /** Different from that of every other open connection to the server. */
  readonly number: number;
  /** False once it is gone; then every call rejects. */
  readonly isOpen: boolean;
  /** Begins a transaction that sees what others committed before each of its statements. Returns the server's time, epoch ms. */
  begin(): Promise<number>;
  /** Resolves when the commit is durable, and only then. */
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Lets go of the socket at once; what is under way rejects. */
  destroy(): void;
}

/** The statements of one transaction; what {@link Connection} offers but ending it. */
export type Session = Statements & Pick<Connection, 'number'>;
