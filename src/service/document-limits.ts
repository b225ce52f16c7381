import { WatchwordError } from '../core/errors.ts';
import type { Hit, Refusal } from '../core/limits.ts';
import type { ServiceDeps } from './deps.ts';

const KIND = 'counted';
/** Only other processes can count in between: each lost round is a count of theirs. */
const MOST_ROUNDS = 128;
const HOUR_MS = 3_600_000;

type Deps = Pick<ServiceDeps, 'store'>;

/**
 * Counts one against every hit of what makes no verification to reserve with: the counters are documents, one for each key and
 * window. The first hit that has no room refuses. Throws when the store cannot count.
 */
export async function takeDocumented(
  deps: Deps,
  application: string,
  hits: readonly Hit[],
  now: number,
): Promise<Refusal | null> {
  for (const hit of hits) {
    const refusal = await takeOne(deps, application, hit, now);
    if (refusal !== null) return refusal;
  }
  return null;
}

/** The first hit that has no room; counts nothing. */
export async function findReached(deps: Deps, hits: readonly Hit[], now: number): Promise<Refusal | null> {
  for (const hit of hits) {
    const { count, endsAt } = await read(deps, hit, now);
    if (count >= hit.max) return { name: hit.name, scope: hit.scope, resetAt: endsAt };
  }
  return null;
}

async function takeOne(deps: Deps, application: string, hit: Hit, now: number): Promise<Refusal | null> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { id, own, version, count, endsAt } = await read(deps, hit, now);
    if (count >= hit.max) return { name: hit.name, scope: hit.scope, resetAt: endsAt };
    const document = { kind: KIND, id, application, index: null, version: version + 1, body: String(own + 1) };
    if (await deps.store.documents.put({ ...document, createdAt: now, dueAt: null, endsAt })) return null;
  }
  throw new WatchwordError('unavailable', 'Too many starts at once; try again.');
}

interface Counted {
  /** The counter under the newest key, which is written. */
  readonly id: string;
  readonly version: number;
  readonly own: number;
  /** Under every key of the ring. */
  readonly count: number;
  readonly endsAt: number;
}

async function read({ store }: Deps, hit: Hit, now: number): Promise<Counted> {
  const windowMs = hit.windowMs ?? HOUR_MS;
  const slot = Math.floor(now / windowMs);
  const ids = hit.keys.map((key) => `${hit.name}|${key}|${slot}`);
  const found = await Promise.all(ids.map((id) => store.documents.get(KIND, id)));
  const counts = found.map((document) => (document === null ? 0 : Number(document.body)));
  const count = counts.reduce((sum, each) => sum + each, 0);
  const [id = ''] = ids;
  return { id, version: found[0]?.version ?? 0, own: counts[0] ?? 0, count, endsAt: (slot + 1) * windowMs };
}
