import type { AgentView } from '../../core/agent-views.ts';
import { inertBrand } from '../../core/brand.ts';
import { ok, refuse, type Problem, type Result } from '../../core/errors.ts';
import { isInNetworks } from '../../core/networks.ts';
import { passwordProblem } from '../../core/password-rules.ts';
import { hashPassword } from '../../crypto/index.ts';
import type { Application } from '../../ports/settings.ts';
import { doneBy } from '../audit/trail.ts';
import type { Caller } from '../api.ts';
import { type Agent, agentView } from './agent.ts';
import { mayTouch, ownAgent } from './agents.ts';
import type { AgentInput, Browser, PasswordLinksService } from './api.ts';
import type { StaffDeps } from './deps.ts';
import { ELSEWHERE } from './device.ts';
import { agentByEmail, agentById, changeAgent } from './find-agent.ts';
import { findLink, type Link, newLink, takeLink } from './links.ts';
import { queueMail } from './mail.ts';
import { emailOf, insertAgent } from './new-agent.ts';
import { tellLeft } from './told.ts';
import { endSessions } from './session.ts';
import { takeAttempt } from './throttle.ts';
import { publicAddress } from '../public-address.ts';

const RESET_MS = 1_800_000;
const INVITE_MS = 7 * 86_400_000;
const DEAD: Problem = { code: 'not_found', detail: 'This link no longer works.' };
const NOT_INVITED: Problem = { code: 'conflict', detail: 'This person has a password already.' };
const NOBODY: Problem = { code: 'not_found', detail: 'There is no such agent.' };

export function createPasswordLinks(deps: StaffDeps): PasswordLinksService {
  return {
    forgot: (application, email, browser) => forgot(deps, application, email, browser),
    invite: (caller, input) => invite(deps, caller, input),
    async inviteAgain(caller, id) {
      const agent = await ownAgent(deps, caller, id);
      const barred = agent === null ? NOBODY : await mayTouch(deps, caller, agent.role);
      if (agent === null || barred !== null) return refuse(barred ?? NOBODY);
      if (agent.password !== null || !agent.active) return refuse(NOT_INVITED);
      await mailInvitation(deps, caller, agent);
      return ok(agentView(agent));
    },
    async useOf(token, browser) {
      const open = await openLink(deps, token, browser);
      return open.ok ? ok(open.value.agent.password === null ? 'first' : 'reset') : open;
    },
    setPassword: (token, password, browser) => setPassword(deps, token, password, browser),
  };
}

/** Known or not, the same rows are written; who is unknown or inactive gets no mail. Who asks too often leaves no rows. */
async function forgot(deps: StaffDeps, application: Application, email: string, browser: Browser): Promise<void> {
  const address = emailOf(email);
  const agent = address.ok ? await agentByEmail(deps, application.id, address.value) : null;
  const attempt = { kind: 'forgot', application: application.id, email, ip: browser.ip, device: null } as const;
  const { closedUntil } = await takeAttempt(deps, attempt);
  if (closedUntil !== null) return;
  const wanted = agent?.active === true ? agent : null;
  const token = await newLink(deps, {
    application: application.id,
    use: 'password',
    bearer: wanted?.id ?? `nobody_${deps.env.randomText(20)}`,
    ttlMs: RESET_MS,
  });
  const { text: brand } = inertBrand(application.brand, '');
  await queueMail(deps, {
    application: application.id,
    to: wanted?.email ?? null,
    subject: 'Reset your password',
    text: [
      `Somebody, we hope you, asked for a new password for the support desk of ${brand}.`,
      `Set one here. The link works once, for 30 minutes:`,
      linkTo(deps, token, application),
      'Did you not ask for this? Then you need not do anything.',
    ].join('\n\n'),
  });
  const actor = { type: 'agent', id: wanted?.id ?? null } as const;
  await deps.audit.note({
    application: application.id,
    actor,
    ip: browser.ip,
    action: 'password.reset_requested',
    target: wanted?.id ?? null,
  });
  deps.wake();
}

async function invite(
  deps: StaffDeps,
  caller: Caller,
  input: Omit<AgentInput, 'password'>,
): Promise<Result<AgentView>> {
  const barred = await mayTouch(deps, caller, input.role);
  if (barred !== null) return refuse(barred);
  const made = await insertAgent(deps, caller.application.id, { ...input, password: null });
  if (!made.ok) return made;
  await mailInvitation(deps, caller, made.value);
  return ok(agentView(made.value));
}

async function mailInvitation(deps: StaffDeps, caller: Caller, agent: Agent): Promise<void> {
  const { application } = caller;
  const token = await newLink(deps, {
    application: application.id,
    use: 'password',
    bearer: agent.id,
    ttlMs: INVITE_MS,
  });
  const { text: brand } = inertBrand(application.brand, '');
  await queueMail(deps, {
    application: application.id,
    to: agent.email,
    subject: 'Your invitation to the support desk',
    text: [
      `You are invited to the support desk of ${brand}.`,
      'Choose a password here. The link works once, for 7 days:',
      linkTo(deps, token, application),
      'Did you not expect this? Then you need not do anything.',
    ].join('\n\n'),
  });
  const data = { role: agent.role };
  await deps.audit.note({
    ...doneBy(caller),
    action: 'agent.invited',
    target: agent.id,
    data,
  });
  deps.wake();
}

/**
 * From the settings alone: no header of a request can put another site into a mail. The application is named so that a dead link
 * leads to its desk; what the link opens is its token's alone.
 */
function linkTo({ settings }: StaffDeps, token: string, { name }: Application): string {
  const here = settings.publicUrl ?? settings.localUrl ?? 'http://127.0.0.1:7070';
  return publicAddress(here, `/desk/set-password/${token}?${new URLSearchParams({ app: name }).toString()}`);
}

async function openLink(
  deps: StaffDeps,
  token: string,
  { ip }: Browser,
): Promise<Result<{ readonly link: Link; readonly agent: Agent; readonly application: Application }>> {
  const link = await findLink(deps, 'password', token);
  const agent = link === null ? null : await agentById(deps, link.bearer);
  if (link === null || agent === null || !agent.active) return refuse(DEAD);
  const tenant = await deps.tenants.find(agent.application);
  if (tenant === null) return refuse(DEAD);
  const { application } = tenant;
  return isInNetworks(application.desk_networks, ip) ? ok({ link, agent, application }) : refuse(ELSEWHERE);
}

async function setPassword(
  deps: StaffDeps,
  token: string,
  password: string,
  browser: Browser,
): Promise<Result<{ readonly application: string }>> {
  const open = await openLink(deps, token, browser);
  if (!open.ok) return open;
  const { link, agent, application } = open.value;
  const weak = passwordProblem(password, agent, '/new');
  if (weak !== null) return refuse({ code: 'invalid_request', detail: weak.detail, errors: [weak] });
  const hash = await hashPassword(password);
  if (!(await takeLink(deps, link))) return refuse(DEAD);
  const now = await deps.store.verifications.time();
  const after = await changeAgent(deps, agent.id, (known) =>
    known.active ? { ...known, password: hash, passwordChangedAt: now } : null,
  );
  if (after === null) return refuse(DEAD);
  await endSessions(deps, after.id);
  const actor = { type: 'agent', id: after.id } as const;
  const { ip } = browser;
  await deps.audit.note({ application: after.application, actor, ip, action: 'password.reset', target: after.id });
  await tellLeft(deps, application, after);
  return ok({ application: application.name });
}
