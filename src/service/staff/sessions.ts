import { browserName } from '../../core/browser-name.ts';
import { ok, refuse } from '../../core/errors.ts';
import { isInNetworks } from '../../core/networks.ts';
import { isId, newId } from '../../core/id.ts';
import { newSecretToken } from '../../crypto/index.ts';
import { doneBy } from '../audit/trail.ts';
import { type Agent, agentView } from './agent.ts';
import type { Browser, Found, SignedIn, StaffSessionsService, Staff } from './api.ts';
import { deviceOf } from './device.ts';
import type { StaffDeps } from './deps.ts';
import { agentById, changeAgent } from './find-agent.ts';
import {
  endSession,
  endSessions,
  endReason,
  isLive,
  type Session,
  SESSION_KIND,
  sessionDocument,
  sessionFrom,
  sessionsOf,
  sessionView,
} from './session.ts';
import { staffCaller } from './staff-caller.ts';

const TOUCH_MS = 60_000;

export function createSessions(deps: StaffDeps): StaffSessionsService {
  return {
    find: (token, browser) => find(deps, token, browser),
    lasts: (staff) => lasts(deps, staff),
    async list(staff) {
      const now = await deps.store.verifications.time();
      const live = (await sessionsOf(deps, staff.agent.id)).filter((session) => isLive(session, now));
      return live.map((session) => sessionView(session, staff.session));
    },
    async signOut(staff) {
      await end(deps, staff.agent.id, staff.session);
      await note(deps, staff, 'session.ended', staff.session);
    },
    async revoke(staff, id) {
      if (!(await end(deps, staff.agent.id, id)))
        return refuse({ code: 'not_found', detail: 'There is no such session.' });
      await note(deps, staff, 'session.revoked', id);
      return ok({ revoked: 1 });
    },
    async revokeOthers(staff) {
      const revoked = await endSessions(deps, staff.agent.id, staff.session);
      if (revoked > 0) await note(deps, staff, 'session.revoked', staff.agent.id);
      return ok({ revoked });
    },
  };
}

/** The id is new with every sign-in, so nothing that a browser held before becomes a session. */
export async function startSession(deps: StaffDeps, agent: Agent, browser: Browser): Promise<SignedIn> {
  const { ip, userAgent, device } = browser;
  const now = await deps.store.verifications.time();
  const secret = newSecretToken();
  const id = newId('ses', now, deps.env.randomText(20));
  const session: Session = {
    id,
    application: agent.application,
    version: 1,
    agent: agent.id,
    hash: deps.ring.hashToken(secret),
    startedAt: now,
    lastSeenAt: now,
    endedAt: null,
    ip,
    browser: browserName(userAgent),
  };
  await deps.store.documents.put(sessionDocument(deps.ring, session));
  const signedIn = await changeAgent(deps, agent.id, (known) => ({ ...known, lastSignedInAt: now }));
  const actor = { type: 'agent', id: agent.id } as const;
  await deps.audit.note({ application: agent.application, actor, ip, action: 'session.started', target: id });
  const known = deviceOf(deps, device, agent);
  const own = deps.ring.seal('browser', known ?? deps.env.randomText(20), `device|${agent.id}`).reveal();
  return { token: `${id.slice('ses_'.length)}.${secret}`, device: own, agent: agentView(signedIn ?? agent) };
}

async function find(deps: StaffDeps, token: string, browser: Browser): Promise<Found> {
  const [idPart = '', secret = ''] = token.split('.', 2);
  const session = await sessionById(deps, `ses_${idPart}`);
  if (session === null || !deps.ring.tokenMatches(secret, session.hash).matches) return { state: 'none' };
  const now = await deps.store.verifications.time();
  if (!isLive(session, now)) return { state: 'ended', agent: session.agent, reason: endReason(session, now) };
  const agent = await agentById(deps, session.agent);
  const tenant = await deps.tenants.find(session.application);
  if (agent === null || !agent.active || tenant === null) return { state: 'none' };
  if (!isInNetworks(tenant.application.desk_networks, browser.ip)) return { state: 'barred' };
  if (now - session.lastSeenAt >= TOUCH_MS) {
    // When the swap is lost somebody else noted the same, or ended it, which the next look sees.
    await deps.store.documents.put(
      sessionDocument(deps.ring, { ...session, version: session.version + 1, lastSeenAt: now }),
    );
  }
  const { application } = tenant;
  const caller = staffCaller(application, agent, browser);
  return { state: 'live', staff: { agent: agentView(agent), application, session: session.id, caller } };
}

/** A changed role ends what its pages show, not the session: whoever asks reads the page again. */
async function lasts(deps: StaffDeps, staff: Staff): Promise<boolean> {
  const [session, agent] = await Promise.all([sessionById(deps, staff.session), agentById(deps, staff.agent.id)]);
  if (session === null || agent === null || !agent.active || agent.role !== staff.agent.role) return false;
  return isLive(session, await deps.store.verifications.time());
}

async function sessionById(deps: StaffDeps, id: string): Promise<Session | null> {
  const document = isId('ses', id) ? await deps.store.documents.get(SESSION_KIND, id) : null;
  return document === null ? null : sessionFrom(deps.ring, document);
}

/** True when it was the agent's and live. */
async function end(deps: StaffDeps, agent: string, id: string): Promise<boolean> {
  const session = await sessionById(deps, id);
  const now = await deps.store.verifications.time();
  if (session === null || session.agent !== agent || !isLive(session, now)) return false;
  await endSession(deps, session, now);
  return true;
}

async function note(
  deps: StaffDeps,
  { caller }: Staff,
  action: 'session.ended' | 'session.revoked',
  target: string,
): Promise<void> {
  await deps.audit.note({ ...doneBy(caller), action, target });
}
