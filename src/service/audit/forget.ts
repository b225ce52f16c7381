import { canonicalJson } from '../../core/canonical.ts';
import { timestamp } from '../../core/views.ts';
import type { Actor } from '../../core/verification.ts';
import type { StoredDocument } from '../../ports/documents.ts';
import { type Batch, BATCH_KIND, batchDocument, batchFrom } from './batch.ts';
import { AUDIT_KIND, auditDocument, type AuditNote, commitmentOf, rowBody, rowWith } from './row.ts';
import type { SealDeps } from './seal.ts';

const DAY_MS = 86_400_000;
const PAGE = 100;

/** Erases what the log says of one target: data and salt go, what stands for them stays, with the service's word. */
export async function forgetTarget(deps: SealDeps, application: string, target: string): Promise<void> {
  for (;;) {
    const found = await deps.store.documents.list({ kind: AUDIT_KIND, application, index: target, limit: PAGE });
    for (const { id } of found) await eraseRow(deps, id);
    if (found.length < PAGE) return;
  }
}

async function eraseRow(deps: SealDeps, id: string): Promise<void> {
  for (;;) {
    const row = await deps.store.documents.get(AUDIT_KIND, id);
    if (row === null) return;
    const body = rowBody(row);
    if ('erased' in body) return;
    const { batch } = body;
    const sealed = batch === undefined ? {} : { batch };
    const erased = { commitment: commitmentOf(row), erased: deps.ring.signStatement(erasureOf(row)), ...sealed };
    if (await deps.store.documents.put(rowWith(row, erased, row.dueAt))) return;
  }
}

/** Whether the service itself erased this row. */
export function isErasure({ ring }: Pick<SealDeps, 'ring'>, row: StoredDocument, statement: string): boolean {
  return ring.openStatement(statement) === erasureOf(row);
}

function erasureOf({ application, id }: StoredDocument): string {
  return canonicalJson({ application, erased: id });
}

/** Removes rows of batches sealed longer ago than `days`; roots and counts stay. Returns how many rows went. */
export async function purgeLog(deps: SealDeps, purge: Purge): Promise<number> {
  const { application, days } = purge;
  const before = (await deps.store.verifications.time()) - days * DAY_MS;
  const query = { kind: BATCH_KIND, application, index: 'kept', after: '', limit: PAGE };
  let gone = 0;
  for (;;) {
    const kept = await deps.store.documents.list(query);
    const over = kept.map(batchFrom).filter(({ done, createdAt }) => done && createdAt < before);
    for (const batch of over) gone += await purgeBatch(deps, batch);
    if (over.length < PAGE) break;
  }
  if (gone > 0) await noteGone(deps, purge, { entries: gone, before: timestamp(before) });
  return gone;
}

interface Purge {
  readonly application: string;
  readonly actor: Actor;
  readonly days: number;
}

async function noteGone(
  deps: SealDeps,
  { application, actor }: Purge,
  data: AuditNote['data'] & object,
): Promise<void> {
  const now = await deps.store.verifications.time();
  const note = { application, actor, action: 'audit.purged', target: null, data } as const;
  await deps.store.documents.put(auditDocument(deps, note, now));
}

/** First the service's word, then the rows, then their list: the log holds at every moment, and the next run ends what a crash began. */
async function purgeBatch({ store, ring }: SealDeps, batch: Batch): Promise<number> {
  const { documents } = store;
  const { leaves, version } = batch;
  const purged = ring.signStatement(purgeOf(batch));
  const begun = { ...batch, version: version + 1, purged };
  if (!(await documents.put(batchDocument(begun)))) return 0;
  await Promise.all(leaves.map(([id]) => documents.remove(AUDIT_KIND, id)));
  await documents.put(batchDocument({ ...begun, version: version + 2, leaves: [] }));
  return leaves.length;
}

/** Whether the service itself removed the rows of this batch. */
export function isPurge({ ring }: Pick<SealDeps, 'ring'>, batch: Batch): boolean {
  return batch.purged !== null && ring.openStatement(batch.purged) === purgeOf(batch);
}

function purgeOf({ application, number }: Batch): string {
  return canonicalJson({ application, purged: number });
}
