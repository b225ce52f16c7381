import { CHALLENGE_LIFE_MS, CHALLENGE_WAIT_MS } from '../../core/challenge.ts';
import { ok, type Result } from '../../core/errors.ts';
import { ipLimitKey } from '../../core/ip.ts';
import { isSolved } from '../../crypto/index.ts';
import type { Caller, ChallengeAnswer, HostedChallenge } from '../api.ts';
import { isFirstTime } from '../first-time.ts';
import type { Prepared } from '../prepare.ts';
import { type CaptchaDeps, hasFailed, redeemCaptcha } from './captcha.ts';

const USED_KIND = 'challenge_used';
const WAITED_KIND = 'challenge_waited';
/** An instance that knows no `c` refuses it, and asks for work. */
const TOKEN = /^([0-9A-Z]{20})\.(c?)(\d{1,2})\.(\d{1,15})\.([\w.-]{1,100})$/;

/** Whom a challenge is for: one start for one destination. */
export interface ChallengeSubject {
  readonly application: string;
  /** Canonical. */
  readonly to: string;
}

interface Challenge {
  readonly salt: string;
  readonly type: 'work' | 'captcha';
  readonly bits: number;
  readonly at: number;
}

/**
 * The challenge of a token while it can still be answered, so that whoever comes back too early need not wait anew; else a new one, so
 * many bits hard. Nothing is stored of it: it says itself, signed, whom it is for, what it asks for and when it was made.
 */
export async function nextChallenge(
  deps: CaptchaDeps,
  subject: ChallengeSubject,
  { token, bits }: { readonly token: string | null; readonly bits: number },
): Promise<HostedChallenge> {
  const now = await deps.store.verifications.time();
  const given = token === null ? null : read(deps, subject, token, now);
  if (token !== null && given !== null && (await isOpen(deps, given))) return viewOf(deps, given, token);
  // Work stands in where the provider of the CAPTCHA could not say what became of the one before.
  const isWork = deps.captcha === undefined || (given !== null && (await hasFailed(deps, given.salt)));
  const challenge = { salt: deps.env.randomText(20), type: isWork ? 'work' : 'captcha', bits, at: now } as const;
  const facts = factsOf(challenge);
  return viewOf(deps, challenge, `${facts}.${deps.ring.hashToken(signed(subject, facts))}`);
}

async function isOpen(deps: CaptchaDeps, { salt, type }: Challenge): Promise<boolean> {
  if (type === 'captcha' && deps.captcha === undefined) return false;
  return (await deps.store.documents.get(USED_KIND, salt)) === null;
}

/**
 * Whether a challenge of this very subject is answered, by what it asks for or, without scripts, by waiting; true once for each. One
 * address gets one start a minute by waiting. A refusal is that of a limit.
 */
export async function redeemChallenge(
  deps: CaptchaDeps,
  prepared: Prepared,
  subject: ChallengeSubject,
  { token, nonce, captcha }: ChallengeAnswer,
): Promise<Result<boolean>> {
  const now = await deps.store.verifications.time();
  const challenge = read(deps, subject, token, now);
  if (challenge === null) return ok(false);
  const { caller } = prepared;
  const { salt, type, bits, at } = challenge;
  const endsAt = now + CHALLENGE_LIFE_MS;
  const spend = (kind: string, id: string): Promise<boolean> =>
    isFirstTime(deps, { kind, id, application: caller.application.id, at: now, endsAt });
  const use = (): Promise<boolean> => spend(USED_KIND, salt);
  if (type === 'captcha' && captcha !== '')
    return redeemCaptcha(deps, prepared, { salt, response: captcha, now, endsAt, use });
  if (nonce !== '') return ok(type === 'work' && isSolved(salt, nonce, bits) && (await use()));
  if (now < at + CHALLENGE_WAIT_MS) return ok(false);
  return ok((await spend(WAITED_KIND, placeInTime(deps, caller, now))) && (await use()));
}

function read({ ring }: CaptchaDeps, subject: ChallengeSubject, token: string, now: number): Challenge | null {
  const [, salt = '', mark = '', bits = '', at = '', mac = ''] = TOKEN.exec(token) ?? [];
  const challenge = { salt, type: mark === '' ? 'work' : 'captcha', bits: Number(bits), at: Number(at) } as const;
  if (!ring.tokenMatches(signed(subject, factsOf(challenge)), mac).matches) return null;
  return now < challenge.at + CHALLENGE_LIFE_MS ? challenge : null;
}

function factsOf({ salt, type, bits, at }: Challenge): string {
  return `${salt}.${type === 'captcha' ? 'c' : ''}${bits}.${at}`;
}

/** Keeps these hashes apart from those of keys and links. */
function signed({ application, to }: ChallengeSubject, facts: string): string {
  return `challenge|${application}|${to}|${facts}`;
}

function viewOf({ captcha }: CaptchaDeps, { salt, type, bits, at }: Challenge, token: string): HostedChallenge {
  const waitsUntil = at + CHALLENGE_WAIT_MS;
  if (type === 'work' || captcha === undefined) return { token, asks: { type: 'work', salt, bits }, waitsUntil };
  return { token, asks: { type, salt, widget: captcha.widget }, waitsUntil };
}

/** An address in one minute. Browsers whose address is unknown share one. */
function placeInTime(
  { ring }: CaptchaDeps,
  { application, browserIp }: Pick<Caller, 'application' | 'browserIp'>,
  now: number,
): string {
  const ip = ring.index('ip', ipLimitKey(browserIp ?? '') ?? 'unknown');
  return `${application.id}|${ip}|${Math.floor(now / CHALLENGE_WAIT_MS)}`;
}
