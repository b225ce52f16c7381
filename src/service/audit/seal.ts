import { timestamp } from '../../core/views.ts';
import type { StoredDocument } from '../../ports/documents.ts';
import type { ServiceDeps } from '../deps.ts';
import { announceRoots } from './announce.ts';
import { type Batch, batchDocument, newestBatch, nextBatch } from './batch.ts';
import { ownSeal } from './halted.ts';
import { AUDIT_KIND, commitmentOf, rowBody, rowWith } from './row.ts';

export const MOST_IN_BATCH = 256;
/** Rows are somebody else's to seal after this long. */
const LEASE_MS = 60_000;
const SEALER_KIND = 'audit_sealer';
const SEALER = 'sealer';
const SEAL_EVERY_MS = 10_000;

export type SealDeps = Pick<ServiceDeps, 'store' | 'ring' | 'env'>;

/** Seals when it is time, one process at a time; with nothing to seal it only reads. Returns the batches that were written. */
export async function sealDue(deps: SealDeps): Promise<readonly Batch[]> {
  const { documents } = deps.store;
  const now = await deps.store.verifications.time();
  const lease = await documents.get(SEALER_KIND, SEALER);
  if (lease?.dueAt != null && lease.dueAt > now) return [];
  const today = timestamp(now).slice(0, 10);
  const isNewDay = lease !== null && lease.index !== today;
  const rows = await documents.claim(AUDIT_KIND, now, MOST_IN_BATCH, LEASE_MS);
  if (rows.length === 0 && !isNewDay) return [];
  const taken = leaseAfter(lease, { index: today, dueAt: now + LEASE_MS, now });
  if (!(await documents.put(taken))) {
    await giveBack(deps, rows, now);
    return [];
  }
  const batches = [...(await sealAll(deps, rows, now)), ...(rows.length < MOST_IN_BATCH ? [] : await seal(deps))];
  if (isNewDay) await announceRoots(deps);
  await documents.put(leaseAfter(taken, { index: today, dueAt: now + SEAL_EVERY_MS, now }));
  return batches;
}

/** Rows that another one seals: else they would wait for the end of the lease on them. */
async function giveBack({ store }: SealDeps, rows: readonly StoredDocument[], now: number): Promise<void> {
  await Promise.all(rows.map((row) => store.documents.put({ ...row, version: row.version + 1, dueAt: now })));
}

/** Its index is the day on which roots were last told. */
function leaseAfter(
  before: StoredDocument | null,
  { index, dueAt, now }: { readonly index: string; readonly dueAt: number; readonly now: number },
): StoredDocument {
  const { version = 0, createdAt = now } = before ?? {};
  const key = { kind: SEALER_KIND, id: SEALER, application: '' };
  return { ...key, index, version: version + 1, body: '{}', createdAt, dueAt, endsAt: null };
}

/**
 * Seals every row that waits, whatever its id. Any number of processes may do it at once: a row is claimed by one of them, the
 * number of a batch is taken once, and no batch follows one whose rows do not all know that they are sealed.
 */
export async function seal(deps: SealDeps): Promise<readonly Batch[]> {
  const batches: Batch[] = [];
  for (;;) {
    const now = await deps.store.verifications.time();
    const rows = await deps.store.documents.claim(AUDIT_KIND, now, MOST_IN_BATCH, LEASE_MS);
    batches.push(...(await sealAll(deps, rows, now)));
    if (rows.length < MOST_IN_BATCH) return batches;
  }
}

async function sealAll(deps: SealDeps, rows: readonly StoredDocument[], claimedAt: number): Promise<readonly Batch[]> {
  const batches: Batch[] = [];
  for (const [application, own] of byApplication(rows)) {
    const batch = await sealRows(deps, { application, rows: own, claimedAt });
    if (batch !== null) batches.push(batch);
  }
  return batches;
}

function byApplication(rows: readonly StoredDocument[]): ReadonlyMap<string, readonly StoredDocument[]> {
  const groups = new Map<string, StoredDocument[]>();
  for (const row of rows) {
    const group = groups.get(row.application);
    if (group === undefined) groups.set(row.application, [row]);
    else group.push(row);
  }
  return groups;
}

interface Claimed {
  readonly application: string;
  readonly rows: readonly StoredDocument[];
  readonly claimedAt: number;
}

async function sealRows(deps: SealDeps, claimed: Claimed): Promise<Batch | null> {
  const { application, claimedAt } = claimed;
  for (;;) {
    const head = await newestBatch(deps, application);
    if (head !== null && !head.done) await finish(deps, head);
    const known = new Set(head?.leaves.map(([row]) => row));
    const rows = claimed.rows.filter(({ id }) => !known.has(id));
    const now = await deps.store.verifications.time();
    // Past half the lease somebody else may be about to seal the same rows.
    if (rows.length === 0 || now - claimedAt > LEASE_MS / 2) return null;
    const sealBefore = head === null ? null : ownSeal(deps, head);
    if (head !== null && sealBefore === null) return broken(deps, head);
    const leaves = rows.map((row) => [row.id, commitmentOf(row)] as const).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const batch = nextBatch(deps, { application, leaves, head: sealBefore, now });
    if (!(await deps.store.documents.put(batchDocument(batch)))) continue;
    await finish(deps, batch);
    return batch;
  }
}

/** Nothing may be chained to what the service did not sign: its rows wait until somebody looked. */
function broken({ env }: SealDeps, { application, number }: Batch): null {
  env.log({ event: 'audit.broken', level: 'error', application, batch: number });
  return null;
}

/** Has every row of a batch know that it is sealed, and then the batch. Doing it again changes nothing. */
async function finish({ store }: SealDeps, batch: Batch): Promise<void> {
  await Promise.all(batch.leaves.map(([id]) => markSealed(store.documents, id, batch.number)));
  await store.documents.put(batchDocument({ ...batch, version: batch.version + 1, done: true }));
}

async function markSealed(documents: SealDeps['store']['documents'], id: string, batch: number): Promise<void> {
  for (;;) {
    const row = await documents.get(AUDIT_KIND, id);
    if (row === null) return;
    const body = rowBody(row);
    if (body.batch !== undefined && row.dueAt === null) return;
    if (await documents.put(rowWith(row, { ...body, batch }, null))) return;
  }
}
