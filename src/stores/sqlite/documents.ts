import type { DocumentQuery, Documents, StoredDocument } from '../../ports/documents.ts';
import {
  DOCUMENT_COLUMNS,
  documentFrom,
  documentValues,
  placeholders,
  type DocumentRow,
  type SqlValue,
} from '../sql/index.ts';
import type { Connection } from './connection.ts';
import type { Writer } from './writer.ts';

/** Documents on SQLite. */
export function createDocuments(connection: Connection, writer: Writer): Documents {
  return {
    get: (kind, id) =>
      connection.read(() => {
        const row = connection.sql(`SELECT ${COLUMNS} FROM documents WHERE kind = ? AND id = ?`).get(kind, id);
        return row === undefined ? null : documentFrom(row as DocumentRow);
      }),
    put: (document) => writer.write(() => putDocument(connection, document)),
    remove: (kind, id) =>
      writer.write(
        () => Number(connection.sql('DELETE FROM documents WHERE kind = ? AND id = ?').run(kind, id).changes) > 0,
      ),
    list: (query) => connection.read(() => list(connection, query)),
    async claim(kind, now, limit, leaseMs) {
      // Workers ask now and then: nothing due must not cost a commit each time.
      if ((await connection.read(() => connection.sql(ANY_DUE).get(kind, now))) === undefined) return [];
      return writer.write(() => {
        const rows = connection.sql(CLAIM).all(now + leaseMs, kind, now, limit) as DocumentRow[];
        return rows.map(documentFrom).toSorted((a, b) => (a.id < b.id ? -1 : 1));
      });
    },
  };
}

/** Inserts version 1, or swaps the version before; for use inside a transaction. */
export function putDocument(connection: Connection, document: StoredDocument): boolean {
  const { kind, id, version } = document;
  const values = documentValues(document);
  const { changes } =
    version === 1
      ? connection.sql(INSERT).run(...values)
      : connection.sql(SWAP).run(...values.slice(2), kind, id, version - 1);
  return Number(changes) > 0;
}

function list(connection: Connection, query: DocumentQuery): StoredDocument[] {
  const { kind, application, index, after, newestFirst = false, limit } = query;
  const parts = ['kind = ?'];
  const values: SqlValue[] = [kind];
  const add = (part: string, value: SqlValue | undefined): void => {
    if (value === undefined) return;
    parts.push(part);
    values.push(value);
  };
  add('application = ?', application);
  add('lookup = ?', index);
  add(newestFirst ? 'id < ?' : 'id > ?', after);
  const order = newestFirst ? 'DESC' : 'ASC';
  const text = `SELECT ${COLUMNS} FROM documents WHERE ${parts.join(' AND ')} ORDER BY id ${order} LIMIT ?`;
  return (connection.sql(text).all(...values, limit) as DocumentRow[]).map(documentFrom);
}

const COLUMNS = DOCUMENT_COLUMNS.join(', ');
const INSERT = `INSERT INTO documents (${COLUMNS}) VALUES (${placeholders(DOCUMENT_COLUMNS.length)}) ON CONFLICT DO NOTHING`;
const SWAP = `UPDATE documents SET ${DOCUMENT_COLUMNS.slice(2)
  .map((column) => `${column} = ?`)
  .join(', ')} WHERE kind = ? AND id = ? AND version = ?`;
const ANY_DUE = 'SELECT 1 FROM documents WHERE kind = ? AND due_at <= ? LIMIT 1';
const CLAIM = `UPDATE documents SET version = version + 1, due_at = ? WHERE (kind, id) IN (
    SELECT kind, id FROM documents WHERE kind = ? AND due_at <= ? ORDER BY due_at LIMIT ?
  ) RETURNING ${COLUMNS}`;
