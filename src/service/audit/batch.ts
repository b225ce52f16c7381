import { canonicalJson } from '../../core/canonical.ts';
import { timestamp } from '../../core/views.ts';
import { merkleRoot } from '../../crypto/index.ts';
import type { StoredDocument } from '../../ports/documents.ts';
import type { ServiceDeps } from '../deps.ts';

export const BATCH_KIND = 'audit_batch';
/** Long enough for a batch a second over three hundred years. */
const DIGITS = 10;

/** A row in its batch: its id and what stands for it. */
export type Leaf = readonly [row: string, commitment: string];

/** What the service signs about a batch; `previous` is the root before, '' for the first. */
export interface Seal {
  readonly application: string;
  readonly number: number;
  readonly count: number;
  readonly root: string;
  readonly previous: string;
  /** RFC 3339. */
  readonly sealed_at: string;
}

export interface Batch {
  readonly version: number;
  /** As its key says; that it is so is for whoever verifies. */
  readonly number: number;
  readonly application: string;
  readonly createdAt: number;
  /** The signed {@link Seal}. */
  readonly seal: string;
  /** Empty once purged. */
  readonly leaves: readonly Leaf[];
  /** Every row of it knows that it is sealed. */
  readonly done: boolean;
  /** The service's signed word that it removed the rows; null while they are kept. */
  readonly purged: string | null;
}

type Body = Pick<Batch, 'seal' | 'leaves' | 'done' | 'purged'>;

export function batchId(application: string, number: number): string {
  return `${application}|${String(number).padStart(DIGITS, '0')}`;
}

export function batchDocument({ version, number, application, createdAt, ...body }: Batch): StoredDocument {
  return {
    kind: BATCH_KIND,
    id: batchId(application, number),
    application,
    index: body.purged !== null && body.leaves.length === 0 ? null : 'kept',
    version,
    body: JSON.stringify(body),
    createdAt,
    dueAt: null,
    endsAt: null,
  };
}

/** Throws on what this service cannot have written. */
export function batchFrom({ id, application, version, createdAt, body }: StoredDocument): Batch {
  const number = Number(id.slice(application.length + 1));
  const { seal, leaves, done, purged } = JSON.parse(body) as Body;
  if (typeof seal !== 'string' || !Array.isArray(leaves)) throw new TypeError('not a batch');
  return { version, number, application, createdAt, seal, leaves, done, purged };
}

/** The text of a leaf as it is hashed. */
export function leafText([row, commitment]: Leaf): string {
  return `${row} ${commitment}`;
}

export function rootOf(leaves: readonly Leaf[]): string {
  return merkleRoot(leaves.map(leafText));
}

/** The batch after `head`, signed, not written. */
export function nextBatch(
  { ring }: Pick<ServiceDeps, 'ring'>,
  { application, leaves, head, now }: { application: string; leaves: readonly Leaf[]; head: Seal | null; now: number },
): Batch {
  const number = (head?.number ?? 0) + 1;
  const seal: Seal = {
    application,
    number,
    count: leaves.length,
    root: rootOf(leaves),
    previous: head?.root ?? '',
    sealed_at: timestamp(now),
  };
  const signed = ring.signStatement(canonicalJson({ ...seal }));
  return { version: 1, number, application, createdAt: now, seal: signed, leaves, done: false, purged: null };
}

/** What the service signed, or null when it did not. */
export function openSeal({ ring }: Pick<ServiceDeps, 'ring'>, { seal }: Pick<Batch, 'seal'>): Seal | null {
  const text = ring.openStatement(seal);
  return text === null ? null : (JSON.parse(text) as Seal);
}

/** The newest batch of an application. */
export async function newestBatch(deps: Pick<ServiceDeps, 'store'>, application: string): Promise<Batch | null> {
  const document = await newestOf(deps, application);
  return document === null ? null : batchFrom(document);
}

/** The same as it is stored, whether it can be read or not. */
export async function newestOf(
  { store }: Pick<ServiceDeps, 'store'>,
  application: string,
): Promise<StoredDocument | null> {
  const query = { kind: BATCH_KIND, application, newestFirst: true, limit: 1 };
  const [document = null] = await store.documents.list(query);
  return document;
}
