import { sealed } from '../../../core/redacted.ts';
import type { DirectoryStore, Person } from '../../../ports/settings.ts';
import { rowOf } from './load.ts';
import type { Parts } from './parts.ts';
import type { Session } from './session.ts';
import { PEOPLE } from './tables.ts';
import type { SqlValue } from '../verification-row.ts';
import { insertAll } from './write.ts';

interface PersonRow {
  readonly application: string;
  readonly to_index: string;
  readonly id: string;
  readonly sealed: string;
  readonly reference: string | null;
  readonly created_at: number;
}

/** Known people on a database server. */
export function createDirectory({ reader }: Parts): DirectoryStore {
  return {
    put: (person) => reader.transaction((session) => put(session, person)),
    has: async (application, toIndexes) => (await reader.rows(HAS, [application, toIndexes])).length > 0,
    async list(application, after, limit, toIndexes) {
      const rows =
        toIndexes === undefined
          ? await reader.rows(LIST, [application, after ?? '', limit])
          : await reader.rows(LIST_SOME, [application, after ?? '', toIndexes, limit]);
      return rows.map(personFrom);
    },
    remove: async (application, toIndexes) =>
      (await reader.run('DELETE FROM people WHERE application = ? AND to_index IN (?)', [application, toIndexes])) > 0,
  };
}

/** Someone already there keeps id and date. */
async function put(session: Session, person: Person): Promise<Person> {
  const [row] = await session.rows(`${FIND} FOR UPDATE`, [person.application, person.toIndex]);
  if (row === undefined) {
    await insertAll(session, PEOPLE, [lineOf(person)]);
    return person;
  }
  const { id, createdAt } = personFrom(row);
  const known = { ...person, id, createdAt };
  await session.upsert(PEOPLE, [lineOf(known)]);
  return known;
}

function lineOf(person: Person): SqlValue[] {
  return [person.application, person.toIndex, person.id, person.sealed.reveal(), person.reference, person.createdAt];
}

function personFrom(values: readonly SqlValue[]): Person {
  const row = rowOf<PersonRow>(PEOPLE.columns, values);
  return {
    id: row.id,
    application: row.application,
    toIndex: row.to_index,
    sealed: sealed(row.sealed),
    reference: row.reference,
    createdAt: row.created_at,
  };
}

const COLUMNS = PEOPLE.columns.join(', ');
const FIND = `SELECT ${COLUMNS} FROM people WHERE application = ? AND to_index = ?`;
const HAS = 'SELECT 1 FROM people WHERE application = ? AND to_index IN (?) LIMIT 1';
const LIST = `SELECT ${COLUMNS} FROM people WHERE application = ? AND id > ? ORDER BY id LIMIT ?`;
const LIST_SOME = `SELECT ${COLUMNS} FROM people WHERE application = ? AND id > ? AND to_index IN (?) ORDER BY id LIMIT ?`;
