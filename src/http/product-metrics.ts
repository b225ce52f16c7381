import type { EventType } from '../core/events.ts';
import type { HealthService } from '../service/api.ts';
import type { Metrics } from './metrics.ts';

const VERIFICATION_RESULTS: ReadonlySet<EventType> = new Set([
  'started',
  'approved',
  'failed',
  'expired',
  'canceled',
  'blocked',
  'skipped',
]);
const SEND_OUTCOMES: ReadonlySet<EventType> = new Set([
  'send_queued',
  'sent',
  'send_failed',
  'send_dropped',
  'delivered',
  'undelivered',
]);

/** The hook for whoever sees events: counts verifications by result, sends by outcome and failed checks. */
export function eventCounter(metrics: Metrics): (type: EventType) => void {
  return (type) => {
    if (VERIFICATION_RESULTS.has(type))
      metrics.count('verifications_total', 'Verifications by what became of them.', { result: type });
    else if (SEND_OUTCOMES.has(type))
      metrics.count('sends_total', 'Messages by outcome.', { outcome: type.replace(/^send_/, '') });
    else metrics.count('failed_checks_total', 'Codes that were wrong.');
  };
}

/** Readiness and its facts (queue depth and age, clock) as gauges, read at each scrape. */
export function watchReadiness(metrics: Metrics, health: HealthService): void {
  metrics.gauge('ready', 'Whether the part works; check="all" is the answer of /readyz.', async () => {
    const { ready, checks } = await health.readiness();
    const parts = Object.entries(checks).map(([check, { ok }]) => ({ value: Number(ok), labels: { check } }));
    return [{ value: Number(ready), labels: { check: 'all' } }, ...parts];
  });
  metrics.gauge('readiness_fact', 'What the readiness checks measured, e.g. depth and age of the queue.', async () => {
    const { checks } = await health.readiness();
    return Object.entries(checks).flatMap(([check, facts]) =>
      Object.entries(facts).flatMap(([fact, value]) =>
        typeof value === 'number' ? [{ value, labels: { check, fact } }] : [],
      ),
    );
  });
}
