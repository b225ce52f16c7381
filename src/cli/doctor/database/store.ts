import type { Settings } from '../../../config/index.ts';
import { WatchwordError } from '../../../core/errors.ts';
import type { Environment } from '../../../ports/environment.ts';
import type { Store, StoreHealth } from '../../../ports/store.ts';
import type { Database } from '../../../runtime/open-store.ts';
import { codesLeftBehind, wordsOf } from '../../../runtime/verdict-place.ts';
import { clockFinding } from '../../../service/index.ts';
import { fail, fine, type Finding, warn } from '../finding.ts';

const QUEUE_WARN_MS = 60_000;

/** What a store that decides shows of itself once it answers. Throws `unavailable` where it cannot be written. */
export async function decidingFindings(store: Store, health: StoreHealth, env: Environment): Promise<Finding[]> {
  if (!health.ok) return [refused('store', health.reason ?? 'it does not answer', 'Look at the checks below.')];
  await writeAndForget(store, env);
  return [clock(health), await queue(store, env)];
}

/** A disk that is full shows in nothing but a write: this one leaves nothing behind. Throws what the store says. */
async function writeAndForget({ idempotency, verifications }: Store, env: Environment): Promise<void> {
  const key = `doctor|${env.randomText(20)}`;
  await idempotency.claim({ key, body: '', id: key }, await verifications.time());
  await idempotency.release(key);
}

export function schemaFinding(pending: readonly string[], mode: Settings['mode']): Finding {
  if (pending.length === 0) return fine('schema', 'up to date');
  const detail = `lacks ${pending.join(', ')}`;
  if (mode === 'development') return fine('schema', `${detail}; watchword serve brings it up to date`);
  return fail('schema', detail, 'Make a copy of the database, then run: watchword migrate');
}

/** Codes that were begun before `WATCHWORD_STORE` changed; nothing when there are none. */
export async function switchFindings(settings: Settings, database: Database): Promise<Finding[]> {
  const left = await codesLeftBehind(settings, database);
  if (left === null) return [];
  const { detail, cure } = wordsOf(left);
  return [warn('pending codes', detail, cure)];
}

/** A store's own words: their first sentence is what was found, the rest the cure. */
export function refused(name: string, reason: string, cure: string): Finding {
  const [detail = reason, ...rest] = reason.split(/(?<=[.]) (?=[A-Z])/);
  return fail(name, detail, rest.length > 0 ? rest.join(' ') : cure);
}

/** What a store said when it could not be opened; what others throw may carry anything. */
export function reasonOf(error: unknown): string {
  return error instanceof WatchwordError ? error.message : 'it cannot be opened';
}

function clock(health: StoreHealth): Finding {
  const { offMs, mayStart, ready, reason } = clockFinding(health);
  if (reason === null) {
    const against = health.clockSkewMs === null ? 'not behind the newest commit' : `${offMs} ms from the store’s`;
    return fine('clock', against);
  }
  const cure = 'Set the clock of this machine and of the server by NTP: timedatectl set-ntp true';
  return mayStart && ready ? warn('clock', reason, cure) : fail('clock', reason, cure);
}

async function queue(store: Store, env: Environment): Promise<Finding> {
  const { queued, oldestAt } = await store.outbox.backlog();
  const ageMs = oldestAt === null ? 0 : Math.max(0, env.now() - oldestAt);
  if (ageMs < QUEUE_WARN_MS) return fine('queue', queued === 0 ? 'empty' : `${queued} waiting`);
  return warn(
    'queue',
    `${queued} waiting, the oldest for ${Math.round(ageMs / 1_000)} s`,
    'Run watchword worker (or serve without --no-worker), and look at the providers below.',
  );
}
