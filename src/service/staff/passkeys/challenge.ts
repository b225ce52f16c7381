import { isId, newId } from '../../../core/id.ts';
import { sealed } from '../../../core/redacted.ts';
import { newSecretToken } from '../../../crypto/index.ts';
import { isFirstTime } from '../../first-time.ts';
import type { StaffDeps } from '../deps.ts';

const USED_KIND = 'passkey_challenge';
const LIFE_MS = 300_000;

/** What a browser is asked to sign. */
export interface Challenge {
  readonly id: string;
  /** 256 random bits, base64url. */
  readonly challenge: string;
  readonly endsAt: number;
  /** What the passkey that is made will be called. */
  readonly name?: string;
}

/** Whose it is: a session that adds a passkey, or a browser that signs in, which is known by nothing but its cookie. */
export type ChallengeUse = { readonly add: string } | 'sign_in';

/** A new challenge as the token of a browser's cookie. Nothing is written: who asks for many fills no table. */
export async function newChallenge(deps: StaffDeps, use: ChallengeUse, name?: string): Promise<string> {
  const now = await deps.store.verifications.time();
  const id = newId('chl', now, deps.env.randomText(20));
  const named = name === undefined ? {} : { name };
  const challenge: Challenge = { id, challenge: newSecretToken(), endsAt: now + LIFE_MS, ...named };
  return deps.ring.seal('browser', JSON.stringify(challenge), aad(use)).reveal();
}

/** The challenge of a token while it lasts, used or not; null for a token of another use, session or time. */
export async function readChallenge(deps: StaffDeps, use: ChallengeUse, token: string): Promise<Challenge | null> {
  const opened = token === '' ? null : deps.ring.open('browser', sealed(token), aad(use));
  if (opened === null) return null;
  const challenge = JSON.parse(opened) as Challenge;
  const isOver = (await deps.store.verifications.time()) >= challenge.endsAt;
  return isOver || !isId('chl', challenge.id) ? null : challenge;
}

/** The same, for exactly one of all who take it: what was used is remembered until the challenge ends by itself. */
export async function takeChallenge(deps: StaffDeps, use: ChallengeUse, token: string): Promise<Challenge | null> {
  const challenge = await readChallenge(deps, use, token);
  if (challenge === null) return null;
  const { id, endsAt } = challenge;
  const used = { kind: USED_KIND, id, application: '', at: endsAt - LIFE_MS, endsAt };
  return (await isFirstTime(deps, used)) ? challenge : null;
}

function aad(use: ChallengeUse): string {
  return use === 'sign_in' ? 'passkey|sign_in|' : `passkey|add|${use.add}`;
}
