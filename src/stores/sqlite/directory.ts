import { sealed } from '../../core/redacted.ts';
import type { DirectoryStore, Person } from '../../ports/settings.ts';
import { placeholders } from '../sql/index.ts';
import type { Connection } from './connection.ts';
import type { Writer } from './writer.ts';

interface PersonRow {
  readonly id: string;
  readonly application: string;
  readonly to_index: string;
  readonly sealed: string;
  readonly reference: string | null;
  readonly created_at: number;
}

/** Known people on SQLite. */
export function createDirectory(connection: Connection, writer: Writer): DirectoryStore {
  return {
    put: (person) => writer.write(() => put(connection, person)),
    has: (application, toIndexes) =>
      connection.read(() => connection.sql(hasText(toIndexes)).get(application, ...toIndexes) !== undefined),
    list: (application, after, limit, toIndexes) =>
      connection.read(() => {
        const filter = toIndexes === undefined ? '' : `AND to_index IN (${placeholders(toIndexes.length)})`;
        const rows = connection
          .sql(`SELECT ${COLUMNS} FROM people WHERE application = ? AND id > ? ${filter} ORDER BY id LIMIT ?`)
          .all(application, after ?? '', ...(toIndexes ?? []), limit);
        return (rows as PersonRow[]).map(personFrom);
      }),
    remove: (application, toIndexes) =>
      writer.write(() => {
        const { changes } = connection
          .sql(`DELETE FROM people WHERE application = ? AND to_index IN (${placeholders(toIndexes.length)})`)
          .run(application, ...toIndexes);
        return Number(changes) > 0;
      }),
  };
}

function put(connection: Connection, person: Person): Person {
  const row = connection
    .sql(PUT)
    .get(person.id, person.application, person.toIndex, person.sealed.reveal(), person.reference, person.createdAt);
  return personFrom(row as PersonRow);
}

function personFrom(row: PersonRow): Person {
  return {
    id: row.id,
    application: row.application,
    toIndex: row.to_index,
    sealed: sealed(row.sealed),
    reference: row.reference,
    createdAt: row.created_at,
  };
}

const COLUMNS = 'id, application, to_index, sealed, reference, created_at';
/** Someone already there keeps id and date. */
const PUT = `INSERT INTO people (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (application, to_index) DO UPDATE SET sealed = excluded.sealed, reference = excluded.reference
  RETURNING ${COLUMNS}`;

function hasText(toIndexes: readonly string[]): string {
  return `SELECT 1 FROM people WHERE application = ? AND to_index IN (${placeholders(toIndexes.length)}) LIMIT 1`;
}
