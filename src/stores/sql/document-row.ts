import type { StoredDocument } from '../../ports/documents.ts';
import type { SqlValue } from './verification-row.ts';

/** A document as stored; `lookup` is its index. */
export interface DocumentRow {
  readonly kind: string;
  readonly id: string;
  readonly application: string;
  readonly lookup: string | null;
  readonly version: number;
  readonly body: string;
  readonly created_at: number;
  readonly due_at: number | null;
  readonly ends_at: number | null;
}

/** Columns of the table `documents`, in the order of {@link documentValues}; the key comes first. */
export const DOCUMENT_COLUMNS = [
  'kind',
  'id',
  'application',
  'lookup',
  'version',
  'body',
  'created_at',
  'due_at',
  'ends_at',
] as const satisfies readonly (keyof DocumentRow)[];

export function documentValues(document: StoredDocument): SqlValue[] {
  const { kind, id, application, index, version, body, createdAt, dueAt, endsAt } = document;
  return [kind, id, application, index, version, body, createdAt, dueAt, endsAt];
}

export function documentFrom(row: DocumentRow): StoredDocument {
  return {
    kind: row.kind,
    id: row.id,
    application: row.application,
    index: row.lookup,
    version: row.version,
    body: row.body,
    createdAt: row.created_at,
    dueAt: row.due_at,
    endsAt: row.ends_at,
  };
}
