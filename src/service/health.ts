import type { Health, HealthService } from './api.ts';
import type { ServiceDeps } from './deps.ts';
import type { WakeableWorker } from './worker.ts';

const MOST_BEHIND_MS = 5_000;
const OLDEST_QUEUED_MS = 60_000;

/** Readiness with reasons: the store answers, the clock is sane, the queue moves, and no shutdown has begun. */
export function createHealth(deps: ServiceDeps, worker: () => WakeableWorker): HealthService {
  let draining = false;
  return {
    drain() {
      draining = true;
    },
    async readiness() {
      const checks: Record<string, Health['checks'][string]> = {
        store: await storeCheck(deps),
        queue: await queueCheck(deps),
        worker: { ok: true, running: worker().running },
      };
      if (draining) checks['shutdown'] = { ok: false, reason: 'The process is shutting down.' };
      return { ready: Object.values(checks).every((check) => check.ok), checks };
    },
  };
}

async function storeCheck(deps: ServiceDeps): Promise<Health['checks'][string]> {
  const { ok, reason, clockBehindMs } = await deps.store.health();
  if (!ok) return { ok, reason: reason ?? 'The store does not answer.', clock_behind_ms: clockBehindMs };
  if (clockBehindMs <= MOST_BEHIND_MS) return { ok, clock_behind_ms: clockBehindMs };
  const seconds = Math.round(clockBehindMs / 1000);
  return {
    ok: false,
    reason: `The host clock is ${seconds} s behind the newest commit. Set it (NTP).`,
    clock_behind_ms: clockBehindMs,
  };
}

/** A queue that does not move is told, not made a reason to take the instance out: codes can still be checked. */
async function queueCheck(deps: ServiceDeps): Promise<Health['checks'][string]> {
  try {
    const { queued, oldestAt } = await deps.store.outbox.backlog();
    const ageMs = oldestAt === null ? 0 : Math.max(0, deps.env.now() - oldestAt);
    const stuck = ageMs > OLDEST_QUEUED_MS;
    const facts = { ok: true, depth: queued, oldest_seconds: Math.round(ageMs / 1000) };
    return stuck
      ? { ...facts, reason: 'The oldest message waits for over a minute. Look at the providers and the worker.' }
      : facts;
  } catch {
    return { ok: false, reason: 'The queue cannot be read.' };
  }
}
