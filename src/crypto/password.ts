import type * as Argon2 from '@node-rs/argon2';
import { WatchwordError } from '../core/errors.ts';

/** What OWASP asks of Argon2id, the package's default kind: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const PARAMETERS = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/;

/** Each computation takes a core and 19 MiB: more than this at once would starve everything else. */
const MOST_AT_ONCE = 2;
const MOST_WAITING = 40;

/** Loaded with the first password: most programs that check codes never see one. */
const argon2 = (): Promise<typeof Argon2> => import('@node-rs/argon2');

/** What an unknown person's password is compared with, so that it costs the same. No password fits it. */
let nobody: Promise<string> | null = null;

export interface PasswordVerdict {
  readonly matches: boolean;
  /** It matches, but was hashed with less than today's cost: hash it anew. */
  readonly weak: boolean;
}

/** Argon2id (RFC 9106) of a password, PHC string with its own salt and parameters. Throws `unavailable` when too many wait. */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password.normalize('NFC')));
}

/** Whether a password fits its hash. A null hash costs the same and never fits. Throws `unavailable` when too many wait. */
export async function checkPassword(password: string, stored: string | null): Promise<PasswordVerdict> {
  nobody ??= hash('nobody');
  const against = stored ?? (await nobody);
  const { verify } = await argon2();
  const fits = await inTurn(() => verify(against, password.normalize('NFC')));
  const matches = fits && stored !== null;
  return { matches, weak: matches && isWeak(against) };
}

async function hash(password: string): Promise<string> {
  return await (await argon2()).hash(password, COST);
}

function isWeak(stored: string): boolean {
  const [, memory = '0', time = '0'] = PARAMETERS.exec(stored) ?? [];
  return Number(memory) < COST.memoryCost || Number(time) < COST.timeCost;
}

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= MOST_AT_ONCE) {
    if (waiting.length >= MOST_WAITING) throw new WatchwordError('unavailable', 'Too many people sign in at once.');
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}
