import { isId, newId } from '../../core/id.ts';
import { newSecretToken } from '../../crypto/index.ts';
import type { ServiceDeps } from '../deps.ts';

const LINK_KIND = 'staff_link';

type LinkUse = 'welcome' | 'password';

/** A link that works once. Looking at it changes nothing; {@link takeLink} uses it up. */
export interface Link {
  readonly id: string;
  readonly application: string;
  /** Whom it is for; the use itself for a link for anybody. */
  readonly bearer: string;
}

interface Body {
  readonly use: LinkUse;
  readonly hash: string;
}

type Deps = Pick<ServiceDeps, 'store' | 'ring' | 'env'>;

/** A new link's token, good for `ttlMs`. It ends the links of the same use and bearer before it. */
export async function newLink(
  deps: Deps,
  link: { readonly application: string; readonly use: LinkUse; readonly bearer?: string; readonly ttlMs: number },
): Promise<string> {
  const { application, use, ttlMs, bearer: index = use } = link;
  const older = await deps.store.documents.list({ kind: LINK_KIND, application, index, limit: 100 });
  await Promise.all(older.map(({ id }) => deps.store.documents.remove(LINK_KIND, id)));
  const now = await deps.store.verifications.time();
  const secret = newSecretToken();
  const id = newId('lnk', now, deps.env.randomText(20));
  const body: Body = { use, hash: deps.ring.hashToken(secret) };
  await deps.store.documents.put({
    kind: LINK_KIND,
    id,
    application,
    index,
    version: 1,
    body: JSON.stringify(body),
    createdAt: now,
    dueAt: null,
    endsAt: now + ttlMs,
  });
  return `${id.slice('lnk_'.length)}.${secret}`;
}

/** The link of a token, or null: unknown, used, old or made for something else. */
export async function findLink(deps: Deps, use: LinkUse, token: string): Promise<Link | null> {
  const [idPart = '', secret = ''] = token.split('.', 2);
  const id = `lnk_${idPart}`;
  const document = isId('lnk', id) ? await deps.store.documents.get(LINK_KIND, id) : null;
  if (document === null) return null;
  const body = JSON.parse(document.body) as Body;
  const old = document.endsAt !== null && (await deps.store.verifications.time()) >= document.endsAt;
  if (old || body.use !== use || !deps.ring.tokenMatches(secret, body.hash).matches) return null;
  return { id, application: document.application, bearer: document.index ?? '' };
}

/** True for exactly one of all who take it at once. */
export function takeLink(deps: Deps, { id }: Link): Promise<boolean> {
  return deps.store.documents.remove(LINK_KIND, id);
}
