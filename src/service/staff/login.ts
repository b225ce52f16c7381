import { isId } from '../../core/id.ts';
import type { StoredDocument } from '../../ports/documents.ts';
import type { Application } from '../../ports/settings.ts';
import type { Agent } from './agent.ts';
import type { StaffDeps } from './deps.ts';
import { agentById } from './find-agent.ts';

const LOGIN_KIND = 'sign_in';
const LOGIN_MS = 900_000;
/** Codes that one sign-in takes, whatever the second factor. */
export const MOST_CODES = 5;

/** The password was right; the second factor is still to come. */
export interface Login {
  readonly id: string;
  readonly application: string;
  readonly version: number;
  readonly agent: string;
  readonly hash: string;
  readonly method: 'email' | 'totp';
  /** The verification of the code by e-mail. */
  readonly verification: string | null;
  readonly tries: number;
  readonly createdAt: number;
}

/** A sign-in with whose it is. */
export interface OpenLogin {
  readonly login: Login;
  readonly agent: Agent;
  readonly application: Application;
}

/** A sign-in that may go on: its password is still the one, and its agent still works here. */
export async function openLogin(deps: StaffDeps, token: string): Promise<OpenLogin | null> {
  const login = await findLogin(deps, token);
  if (login === null) return null;
  const [agent, tenant] = await Promise.all([agentById(deps, login.agent), deps.tenants.find(login.application)]);
  if (agent === null || !agent.active || tenant === null) return null;
  const isOld = agent.passwordChangedAt !== null && agent.passwordChangedAt > login.createdAt;
  return isOld ? null : { login, agent, application: tenant.application };
}

async function findLogin(deps: StaffDeps, token: string): Promise<Login | null> {
  const [idPart = '', secret = ''] = token.split('.', 2);
  const id = `lgn_${idPart}`;
  const document = isId('lgn', id) ? await deps.store.documents.get(LOGIN_KIND, id) : null;
  if (document === null) return null;
  const login = loginFrom(document);
  const over = (await deps.store.verifications.time()) >= login.createdAt + LOGIN_MS;
  return !over && deps.ring.tokenMatches(secret, login.hash).matches ? login : null;
}

/** True for exactly one of all who take it away at once. */
export function forgetLogin(deps: StaffDeps, { id }: Login): Promise<boolean> {
  return deps.store.documents.remove(LOGIN_KIND, id);
}

export function loginDocument({ id, application, version, agent, createdAt, ...body }: Login): StoredDocument {
  return {
    kind: LOGIN_KIND,
    id,
    application,
    index: agent,
    version,
    body: JSON.stringify(body),
    createdAt,
    dueAt: null,
    endsAt: createdAt + LOGIN_MS,
  };
}

function loginFrom({ id, application, version, index, createdAt, body }: StoredDocument): Login {
  const rest = JSON.parse(body) as Omit<Login, 'id' | 'application' | 'version' | 'agent' | 'createdAt'>;
  return { id, application, version, agent: index ?? '', createdAt, ...rest };
}

/** The number of this try; null when there were enough. */
export async function countTry(deps: StaffDeps, { id }: Login): Promise<number | null> {
  for (;;) {
    const document = await deps.store.documents.get(LOGIN_KIND, id);
    const login = document === null ? null : loginFrom(document);
    if (login === null || login.tries >= MOST_CODES) return null;
    const next = { ...login, tries: login.tries + 1, version: login.version + 1 };
    if (await deps.store.documents.put(loginDocument(next))) return next.tries;
  }
}
