import { parseEmail } from '../../core/email.ts';
import type { Problem } from '../../core/errors.ts';
import { foldEmail } from '../../core/fold.ts';
import { ipLimitKey } from '../../core/ip.ts';
import type { ServiceDeps } from '../deps.ts';

const THROTTLE_KIND = 'throttle';
const MOST_SWAPS = 64;
const QUARTER_MS = 900_000;
const DAY_MS = 86_400_000;

/** Wrong tries that a window takes. */
interface Allowance {
  readonly most: number;
  readonly windowMs: number;
}

/**
 * `account`: one account, by all browsers together that never signed in to it. `device`: one account, by one browser that did, so
 * that strangers cannot use its tries up. `ip`: all accounts, by one address (IPv6 by /64). A second factor has few digits, so its
 * tries come back slowly.
 */
const ALLOWANCES = {
  password: {
    account: { most: 10, windowMs: QUARTER_MS },
    device: { most: 10, windowMs: QUARTER_MS },
    ip: { most: 50, windowMs: QUARTER_MS },
  },
  factor: {
    account: { most: 20, windowMs: DAY_MS },
    device: { most: 20, windowMs: DAY_MS },
    ip: { most: 50, windowMs: QUARTER_MS },
  },
  forgot: {
    account: { most: 5, windowMs: DAY_MS },
    device: { most: 5, windowMs: DAY_MS },
    ip: { most: 20, windowMs: QUARTER_MS },
  },
  /** A signature is not guessed, and an account that is not named has no count of its own. */
  passkey: {
    account: null,
    device: { most: 20, windowMs: QUARTER_MS },
    ip: { most: 50, windowMs: QUARTER_MS },
  },
} as const;

/** What one try counts under. */
export interface Attempt {
  readonly kind: keyof typeof ALLOWANCES;
  readonly application: string;
  /** As typed. */
  readonly email: string;
  readonly ip: string | null;
  /** The browser's own id where it signed in to this account before. */
  readonly device: string | null;
}

/** Counters of one try, taken before anything is compared. */
export interface Taken {
  /** When the counters open again (epoch ms); null = the try may go on. */
  readonly closedUntil: number | null;
  /** The try was right: it does not count. */
  giveBack(): Promise<void>;
}

/** The refusal while the counters are closed. */
export async function tooManyTries(deps: Deps, closedUntil: number): Promise<Problem> {
  const retryAfterMs = Math.max(1000, closedUntil - (await deps.store.verifications.time()));
  const limit = { name: 'staff_sign_in', scope: 'account', resetAt: closedUntil };
  return { code: 'limit_exceeded', detail: 'Too many tries.', limit, retryAfterMs };
}

interface Counter {
  readonly count: number;
  readonly endsAt: number;
}

type Deps = Pick<ServiceDeps, 'store' | 'ring'>;

/** Counts a try before it is judged. An address that nobody has counts like any other. */
export async function takeAttempt(deps: Deps, attempt: Attempt): Promise<Taken> {
  const keys = keysOf(attempt);
  const taken: string[] = [];
  for (const { key, allowance } of keys) {
    const closedUntil = await take(deps, key, allowance);
    if (closedUntil !== null) {
      await Promise.all(taken.map((earlier) => giveBack(deps, earlier)));
      return { closedUntil, giveBack: async () => undefined };
    }
    taken.push(key);
  }
  return {
    closedUntil: null,
    giveBack: async () => void (await Promise.all(taken.map((key) => giveBack(deps, key)))),
  };
}

interface Key {
  readonly key: string;
  readonly allowance: Allowance;
}

function keysOf({ kind, application, email, ip, device }: Attempt): readonly Key[] {
  const { account, device: known, ip: address } = ALLOWANCES[kind];
  const who = `${application}|${folded(email)}`;
  if (device !== null) return [{ key: `${kind}|device|${who}|${device}`, allowance: known }];
  const from = ip === null ? null : ipLimitKey(ip);
  return [
    ...(from === null ? [] : [{ key: `${kind}|ip|${from}`, allowance: address }]),
    ...(account === null ? [] : [{ key: `${kind}|account|${who}`, allowance: account }]),
  ];
}

/** All spellings of a mailbox share one count. */
function folded(email: string): string {
  const parsed = parseEmail(email);
  return 'code' in parsed ? email.trim().toLowerCase().slice(0, 254) : foldEmail(parsed.local, parsed.domain);
}

/** Null when there was room, else when there will be. Fails closed when too many try at once. */
async function take(deps: Deps, key: string, { most, windowMs }: Allowance): Promise<number | null> {
  const id = deps.ring.index('limit', `staff|${key}`);
  const now = await deps.store.verifications.time();
  for (let swap = 0; swap < MOST_SWAPS; swap++) {
    const kept = await read(deps, id);
    const counter = kept === null || kept.counter.endsAt <= now ? { count: 0, endsAt: now + windowMs } : kept.counter;
    if (counter.count >= most) return counter.endsAt;
    if (await write(deps, id, { ...counter, count: counter.count + 1 }, kept?.version ?? 0, now)) return null;
  }
  return now + windowMs;
}

async function giveBack(deps: Deps, key: string): Promise<void> {
  const id = deps.ring.index('limit', `staff|${key}`);
  const now = await deps.store.verifications.time();
  for (let swap = 0; swap < MOST_SWAPS; swap++) {
    const kept = await read(deps, id);
    if (kept === null || kept.counter.count === 0) return;
    if (await write(deps, id, { ...kept.counter, count: kept.counter.count - 1 }, kept.version, now)) return;
  }
}

async function read(deps: Deps, id: string): Promise<{ readonly counter: Counter; readonly version: number } | null> {
  const document = await deps.store.documents.get(THROTTLE_KIND, id);
  return document === null ? null : { counter: JSON.parse(document.body) as Counter, version: document.version };
}

function write(deps: Deps, id: string, counter: Counter, version: number, now: number): Promise<boolean> {
  return deps.store.documents.put({
    kind: THROTTLE_KIND,
    id,
    application: '',
    index: null,
    version: version + 1,
    body: JSON.stringify(counter),
    createdAt: now,
    dueAt: null,
    endsAt: counter.endsAt,
  });
}
