import type { Browser, CodeOutcome } from './api.ts';
import type { StaffDeps } from './deps.ts';
import { deviceOf } from './device.ts';
import { countTry, forgetLogin, type Login, MOST_CODES, type OpenLogin } from './login.ts';
import { useRecovery, useTotp } from './second-factor.ts';
import { staffCaller } from './staff-caller.ts';
import { takeAttempt } from './throttle.ts';

/** A code as it was entered, and where. */
export interface GivenCode {
  readonly code: string;
  readonly kind: 'code' | 'recovery';
  readonly browser: Browser;
}

type Judged = { readonly type: 'right' } | Exclude<CodeOutcome, { readonly type: 'in' }>;

/** Whether it is the second factor of the sign-in. Each wrong code that was counted is noted: whoever enters it knew the password. */
export function judgeFactor(deps: StaffDeps, open: OpenLogin, given: GivenCode): Promise<Judged> {
  const { verification } = open.login;
  return given.kind === 'code' && verification !== null
    ? byEmail(deps, open, verification, given)
    : byOwn(deps, open, given);
}

/**
 * A code by e-mail. The sign-in stays whatever the answer: it is over when its verification is, and a form that came twice must
 * not take it from the one whose code was right.
 */
async function byEmail(
  deps: StaffDeps,
  open: OpenLogin,
  verification: string,
  { code, browser }: GivenCode,
): Promise<Judged> {
  const caller = staffCaller(open.application, open.agent, browser);
  const checked = await deps.verify.check(caller, verification, { code });
  if (!checked.ok)
    return checked.problem.code === 'invalid_code_format'
      ? { type: 'malformed', detail: checked.problem.detail }
      : { type: 'ended', reason: 'over' };
  const { result } = checked.value;
  if (result === 'approved') return { type: 'right' };
  if (result !== 'incorrect') return { type: 'ended', reason: result === 'exhausted' ? 'tries' : 'over' };
  await noteWrong(deps, open, browser, 'email');
  const { checks_remaining: left } = checked.value.verification;
  return left > 0 ? { type: 'wrong', left } : { type: 'ended', reason: 'tries' };
}

/** An authenticator's or a recovery code. The try counts before it is compared, for this sign-in and for the account. */
async function byOwn(deps: StaffDeps, open: OpenLogin, { code, kind, browser }: GivenCode): Promise<Judged> {
  const { login, agent } = open;
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
    if (kind === 'recovery') await noteRecovery(deps, open, browser);
    return { type: 'right' };
  }
  await noteWrong(deps, open, browser, kind === 'code' ? 'authenticator' : 'recovery');
  return tries >= MOST_CODES ? endedByTries(deps, login) : { type: 'wrong', left: MOST_CODES - tries };
}

async function endedByTries(deps: StaffDeps, login: Login): Promise<Judged> {
  await forgetLogin(deps, login);
  return { type: 'ended', reason: 'tries' };
}

async function noteWrong(
  deps: StaffDeps,
  open: OpenLogin,
  browser: Browser,
  factor: 'email' | 'authenticator' | 'recovery',
): Promise<void> {
  const data = { second_factor: factor };
  await deps.audit.note({ ...doneIn(open, browser), action: 'session.refused', target: open.agent.id, data });
}

async function noteRecovery(deps: StaffDeps, open: OpenLogin, browser: Browser): Promise<void> {
  await deps.audit.note({ ...doneIn(open, browser), action: 'second_factor.recovery_used', target: open.agent.id });
}

function doneIn({ agent: { id, application } }: OpenLogin, { ip }: Browser) {
  return { application, actor: { type: 'agent', id }, ip } as const;
}
