import { isId } from '../../core/id.ts';
import type { StoredDocument } from '../../ports/documents.ts';
import type { ServiceDeps } from '../deps.ts';
import {
  CLIENT_KIND,
  clientFrom,
  type Client,
  REPRESENTATIVE_KIND,
  representativeDocument,
  representativeFrom,
  type Representative,
} from './client.ts';

export type Deps = Pick<ServiceDeps, 'store' | 'ring' | 'env'>;

/** One application has at most so many clients, and a client so many representatives. */
export const MOST_CLIENTS = 5000;
export const MOST_REPRESENTATIVES = 200;
const STEP = 500;

export async function clientById(deps: Deps, application: string, id: string): Promise<Client | null> {
  const stored = isId('cli', id) ? await deps.store.documents.get(CLIENT_KIND, id) : null;
  return stored?.application === application ? clientFrom(deps.ring, stored) : null;
}

export async function representativeById(deps: Deps, application: string, id: string): Promise<Representative | null> {
  const stored = isId('rep', id) ? await deps.store.documents.get(REPRESENTATIVE_KIND, id) : null;
  return stored?.application === application ? representativeFrom(deps.ring, stored) : null;
}

export async function clientsOf(deps: Deps, application: string): Promise<readonly Client[]> {
  const found = await all(deps, { kind: CLIENT_KIND, application });
  return found.flatMap((stored) => clientFrom(deps.ring, stored) ?? []);
}

export async function representativesOf(
  deps: Deps,
  application: string,
  client?: string,
): Promise<readonly Representative[]> {
  const found = await all(deps, {
    kind: REPRESENTATIVE_KIND,
    application,
    ...(client === undefined ? {} : { index: client }),
  });
  return found.flatMap((stored) => representativeFrom(deps.ring, stored) ?? []);
}

/** Writes `change` of the newest version; null when it is gone or `change` says so. */
export async function changeRepresentative(
  deps: Deps,
  { application, id }: Pick<Representative, 'application' | 'id'>,
  change: (one: Representative) => Representative | null,
): Promise<Representative | null> {
  for (;;) {
    const one = await representativeById(deps, application, id);
    const changed = one === null ? null : change(one);
    if (one === null || changed === null) return null;
    const next = { ...changed, version: one.version + 1 };
    if (await deps.store.documents.put(representativeDocument(deps.ring, next))) return next;
  }
}

async function all(
  deps: Deps,
  query: { readonly kind: string; readonly application: string; readonly index?: string },
): Promise<readonly StoredDocument[]> {
  const found: StoredDocument[] = [];
  for (;;) {
    const after = found.at(-1)?.id;
    const step = await deps.store.documents.list({ ...query, limit: STEP, ...(after === undefined ? {} : { after }) });
    found.push(...step);
    if (step.length < STEP) return found;
  }
}
