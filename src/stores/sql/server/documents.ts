import type { DocumentQuery, Documents, StoredDocument } from '../../../ports/documents.ts';
import { DOCUMENT_COLUMNS, documentFrom, documentValues, type DocumentRow } from '../document-row.ts';
import type { SqlValue } from '../verification-row.ts';
import { rowOf } from './load.ts';
import type { Parts } from './parts.ts';
import type { Session } from './session.ts';
import { DOCUMENTS } from './tables.ts';

/** Documents on a database server. */
export function createDocuments({ reader }: Parts): Documents {
  return {
    async get(kind, id) {
      const [row] = await reader.rows(`SELECT ${COLUMNS} FROM documents WHERE kind = ? AND id = ?`, [kind, id]);
      return row === undefined ? null : fromValues(row);
    },
    put: (document) => reader.transaction((session) => put(session, document)),
    remove: async (kind, id) => (await reader.run('DELETE FROM documents WHERE kind = ? AND id = ?', [kind, id])) > 0,
    list: async (query) => {
      const { text, values } = listing(query);
      return (await reader.rows(text, values)).map(fromValues);
    },
    async claim(kind, now, limit, leaseMs) {
      if (
        (await reader.rows('SELECT 1 FROM documents WHERE kind = ? AND due_at <= ? LIMIT 1', [kind, now])).length === 0
      )
        return [];
      return reader.transaction((session) => claim(session, { kind, now, limit, until: now + leaseMs }));
    },
  };
}

async function put(session: Session, document: StoredDocument): Promise<boolean> {
  const values = documentValues(document);
  if (document.version === 1) return (await session.insert(DOCUMENTS, [values])) > 0;
  return (await session.run(SWAP, [...values.slice(2), document.kind, document.id, document.version - 1])) > 0;
}

interface Claim {
  readonly kind: string;
  readonly now: number;
  readonly limit: number;
  readonly until: number;
}

async function claim(session: Session, { kind, now, limit, until }: Claim): Promise<readonly StoredDocument[]> {
  const due = (await session.rows(DUE, [kind, now, limit])).map(fromValues);
  if (due.length === 0) return [];
  const claimed = due.map((document) => ({ ...document, version: document.version + 1, dueAt: until }));
  await session.update(
    DOCUMENTS,
    ['version', 'due_at'],
    claimed.map(({ id, version, dueAt }) => [kind, id, version, dueAt]),
  );
  return claimed.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function listing(query: DocumentQuery): { readonly text: string; readonly values: readonly SqlValue[] } {
  const { kind, application, index, after, newestFirst = false, limit } = query;
  const filters: readonly (readonly [part: string, value: SqlValue | undefined])[] = [
    ['kind = ?', kind],
    ['application = ?', application],
    ['lookup = ?', index],
    [newestFirst ? 'id < ?' : 'id > ?', after],
  ];
  const given = filters.flatMap(([part, value]) => (value === undefined ? [] : [{ part, value }]));
  const where = given.map(({ part }) => part).join(' AND ');
  const order = newestFirst ? 'DESC' : 'ASC';
  const text = `SELECT ${COLUMNS} FROM documents WHERE ${where} ORDER BY id ${order} LIMIT ?`;
  return { text, values: [...given.map(({ value }) => value), limit] };
}

function fromValues(values: readonly SqlValue[]): StoredDocument {
  return documentFrom(rowOf<DocumentRow>(DOCUMENT_COLUMNS, values));
}

const COLUMNS = DOCUMENT_COLUMNS.join(', ');
const SWAP = `UPDATE documents SET ${DOCUMENT_COLUMNS.slice(2)
  .map((column) => `${column} = ?`)
  .join(', ')} WHERE kind = ? AND id = ? AND version = ?`;
const DUE = `SELECT ${COLUMNS} FROM documents WHERE kind = ? AND due_at <= ? ORDER BY due_at LIMIT ? FOR UPDATE SKIP LOCKED`;
