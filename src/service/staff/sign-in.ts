import { maskEmail } from '../../core/mask.ts';
import { ok, refuse, type Problem, type Result } from '../../core/errors.ts';
import { newId } from '../../core/id.ts';
import { isInNetworks } from '../../core/networks.ts';
import { STAFF_SIGN_IN } from '../../core/staff.ts';
import { checkPassword, hashPassword, newSecretToken } from '../../crypto/index.ts';
import type { Application } from '../../ports/settings.ts';
import type { Agent } from './agent.ts';
import type { Browser, CodeOutcome, PendingOver, PendingView, SignInInput, SignInService } from './api.ts';
import type { StaffDeps } from './deps.ts';
import { deviceOf, ELSEWHERE } from './device.ts';
import { agentByEmail, changeAgent } from './find-agent.ts';
import { type GivenCode, judgeFactor } from './factor.ts';
import { forgetLogin, type Login, loginDocument, MOST_CODES, openLogin } from './login.ts';
import { emailOf } from './new-agent.ts';
import { startSession } from './sessions.ts';
import { staffCaller } from './staff-caller.ts';
import { takeAttempt, tooManyTries } from './throttle.ts';

/** Longer ones are no password of ours; nothing is hashed. */
const LONGEST_PASSWORD = 1024;
const WRONG: Problem = { code: 'unauthenticated', detail: 'The username or password is not right.' };
const OVER: Problem = { code: 'unauthenticated', detail: 'Your time to sign in is over. Sign in again.' };

/** Signing in, step by step. No step can be left out: a session starts only with the second factor. */
export function createSignIn(deps: StaffDeps): SignInService {
  return {
    password: (application, input, browser) => password(deps, application, input, browser),
    pending: (token) => pending(deps, token),
    code: (token, code, kind, browser) => judge(deps, token, { code, kind, browser }),
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

async function pending(deps: StaffDeps, token: string): Promise<PendingView | PendingOver> {
  const open = await openLogin(deps, token);
  if (open === null) return { over: 'time' };
  const { login, agent, application } = open;
  const recovery = agent.recovery.length > 0;
  const common = { application, method: login.method, to: masked(agent.email), recovery };
  if (login.verification === null)
    return { ...common, triesLeft: MOST_CODES - login.tries, nextSendAt: null, most: MOST_CODES, delayed: false };
  const read = await deps.verify.get(staffCaller(application, agent, null), login.verification);
  if (!read.ok) return { over: 'time' };
  const { status, status_reason: reason } = read.value;
  if (status !== 'pending') return { over: reason === 'all_providers_failed' ? 'unsent' : 'time' };
  const { checks, checks_remaining: left, next_send_at: next, sends_remaining: sends } = read.value;
  const nextSendAt = next === null || sends === 0 ? null : Date.parse(next);
  const newest = (await deps.store.records.sends(login.verification)).at(-1);
  const delayed = newest?.status === 'queued' && newest.attempts.length > 0;
  return { ...common, triesLeft: left, most: checks + left, nextSendAt, delayed };
}

function masked(email: string): string {
  const at = email.lastIndexOf('@');
  return maskEmail(email.slice(0, at), email.slice(at + 1));
}

async function judge(deps: StaffDeps, token: string, given: GivenCode): Promise<Result<CodeOutcome>> {
  const open = await openLogin(deps, token);
  if (open === null) return refuse(OVER);
  const outcome = await judgeFactor(deps, open, given);
  if (outcome.type !== 'right') return ok(outcome);
  // Whoever takes the pending sign-in away starts the one session.
  if (!(await forgetLogin(deps, open.login))) return refuse(OVER);
  return ok({ type: 'in', ...(await startSession(deps, open.agent, given.browser)) });
}

async function resend(deps: StaffDeps, token: string): Promise<Result<{ readonly sent: true }>> {
  const open = await openLogin(deps, token);
  const verification = open?.login.verification ?? null;
  if (open === null || verification === null) return refuse(OVER);
  const again = await deps.verify.resend(staffCaller(open.application, open.agent, null), verification, {});
  return again.ok ? ok({ sent: true }) : again;
}
