import type { HostedFlow, HostedSession } from '../api.ts';
import type { ServiceDeps } from '../deps.ts';

const KIND = 'hosted_session';
/** How long a sign-in holds, from the approval on. */
export const SESSION_SECONDS = 3_600;

/** What is stored of a sign-in: its secret only as a keyed hash. */
interface Stored {
  readonly hash: string;
  readonly verification: string;
  readonly purpose: string;
  readonly masked: string;
  readonly method: HostedSession['method'];
  /** Whose devices it may have forgotten, as blind indexes. */
  readonly limitIndexes: readonly string[];
  readonly since: number;
}

/** What a sign-in lacks that an instance wrote which knew no remembered devices. */
const BEFORE_DEVICES = { method: 'code', limitIndexes: [] } as const;

/** Remembers that this browser proved who it is. Returns the token for its cookie. */
export async function openSession(
  deps: ServiceDeps,
  flow: HostedFlow,
  facts: Omit<Stored, 'hash' | 'verification' | 'since'>,
): Promise<string> {
  const now = await deps.store.verifications.time();
  const id = deps.env.randomText(20);
  const secret = deps.env.randomText(32);
  const body: Stored = { hash: deps.ring.hashToken(useOf(secret)), verification: flow.id, ...facts, since: now };
  await deps.store.documents.put({
    kind: KIND,
    id,
    application: flow.application,
    index: null,
    version: 1,
    body: JSON.stringify(body),
    createdAt: now,
    dueAt: null,
    endsAt: now + SESSION_SECONDS * 1000,
  });
  return `${id}.${secret}`;
}

/** The sign-in of a cookie, or null when it ended, was signed out or never was. */
export async function findSession(
  deps: ServiceDeps,
  token: string,
): Promise<(HostedSession & Pick<Stored, 'limitIndexes'>) | null> {
  const [id = '', secret = ''] = token.split('.');
  if (!/^[0-9A-Z]{20}$/.test(id)) return null;
  const document = await deps.store.documents.get(KIND, id);
  if (document === null) return null;
  const stored = JSON.parse(document.body) as Stored;
  const now = await deps.store.verifications.time();
  const endsAt = document.endsAt ?? 0;
  if (!deps.ring.tokenMatches(useOf(secret), stored.hash).matches || now >= endsAt) return null;
  const { hash: _hash, ...facts } = stored;
  return { ...BEFORE_DEVICES, ...facts, application: document.application, endsAt };
}

/** Ends a sign-in at once, whatever copies of its cookie there are. */
export async function closeSession(deps: ServiceDeps, token: string): Promise<void> {
  if ((await findSession(deps, token)) !== null) await deps.store.documents.remove(KIND, token.split('.')[0] ?? '');
}

function useOf(secret: string): string {
  return `hosted-session|${secret}`;
}
