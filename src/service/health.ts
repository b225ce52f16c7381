import type { Health, HealthService } from './api.ts';
import { clockFinding } from './clock.ts';
import type { ServiceDeps } from './deps.ts';
import type { WakeableWorker } from './worker.ts';

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
  const health = await deps.store.health();
  const { ok, reason, clockBehindMs, clockSkewMs } = health;
  const clocks = {
    clock_behind_ms: clockBehindMs,
    ...(clockSkewMs === null ? {} : { clock_skew_ms: clockSkewMs }),
  };
  if (!ok) return { ok, reason: reason ?? 'The store does not answer.', ...clocks };
  const clock = clockFinding(health);
  const told = clock.reason ?? reason;
  return { ok: clock.ready, ...(told === null ? {} : { reason: told }), ...clocks };
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
