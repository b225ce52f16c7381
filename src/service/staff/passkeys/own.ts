import type { PasskeyView } from '../../../core/agent-views.ts';
import { ok, refuse, type Problem, type Result } from '../../../core/errors.ts';
import { newId } from '../../../core/id.ts';
import { tidyName } from '../../../core/staff-input.ts';
import { timestamp } from '../../../core/views.ts';
import { type PasskeySite, readNewPasskey } from '../../../crypto/index.ts';
import type { Agent, Passkey } from '../agent.ts';
import type { Staff } from '../api.ts';
import type { StaffDeps } from '../deps.ts';
import { changeAgent } from '../find-agent.ts';
import { noteOwnAct, proven, wrongField } from '../own-password.ts';
import { newChallenge, takeChallenge } from './challenge.ts';
import { tellAdded } from '../told.ts';

const MOST = 10;
const OVER: Problem = { code: 'conflict', detail: 'The time to add the passkey is over. Start again.' };
const UNFIT: Problem = { code: 'conflict', detail: 'The browser’s answer does not fit. Nothing was added.' };
const ENOUGH: Problem = { code: 'conflict', detail: `You have ${MOST} passkeys or this one already.` };

/** The token of a question, once name and password are right. */
export async function beginPasskey(
  deps: StaffDeps,
  staff: Staff,
  input: { readonly name: string; readonly password: string },
): Promise<Result<{ readonly token: string }>> {
  const name = tidyName(input.name);
  if (!name.ok) return wrongField('/passkey_name', name.problem.detail);
  const own = await proven(deps, staff, input.password, '/passkey_password');
  if (!own.ok) return own;
  if (own.value.passkeys.length >= MOST) return wrongField('/passkey_name', ENOUGH.detail);
  return ok({ token: await newChallenge(deps, { add: staff.session }, name.value) });
}

/** Keeps the passkey, in the write that makes sure it is not there yet, and tells its owner. */
export async function addPasskey(
  deps: StaffDeps,
  staff: Staff,
  site: PasskeySite,
  given: { readonly token: string; readonly answer: string },
): Promise<Result<PasskeyView>> {
  const taken = await takeChallenge(deps, { add: staff.session }, given.token);
  if (taken === null) return refuse(OVER);
  const credential = await readNewPasskey(given.answer, { site, challenge: taken.challenge });
  if (credential === null) return refuse(UNFIT);
  const now = await deps.store.verifications.time();
  const id = newId('psk', now, deps.env.randomText(20));
  const passkey: Passkey = { id, name: taken.name ?? '', credential, createdAt: now, lastUsedAt: null };
  const changed = await changeAgent(deps, staff.agent.id, (agent) => withPasskey(agent, passkey));
  if (changed === null) return refuse(ENOUGH);
  await noteOwnAct(deps, staff, 'passkey.added', id);
  await tellAdded(deps, staff.application, changed, passkey);
  return ok(passkeyView(passkey));
}

function withPasskey(agent: Agent, passkey: Passkey): Agent | null {
  const isThere = agent.passkeys.some(({ credential }) => credential.id === passkey.credential.id);
  return isThere || agent.passkeys.length >= MOST ? null : { ...agent, passkeys: [...agent.passkeys, passkey] };
}

/** From the next request on it signs nobody in. */
export async function removePasskey(
  deps: StaffDeps,
  staff: Staff,
  id: string,
  password: string,
): Promise<Result<{ readonly removed: true }>> {
  const own = await proven(deps, staff, password, '/remove_password');
  if (!own.ok) return own;
  const changed = await changeAgent(deps, staff.agent.id, (agent) => {
    const left = agent.passkeys.filter((passkey) => passkey.id !== id);
    return left.length === agent.passkeys.length ? null : { ...agent, passkeys: left };
  });
  if (changed === null) return wrongField('/passkey', 'Choose one of your passkeys.');
  await noteOwnAct(deps, staff, 'passkey.removed', id);
  return ok({ removed: true });
}

export function passkeyView({ id, name, createdAt, lastUsedAt }: Passkey): PasskeyView {
  const used = lastUsedAt === null ? null : timestamp(lastUsedAt);
  return { id, object: 'passkey', name, created_at: timestamp(createdAt), last_used_at: used };
}
