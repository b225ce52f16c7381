import { BATCH_KIND, batchFrom, newestOf, openSeal, type Batch, type Seal } from './batch.ts';
import type { SealDeps } from './seal.ts';

/** What the service signed about the newest batch, when it is about that batch; null = nothing may be chained to it. */
export function ownSeal(deps: Pick<SealDeps, 'ring'>, batch: Batch): Seal | null {
  const seal = openSeal(deps, batch);
  return seal?.number === batch.number ? seal : null;
}

/** The number of the newest batch where an application's log gets no further one, because that was altered; null where it does. */
export async function haltedAt(deps: Pick<SealDeps, 'store' | 'ring'>, application: string): Promise<number | null> {
  const document = await newestOf(deps, application);
  if (document === null) return null;
  try {
    return ownSeal(deps, batchFrom(document)) === null ? numberOf(document.id, application) : null;
  } catch {
    return numberOf(document.id, application);
  }
}

function numberOf(id: string, application: string): number {
  return Number(id.slice(application.length + 1));
}

/** Whether anything was sealed yet, by any application. */
export async function isAnythingSealed({ store }: Pick<SealDeps, 'store'>): Promise<boolean> {
  return (await store.documents.list({ kind: BATCH_KIND, limit: 1 })).length > 0;
}
