import type { SessionView } from '../../core/agent-views.ts';
import { sealed } from '../../core/redacted.ts';
import { SESSION_IDLE_MS, SESSION_LONGEST_MS } from '../../core/staff.ts';
import { timestamp } from '../../core/views.ts';
import type { KeyRing } from '../../crypto/index.ts';
import type { StoredDocument } from '../../ports/documents.ts';
import type { ServiceDeps } from '../deps.ts';

export const SESSION_KIND = 'session';
/** How long after its end a session can still be told from one that never was. */
const REMEMBERED_MS = SESSION_LONGEST_MS;
const MOST_LISTED = 100;

/** One browser that somebody signed in with. */
export interface Session {
  readonly id: string;
  readonly application: string;
  readonly version: number;
  readonly agent: string;
  /** Keyed hash of the browser's token. */
  readonly hash: string;
  readonly startedAt: number;
  readonly lastSeenAt: number;
  /** Signed out or revoked. */
  readonly endedAt: number | null;
  readonly ip: string | null;
  readonly browser: string;
}

type Body = Pick<Session, 'hash' | 'lastSeenAt' | 'endedAt'> & { readonly sealed: string };

export function sessionDocument(ring: KeyRing, session: Session): StoredDocument {
  const { id, application, version, agent, startedAt, ip, browser, ...rest } = session;
  const body: Body = { ...rest, sealed: ring.seal('agent', JSON.stringify({ ip, browser }), id).reveal() };
  return {
    kind: SESSION_KIND,
    id,
    application,
    index: agent,
    version,
    body: JSON.stringify(body),
    createdAt: startedAt,
    dueAt: null,
    endsAt: startedAt + SESSION_LONGEST_MS + REMEMBERED_MS,
  };
}

export function sessionFrom(ring: KeyRing, document: StoredDocument): Session {
  const { sealed: text, ...rest } = JSON.parse(document.body) as Body;
  const { id, application, version, index, createdAt } = document;
  const opened = ring.open('agent', sealed(text), id);
  const shown = opened === null ? { ip: null, browser: '' } : (JSON.parse(opened) as Pick<Session, 'ip' | 'browser'>);
  return { id, application, version, agent: index ?? '', startedAt: createdAt, ...rest, ...shown };
}

export function isLive({ startedAt, lastSeenAt, endedAt }: Session, now: number): boolean {
  return endedAt === null && now < lastSeenAt + SESSION_IDLE_MS && now < startedAt + SESSION_LONGEST_MS;
}

/** Why a session that is not live any more ended. */
export function endReason({ startedAt, endedAt }: Session, now: number): 'idle' | 'longest' | 'ended' {
  if (endedAt !== null) return 'ended';
  return now < startedAt + SESSION_LONGEST_MS ? 'idle' : 'longest';
}

/** An agent's sessions, newest first (older than `after`); those that ended too. */
export async function sessionsOf(
  deps: Pick<ServiceDeps, 'store' | 'ring'>,
  agent: string,
  after?: string,
): Promise<Session[]> {
  const query = { kind: SESSION_KIND, index: agent, newestFirst: true, limit: MOST_LISTED };
  const found = await deps.store.documents.list(after === undefined ? query : { ...query, after });
  return found.map((document) => sessionFrom(deps.ring, document));
}

/** Ends an agent's sessions but `except`, and says how many were live. */
export async function endSessions(
  deps: Pick<ServiceDeps, 'store' | 'ring'>,
  agent: string,
  except: string | null = null,
): Promise<number> {
  const now = await deps.store.verifications.time();
  let count = 0;
  let after: string | undefined;
  do {
    const page = await sessionsOf(deps, agent, after);
    const live = page.filter((session) => session.id !== except && isLive(session, now));
    await Promise.all(live.map((session) => endSession(deps, session, now)));
    count += live.length;
    after = page.length < MOST_LISTED ? undefined : page.at(-1)?.id;
  } while (after !== undefined);
  return count;
}

/** Whatever is noted about the session meanwhile: it ends. */
export async function endSession(
  deps: Pick<ServiceDeps, 'store' | 'ring'>,
  session: Session,
  now: number,
): Promise<void> {
  let current = session;
  while (!(await deps.store.documents.put(sessionDocument(deps.ring, ended(current, now))))) {
    const document = await deps.store.documents.get(SESSION_KIND, session.id);
    if (document === null) return;
    current = sessionFrom(deps.ring, document);
  }
}

function ended(session: Session, now: number): Session {
  return { ...session, version: session.version + 1, endedAt: now };
}

export function sessionView(session: Session, current: string): SessionView {
  const { id, startedAt, lastSeenAt, browser, ip } = session;
  return {
    id,
    object: 'session',
    started_at: timestamp(startedAt),
    last_seen_at: timestamp(lastSeenAt),
    ends_at: timestamp(Math.min(startedAt + SESSION_LONGEST_MS, lastSeenAt + SESSION_IDLE_MS)),
    browser,
    ip,
    current: id === current,
  };
}
