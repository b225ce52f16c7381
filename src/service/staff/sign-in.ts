import { maskEmail } from '../../core/mask.ts';
import { ok, refuse, type Problem, type Result } from '../../core/errors.ts';
import { isId, newId } from '../../core/id.ts';
import { isInNetworks } from '../../core/networks.ts';
import { STAFF_SIGN_IN } from '../../core/staff.ts';
import { checkPassword, hashPassword, newSecretToken } from '../../crypto/index.ts';
import type { StoredDocument } from '../../ports/documents.ts';
import type { Application } from '../../ports/settings.ts';
import type { Caller } from '../api.ts';
import type { Agent } from './agent.ts';
import type { Browser, CodeOutcome, PendingView, SignInInput, SignInService } from './api.ts';
import type { StaffDeps } from './deps.ts';
import { deviceOf, ELSEWHERE } from './device.ts';
import { agentByEmail, agentById, changeAgent } from './find-agent.ts';
import { emailOf } from './new-agent.ts';
import { useRecovery, useTotp } from './second-factor.ts';
import { startSession } from './sessions.ts';
import { staffCaller } from './staff-caller.ts';
import { takeAttempt, tooManyTries } from './throttle.ts';

const LOGIN_KIND = 'sign_in';
const LOGIN_MS = 900_000;
const MOST_CODES = 5;
/** Longer ones are no password of ours; nothing is hashed. */
const LONGEST_PASSWORD = 1024;
const WRONG: Problem = { code: 'unauthenticated', detail: 'The username or password is not right.' };
const OVER: Problem = { code: 'unauthenticated', detail: 'Your time to sign in is over. Sign in again.' };

/** The password was right; the second factor is still to come. */
interface Login {
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

/** Signing in, step by step. No step can be left out: a session starts only with the second factor. */
export function createSignIn(deps: StaffDeps): SignInService {
  return {
    password: (application, input, browser) => password(deps, application, input, browser),
    pending: (token) => pending(deps, token),
    code: (token, code, kind, browser) => judge(deps, token, { code, kind }, browser),
    resend: (token) => resend(deps, token),
  };
}

async function password(
  deps: StaffDeps,
  application: Application,
  input: SignInInput,
  browser: Browser,
): Promise<Result<{ readonly token: string }>> {
  if (!isInNetworks(application.desk_networks, browser.ip)) return refuse(ELSEWHERE);
  const { email, password: typed } = input;
  const address = emailOf(email);
  const agent = address.ok ? await agentByEmail(deps, application.id, address.value) : null;
  const device = deviceOf(deps, browser.device, agent);
  const taken = await takeAttempt(deps, {
    kind: 'password',
    application: application.id,
    email,
    ip: browser.ip,
    device,
  });
  if (taken.closedUntil !== null) return refuse(await tooManyTries(deps, taken.closedUntil));
  const open = agent?.active === true ? agent.password : null;
  const verdict = await checkPassword(typed.slice(0, LONGEST_PASSWORD), open);
  if (agent === null || !verdict.matches || typed.length > LONGEST_PASSWORD) {
    const target = agent?.id ?? null;
    const by = { application: application.id, actor: { type: 'agent', id: target }, ip: browser.ip } as const;
    await deps.audit.note({ ...by, action: 'session.refused', target });
    return refuse(WRONG);
  }
  await taken.giveBack();
  if (verdict.weak) {
    const rehashed = await hashPassword(typed);
    await changeAgent(deps, agent.id, (known) =>
      known.password === agent.password ? { ...known, password: rehashed } : null,
    );
  }
  return begin(deps, application, agent, browser);
}

async function begin(
  deps: StaffDeps,
  application: Application,
  agent: Agent,
  browser: Browser,
): Promise<Result<{ readonly token: string }>> {
  const method = agent.totp === null ? 'email' : 'totp';
  const device = deviceOf(deps, browser.device, agent);
  // The address that is kept, never one that came with the form: else the password alone would do.
  const started =
    method === 'totp'
      ? null
      : await deps.verify.start(staffCaller(application, agent, browser), {
          to: { email: agent.email },
          channel: 'email',
          purpose: STAFF_SIGN_IN,
          ...(device === null ? {} : { signals: { device_id: device } }),
        });
  if (started !== null && !started.ok) return started;
  const now = await deps.store.verifications.time();
  const secret = newSecretToken();
  const login: Login = {
    id: newId('lgn', now, deps.env.randomText(20)),
    application: application.id,
    version: 1,
    agent: agent.id,
    hash: deps.ring.hashToken(secret),
    method,
    verification: started?.value.verification.id ?? null,
    tries: 0,
    createdAt: now,
  };
  await deps.store.documents.put(loginDocument(login));
  return ok({ token: `${login.id.slice('lgn_'.length)}.${secret}` });
}

async function pending(deps: StaffDeps, token: string): Promise<PendingView | null> {
  const open = await openLogin(deps, token);
  if (open === null) return null;
  const { login, agent, application } = open;
  const recovery = agent.recovery.length > 0;
  const common = { application, method: login.method, to: masked(agent.email), recovery };
  if (login.verification === null)
    return { ...common, triesLeft: MOST_CODES - login.tries, nextSendAt: null, most: MOST_CODES };
  const read = await deps.verify.get(staffCaller(application, agent, null), login.verification);
  if (!read.ok || read.value.status !== 'pending') return null;
  const { checks, checks_remaining: left, next_send_at: next, sends_remaining: sends } = read.value;
  const nextSendAt = next === null || sends === 0 ? null : Date.parse(next);
  return { ...common, triesLeft: left, most: checks + left, nextSendAt };
}

function masked(email: string): string {
  const at = email.lastIndexOf('@');
  return maskEmail(email.slice(0, at), email.slice(at + 1));
}

async function judge(
  deps: StaffDeps,
  token: string,
  { code, kind }: { readonly code: string; readonly kind: 'code' | 'recovery' },
  browser: Browser,
): Promise<Result<CodeOutcome>> {
  const open = await openLogin(deps, token);
  if (open === null) return refuse(OVER);
  const { login, agent, application } = open;
  const outcome =
    kind === 'code' && login.verification !== null
      ? await byEmail(deps, staffCaller(application, agent, browser), login.verification, code)
      : await byOwn(deps, login, agent, { code, kind, browser });
  if (outcome.type !== 'right') return ok(outcome);
  // Whoever takes the pending sign-in away starts the one session.
  if (!(await forget(deps, login))) return refuse(OVER);
  return ok({ type: 'in', ...(await startSession(deps, agent, browser)) });
}

type Judged = { readonly type: 'right' } | Exclude<CodeOutcome, { readonly type: 'in' }>;

/**
 * A code by e-mail. The sign-in stays whatever the answer: it is over when its verification is, and a form that came twice must
 * not take it from the one whose code was right.
 */
async function byEmail(deps: StaffDeps, caller: Caller, verification: string, code: string): Promise<Judged> {
  const checked = await deps.verify.check(caller, verification, { code });
  if (!checked.ok)
    return checked.problem.code === 'invalid_code_format'
      ? { type: 'malformed', detail: checked.problem.detail }
      : { type: 'ended', reason: 'over' };
  if (checked.value.result === 'approved') return { type: 'right' };
  const { checks_remaining: left } = checked.value.verification;
  if (checked.value.result === 'incorrect' && left > 0) return { type: 'wrong', left };
  const exhausted = checked.value.result === 'incorrect' || checked.value.result === 'exhausted';
  return { type: 'ended', reason: exhausted ? 'tries' : 'over' };
}

/** An authenticator's or a recovery code. The try counts before it is compared, for this sign-in and for the account. */
async function byOwn(
  deps: StaffDeps,
  login: Login,
  agent: Agent,
  given: { readonly code: string; readonly kind: 'code' | 'recovery'; readonly browser: Browser },
): Promise<Judged> {
  const { code, kind, browser } = given;
  if (kind === 'code' && !/^\d{6}$/.test(code.replace(/[\s-]/g, '')))
    return { type: 'malformed', detail: 'A code has 6 digits. Nothing was counted.' };
  const tries = await countTry(deps, login);
  const { application, email } = agent;
  const device = deviceOf(deps, browser.device, agent);
  const taken = await takeAttempt(deps, { kind: 'factor', application, email, ip: browser.ip, device });
  if (tries === null || taken.closedUntil !== null) return endedByTries(deps, login);
  const right = kind === 'code' ? await useTotp(deps, agent, code) : (await useRecovery(deps, agent, code)) !== null;
  if (right) {
    await taken.giveBack();
    if (kind === 'recovery') await noteRecovery(deps, agent, browser);
    return { type: 'right' };
  }
  return tries >= MOST_CODES ? endedByTries(deps, login) : { type: 'wrong', left: MOST_CODES - tries };
}

async function endedByTries(deps: StaffDeps, login: Login): Promise<Judged> {
  await forget(deps, login);
  return { type: 'ended', reason: 'tries' };
}

async function noteRecovery(deps: StaffDeps, { id, application }: Agent, { ip }: Browser): Promise<void> {
  const actor = { type: 'agent', id } as const;
  await deps.audit.note({ application, actor, ip, action: 'second_factor.recovery_used', target: id });
}

/** The number of this try; null when there were enough. */
async function countTry(deps: StaffDeps, { id }: Login): Promise<number | null> {
  for (;;) {
    const document = await deps.store.documents.get(LOGIN_KIND, id);
    const login = document === null ? null : loginFrom(document);
    if (login === null || login.tries >= MOST_CODES) return null;
    const next = { ...login, tries: login.tries + 1, version: login.version + 1 };
    if (await deps.store.documents.put(loginDocument(next))) return next.tries;
  }
}

async function resend(deps: StaffDeps, token: string): Promise<Result<{ readonly sent: true }>> {
  const open = await openLogin(deps, token);
  const verification = open?.login.verification ?? null;
  if (open === null || verification === null) return refuse(OVER);
  const again = await deps.verify.resend(staffCaller(open.application, open.agent, null), verification, {});
  return again.ok ? ok({ sent: true }) : again;
}

interface OpenLogin {
  readonly login: Login;
  readonly agent: Agent;
  readonly application: Application;
}

/** A sign-in that may go on: its password is still the one, and its agent still works here. */
async function openLogin(deps: StaffDeps, token: string): Promise<OpenLogin | null> {
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

function forget(deps: StaffDeps, { id }: Login): Promise<boolean> {
  return deps.store.documents.remove(LOGIN_KIND, id);
}

function loginDocument({ id, application, version, agent, createdAt, ...body }: Login): StoredDocument {
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
