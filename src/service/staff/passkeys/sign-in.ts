import { ok, refuse, type Problem, type Result } from '../../../core/errors.ts';
import { isInNetworks } from '../../../core/networks.ts';
import { checkPasskey, claimedPasskey, isReplayed, type PasskeySite } from '../../../crypto/index.ts';
import type { Application } from '../../../ports/settings.ts';
import type { Agent, Passkey } from '../agent.ts';
import type { Browser, SignedIn } from '../api.ts';
import type { StaffDeps } from '../deps.ts';
import { deviceOf, ELSEWHERE } from '../device.ts';
import { agentById, changeAgent } from '../find-agent.ts';
import { startSession } from '../sessions.ts';
import { takeAttempt, tooManyTries } from '../throttle.ts';
import { takeChallenge } from './challenge.ts';

const REFUSED: Problem = { code: 'unauthenticated', detail: 'The passkey was not accepted.' };
const OVER: Problem = { code: 'conflict', detail: 'The time to use the passkey is over. Try again.' };

interface Given {
  readonly application: Application;
  readonly site: PasskeySite;
  readonly token: string;
  readonly answer: string;
}

/**
 * A passkey with a verified user stands for both factors. The try is counted and the challenge used up before anything is compared;
 * the counter is compared in the write that keeps it, so that of two answers with one counter at most one is right.
 */
export async function signInByPasskey(deps: StaffDeps, given: Given, browser: Browser): Promise<Result<SignedIn>> {
  const owner = await ownerOf(deps, given.answer);
  const { agent } = owner ?? { agent: null };
  const device = deviceOf(deps, browser.device, agent);
  const attempt = { kind: 'passkey', application: given.application.id, email: '', ip: browser.ip, device } as const;
  const taken = await takeAttempt(deps, attempt);
  if (taken.closedUntil !== null) return refuse(await tooManyTries(deps, taken.closedUntil));
  const challenge = await takeChallenge(deps, 'sign_in', given.token);
  if (challenge === null) return refuse(OVER);
  const used =
    owner === null ? null : await use(deps, owner, { ...given, challenge: challenge.challenge, ip: browser.ip });
  if (used === null) {
    await noteRefused(deps, { application: agent?.application ?? given.application.id, agent, ip: browser.ip });
    return refuse(REFUSED);
  }
  const tenant = await deps.tenants.find(used.application);
  if (tenant === null) return refuse(REFUSED);
  if (!isInNetworks(tenant.application.desk_networks, browser.ip)) return refuse(ELSEWHERE);
  await taken.giveBack();
  return ok(await startSession(deps, used, browser));
}

interface Owner {
  readonly agent: Agent;
  readonly passkey: Passkey;
}

/** Whose passkey it says it is; one counts only in the account that it was added to. */
async function ownerOf(deps: StaffDeps, answer: string): Promise<Owner | null> {
  const claimed = claimedPasskey(answer);
  const agent = claimed === null ? null : await agentById(deps, claimed.holder);
  const passkey = agent?.passkeys.find(({ credential }) => credential.id === claimed?.credential);
  return agent === null || passkey === undefined || !agent.active || agent.password === null
    ? null
    : { agent, passkey };
}

type Used = Pick<Given, 'site' | 'answer'> & { readonly challenge: string; readonly ip: string | null };

/** The agent, when the answer fits; its counter and time are kept in the same write that compares them. */
async function use(
  deps: StaffDeps,
  { agent, passkey }: Owner,
  { site, challenge, answer, ip }: Used,
): Promise<Agent | null> {
  const checked = await checkPasskey(answer, { site, challenge }, passkey.credential);
  if (checked === null) return null;
  const now = await deps.store.verifications.time();
  const seen = { replayed: false };
  const after = await changeAgent(deps, agent.id, (known) => {
    const kept = known.passkeys.find(({ id }) => id === passkey.id);
    if (kept === undefined || !known.active) return null;
    seen.replayed = isReplayed(kept.credential.counter, checked.counter);
    return seen.replayed ? null : withUse(known, kept, checked.counter, now);
  });
  if (seen.replayed) await noteCopy(deps, agent, passkey, ip);
  return after;
}

function withUse(agent: Agent, used: Passkey, counter: number, lastUsedAt: number): Agent {
  const newer = { ...used, credential: { ...used.credential, counter }, lastUsedAt };
  return { ...agent, passkeys: agent.passkeys.map((passkey) => (passkey.id === used.id ? newer : passkey)) };
}

async function noteCopy(deps: StaffDeps, { id, application }: Agent, { id: target }: Passkey, ip: string | null) {
  const actor = { type: 'agent', id } as const;
  const data = { reason: 'counter' };
  await deps.audit.note({ application, actor, ip, action: 'passkey.refused', target, data });
}

async function noteRefused(
  deps: StaffDeps,
  {
    application,
    agent,
    ip,
  }: { readonly application: string; readonly agent: Agent | null; readonly ip: string | null },
): Promise<void> {
  const id = agent?.id ?? null;
  await deps.audit.note({ application, actor: { type: 'agent', id }, ip, action: 'session.refused', target: id });
}
