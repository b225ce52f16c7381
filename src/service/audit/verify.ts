import type { AuditProblem, AuditVerdictView } from '../../core/audit-views.ts';
import { timestamp } from '../../core/views.ts';
import type { StoredDocument } from '../../ports/documents.ts';
import { signerOf } from '../../crypto/index.ts';
import { type Batch, BATCH_KIND, batchFrom, batchId, type Leaf, openSeal, rootOf, type Seal } from './batch.ts';
import { AUDIT_KIND, commitmentOf, rowBody, type RowBody } from './row.ts';
import type { SealDeps } from './seal.ts';
import { isErasure, isPurge } from './forget.ts';
import { pagesOf } from '../pages.ts';

type Counts = { -readonly [name in 'entries' | 'erased' | 'purged' | 'waiting' | 'batches']: number };

/**
 * Checks everything from the first batch on: the chain of signed roots, every sealed row against them, and that no row claims
 * a seal it has not. `root`, written down earlier, must be in the chain: who cuts off its end cannot have it there.
 */
export async function verifyLog(deps: SealDeps, application: string, root?: string): Promise<AuditVerdictView> {
  const counts: Counts = { entries: 0, erased: 0, purged: 0, waiting: 0, batches: 0 };
  const { newest, problem, isKnown } = await verifyBatches(deps, { application, root, counts });
  const unknown = problem === null && root !== undefined && !isKnown ? UNKNOWN_ROOT : null;
  const found = problem ?? (await strayRow(deps, application, counts)) ?? unknown;
  return {
    object: 'audit_verdict',
    application,
    intact: found === null,
    ...counts,
    root: newest?.root ?? null,
    checked_at: timestamp(await deps.store.verifications.time()),
    problem: found,
  };
}

const UNKNOWN_ROOT: AuditProblem = {
  code: 'root_unknown',
  entry: null,
  batch: null,
  detail: 'No batch of this log has the root that was given: its end was cut off, or it is another log.',
};

interface Walk {
  readonly application: string;
  readonly root: string | undefined;
  readonly counts: Counts;
}

async function verifyBatches(deps: SealDeps, { application, root, counts }: Walk) {
  let newest: Seal | null = null;
  let isKnown = false;
  for await (const page of pagesOf(deps, { kind: BATCH_KIND, application })) {
    for (const document of page) {
      const batch = batchOf(document);
      const next = (newest?.number ?? 0) + 1;
      if (batch === null)
        return { newest, problem: ofBatch('batch_altered', next, `Batch ${next} cannot be read.`), isKnown };
      const read = sealProblem(deps, batch, newest);
      if ('code' in read) return { newest, problem: read, isKnown };
      const problem = await contentProblem(deps, batch, { seal: read, counts });
      if (problem !== null) return { newest, problem, isKnown };
      counts.batches++;
      newest = read;
      isKnown ||= read.root === root;
    }
  }
  return { newest, problem: null, isKnown };
}

/** The seal, when it is the one that follows. */
function sealProblem(deps: SealDeps, batch: Batch, before: Seal | null): Seal | AuditProblem {
  const { number } = batch;
  const next = (before?.number ?? 0) + 1;
  if (number !== next) return ofBatch('batch_missing', next, `Batch ${next} is missing.`);
  const seal = openSeal(deps, batch);
  if (seal === null) return unsigned(deps, batch);
  const follows = seal.number === number && seal.application === batch.application;
  return follows && seal.previous === (before?.root ?? '')
    ? seal
    : ofBatch('batch_altered', number, `Batch ${number} does not follow the one before.`);
}

/** A secret that was left out after a rotation is no alteration, though nobody can tell until it is back. */
function unsigned({ ring }: SealDeps, { number, seal }: Batch): AuditProblem {
  const kid = signerOf(seal);
  const isOurs = kid === null || ring.jwks().keys.some((key) => key['kid'] === kid);
  if (isOurs) return ofBatch('batch_altered', number, `Batch ${number} does not carry the service’s signature.`);
  const cure = 'If it is of an earlier secret, add that to WATCHWORD_SECRET_PREVIOUS; else the batch was altered.';
  return ofBatch('key_unknown', number, `Batch ${number} is signed by a key that the service does not have. ${cure}`);
}

async function contentProblem(
  deps: SealDeps,
  batch: Batch,
  { seal, counts }: { readonly seal: Seal; readonly counts: Counts },
): Promise<AuditProblem | null> {
  if (isPurge(deps, batch)) {
    counts.purged += seal.count;
    return null;
  }
  const { leaves, number } = batch;
  if (batch.purged !== null || leaves.length !== seal.count || rootOf(leaves) !== seal.root)
    return ofBatch('batch_altered', number, `What batch ${number} lists is not what was signed.`);
  const rows = await rowsOf(deps, batch);
  for (const leaf of leaves) {
    const problem = rowProblem(deps, { leaf, row: rows.get(leaf[0]) ?? null, batch, counts });
    if (problem !== null) return problem;
  }
  return null;
}

/** Most rows of a batch are neighbours; late ones are read by themselves. */
async function rowsOf({ store }: SealDeps, { application, leaves }: Batch): Promise<Map<string, StoredDocument>> {
  const first = leaves[0]?.[0] ?? '';
  const query = { kind: AUDIT_KIND, application, after: first.slice(0, -1), limit: leaves.length + 1 };
  const near = new Map((await store.documents.list(query)).map((row) => [row.id, row]));
  const missing = leaves.filter(([id]) => !near.has(id));
  const read = await Promise.all(missing.map(([id]) => store.documents.get(AUDIT_KIND, id)));
  for (const row of read) if (row?.application === application) near.set(row.id, row);
  return near;
}

interface Compared {
  readonly leaf: Leaf;
  readonly row: StoredDocument | null;
  readonly batch: Batch;
  readonly counts: Counts;
}

function rowProblem(deps: SealDeps, { leaf, row, batch: { number }, counts }: Compared): AuditProblem | null {
  const [id, commitment] = leaf;
  if (row === null) return ofEntry('entry_missing', id, number, `Entry ${id} is gone.`);
  const body = bodyOf(row);
  const isErased = body !== null && 'erased' in body;
  const isOwn = body !== null && (isErased ? isErasure(deps, row, body.erased) : body.target === row.index);
  if (!isOwn || commitmentOf(row) !== commitment)
    return ofEntry('entry_altered', id, number, `Entry ${id} is not what was sealed in batch ${number}.`);
  counts.entries++;
  if (isErased) counts.erased++;
  return null;
}

function bodyOf(row: StoredDocument): RowBody | null {
  try {
    const body: unknown = rowBody(row);
    return typeof body === 'object' && body !== null ? rowBody(row) : null;
  } catch {
    return null;
  }
}

function batchOf(document: StoredDocument): Batch | null {
  try {
    return batchFrom(document);
  } catch {
    return null;
  }
}

/** Every row is sealed in the batch it names, or waits. */
async function strayRow(deps: SealDeps, application: string, counts: Counts): Promise<AuditProblem | null> {
  const known = new Map<number, ReadonlySet<string>>();
  for await (const page of pagesOf(deps, { kind: AUDIT_KIND, application })) {
    for (const row of page) {
      const number = bodyOf(row)?.batch;
      if (row.dueAt !== null) counts.waiting++;
      else if (!(await isListed(deps, { row, number, known })))
        return ofEntry(
          'entry_added',
          row.id,
          number ?? null,
          `Entry ${row.id} says it is sealed, and no batch has it.`,
        );
    }
  }
  return null;
}

const MOST_REMEMBERED = 64;

async function isListed(
  { store }: SealDeps,
  asked: { row: StoredDocument; number: number | undefined; known: Map<number, ReadonlySet<string>> },
): Promise<boolean> {
  const { row, number, known } = asked;
  if (number === undefined) return false;
  const listed = known.get(number) ?? (await listedIn(store, row.application, number));
  if (known.size >= MOST_REMEMBERED) known.clear();
  known.set(number, listed);
  return listed.has(row.id);
}

async function listedIn(
  { documents }: SealDeps['store'],
  application: string,
  number: number,
): Promise<ReadonlySet<string>> {
  const found = await documents.get(BATCH_KIND, batchId(application, number));
  const batch = found === null ? null : batchOf(found);
  return new Set(batch?.leaves.map(([id]) => id));
}

function ofBatch(code: AuditProblem['code'], batch: number, detail: string): AuditProblem {
  return { code, entry: null, batch, detail };
}

function ofEntry(code: AuditProblem['code'], entry: string, batch: number | null, detail: string): AuditProblem {
  return { code, entry, batch, detail };
}
