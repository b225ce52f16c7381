import type { AuditEntryView } from '../../core/audit-views.ts';
import { refuse, ok, type Result } from '../../core/errors.ts';
import { isId, newId } from '../../core/id.ts';
import { timestamp, type ListView } from '../../core/views.ts';
import type { DocumentQuery, StoredDocument } from '../../ports/documents.ts';
import type { Caller } from '../api.ts';
import type { AuditQuery } from './api.ts';
import { AUDIT_KIND, commitmentOf, entryOf, rowBody } from './row.ts';
import type { SealDeps } from './seal.ts';

const PAGE = 20;
const READ_AT_ONCE = 500;
/** A filter that takes hardly anything gives a short page and a cursor instead of reading for ever. */
const MOST_READ = 5_000;

export function auditEntryView(row: StoredDocument): AuditEntryView {
  const body = rowBody(row);
  const entry = entryOf(row);
  return {
    id: row.id,
    object: 'audit_entry',
    created_at: timestamp(row.createdAt),
    erased: entry === null,
    actor: entry?.actor ?? null,
    action: entry?.action ?? null,
    target: entry?.target ?? null,
    data: entry?.data ?? {},
    commitment: commitmentOf(row),
    batch: body.batch ?? null,
  };
}

/** Newest first. */
export async function listLog(
  deps: SealDeps,
  caller: Caller,
  query: AuditQuery,
): Promise<Result<ListView<AuditEntryView>>> {
  const { cursor, limit = PAGE, created_before: before, created_after: since = 0 } = query;
  if (cursor !== undefined && !isId('aud', cursor)) return refuse(BAD_CURSOR);
  const data: AuditEntryView[] = [];
  let at = earlier(cursor, before === undefined ? undefined : newId('aud', before, ''));
  for (let read = 0; read < MOST_READ; read += READ_AT_ONCE) {
    const rows = await deps.store.documents.list(pageQuery(caller, query, at));
    for (const row of rows) {
      if (row.createdAt < since) return ok({ data, has_more: false, next_cursor: null });
      const view = auditEntryView(row);
      if (!fits(view, query)) continue;
      if (data.length === limit) return ok({ data, has_more: true, next_cursor: data.at(-1)?.id ?? null });
      data.push(view);
    }
    if (rows.length < READ_AT_ONCE) return ok({ data, has_more: false, next_cursor: null });
    at = rows.at(-1)?.id;
  }
  return ok({ data, has_more: true, next_cursor: at ?? null });
}

const BAD_CURSOR = {
  code: 'invalid_request',
  detail: 'The cursor is not one of this list.',
  errors: [{ pointer: '#query/cursor', code: 'invalid_cursor', detail: 'The cursor is not one of this list.' }],
} as const;

function earlier(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}

function pageQuery(caller: Caller, { target }: AuditQuery, after: string | undefined): DocumentQuery {
  return {
    kind: AUDIT_KIND,
    application: caller.application.id,
    newestFirst: true,
    limit: READ_AT_ONCE,
    ...(target === undefined ? {} : { index: target }),
    ...(after === undefined ? {} : { after }),
  };
}

function fits({ actor, action, erased }: AuditEntryView, query: AuditQuery): boolean {
  if (query.actor === undefined && query.actions === undefined) return true;
  if (erased || actor === null || action === null) return false;
  const isActor = query.actor === undefined || actorNames(actor).includes(query.actor);
  const isAction = query.actions?.some((name) => action === name || action.startsWith(`${name}.`)) ?? true;
  return isActor && isAction;
}

/** An actor as filters name it: by type, by id, or by both. */
function actorNames({ type, id }: NonNullable<AuditEntryView['actor']>): readonly string[] {
  return id === null ? [type] : [type, id, `${type}:${id}`];
}
