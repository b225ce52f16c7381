import { ok, refuse, type Problem, type Result } from '../../core/errors.ts';
import { retentionEnd } from '../../core/machine/index.ts';
import type { Actor, Verification } from '../../core/verification.ts';
import { timestamp } from '../../core/views.ts';
import type { CommittedDocument, StoredDocument } from '../../ports/documents.ts';
import type { Caller } from '../api.ts';
import { auditDocument, doneBy } from '../audit/row.ts';
import type { ServiceDeps } from '../deps.ts';
import { load } from '../load.ts';
import { NOT_FOUND } from '../problems.ts';
import type { DeskRecordView, ReviewView } from './api.ts';
import { deskView } from './desk-view.ts';

const REVIEW_KIND = 'skip_review';
const OPEN = 'open';
const DONE = 'done';
const MOST_SHOWN = 50;

const OWN: Problem = { code: 'forbidden', detail: 'Somebody else reviews your own skips.' };

interface Body {
  /** Null until somebody has looked at it. */
  readonly by: Actor | null;
  readonly at: number | null;
}

/** What is written beside a skip that a supervisor is to look at; nothing where the policy does not ask. */
export function reviewDocuments(record: Verification, now: number): readonly CommittedDocument[] {
  if (record.policy.override !== 'with_review') return [];
  return [reviewDocument(record, { version: 1, createdAt: now, body: { by: null, at: null } })];
}

function reviewDocument(
  record: Verification,
  { version, createdAt, body }: Pick<StoredDocument, 'version' | 'createdAt'> & { readonly body: Body },
): CommittedDocument {
  return {
    kind: REVIEW_KIND,
    id: record.id,
    application: record.application,
    index: body.by === null ? OPEN : DONE,
    version,
    body: JSON.stringify(body),
    createdAt,
    dueAt: null,
    endsAt: retentionEnd(record),
  };
}

/** Null where nobody has to look at it. */
export async function reviewOf(deps: ServiceDeps, { id, status }: Verification): Promise<ReviewView | null> {
  const document = status === 'skipped' ? await deps.store.documents.get(REVIEW_KIND, id) : null;
  return document === null ? null : viewOf(JSON.parse(document.body) as Body);
}

function viewOf({ by, at }: Body): ReviewView {
  return { reviewed_by: by, reviewed_at: at === null ? null : timestamp(at) };
}

/** Newest first. */
export async function openReviews(deps: ServiceDeps, caller: Caller): Promise<readonly DeskRecordView[]> {
  const found = await deps.store.documents.list({
    kind: REVIEW_KIND,
    application: caller.application.id,
    index: OPEN,
    newestFirst: true,
    limit: MOST_SHOWN,
  });
  const records = await Promise.all(found.map(({ id }) => load(deps, caller, id)));
  return records.flatMap(({ record, now }) => (record === null ? [] : deskView(record, now)));
}

/** Once: who comes second sees who was first. */
export async function review(deps: ServiceDeps, caller: Caller, id: string): Promise<Result<ReviewView>> {
  const { record, now } = await load(deps, caller, id);
  const document = record === null ? null : await deps.store.documents.get(REVIEW_KIND, id);
  if (record === null || document === null) return refuse(NOT_FOUND);
  const known = JSON.parse(document.body) as Body;
  if (known.by !== null) return ok(viewOf(known));
  if (record.actor.id === caller.actor.id || (await skipperOf(deps, id)) === caller.actor.id) return refuse(OWN);
  const body: Body = { by: caller.actor, at: now };
  const { version, createdAt } = document;
  if (!(await deps.store.documents.put(reviewDocument(record, { version: version + 1, createdAt, body }))))
    return review(deps, caller, id);
  const act = { ...doneBy(caller), action: 'skip.reviewed', target: id } as const;
  await deps.store.documents.put(auditDocument(deps, act, now));
  return ok(viewOf(body));
}

/** Whoever skipped it: not always who started it. */
async function skipperOf(deps: ServiceDeps, id: string): Promise<string | null> {
  const events = await deps.store.records.events(id);
  return events.find(({ type }) => type === 'skipped')?.actor.id ?? null;
}
