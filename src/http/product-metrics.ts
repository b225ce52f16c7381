import type { EventType } from '../core/events.ts';
import { meanSeconds } from '../core/statistics.ts';
import type { HealthService, ProvidersService } from '../service/api.ts';
import type { Labels, Metrics } from './metrics.ts';

// Made once: the metrics keep the text of labels they know.
const RESULTS: ReadonlyMap<EventType, Labels> = new Map(
  (['started', 'approved', 'failed', 'expired', 'canceled', 'blocked', 'skipped'] as const).map((type) => [
    type,
    { result: type },
  ]),
);
const OUTCOMES: ReadonlyMap<EventType, Labels> = new Map(
  (['send_queued', 'sent', 'send_failed', 'send_dropped', 'delivered', 'undelivered'] as const).map((type) => [
    type,
    { outcome: type.replace(/^send_/, '') },
  ]),
);

/** The hook for whoever sees events: counts verifications by result, sends by outcome and failed checks. */
export function eventCounter(metrics: Metrics): (type: EventType) => void {
  return (type) => {
    const result = RESULTS.get(type);
    const outcome = OUTCOMES.get(type);
    if (result !== undefined) metrics.count('verifications_total', 'Verifications by what became of them.', result);
    else if (outcome !== undefined) metrics.count('sends_total', 'Messages by outcome.', outcome);
    else metrics.count('failed_checks_total', 'Codes that were wrong.');
  };
}

/** What was measured of providers in the last seven days, over all applications. */
export function watchProviders(metrics: Metrics, providers: ProvidersService): void {
  metrics.gauge('provider_messages', 'Messages of seven days by provider, country and what became of them.', async () =>
    (await providers.totals()).flatMap(({ provider, channel, country, tally }) =>
      (['sent', 'delivered', 'undelivered', 'approved'] as const).map((outcome) => ({
        value: tally[outcome],
        labels: { provider, channel, country, outcome },
      })),
    ),
  );
  metrics.gauge('provider_seconds_to_approve', 'Mean time from acceptance to approval.', async () =>
    (await providers.totals()).flatMap(({ provider, channel, country, tally }) => {
      const value = meanSeconds(tally.approveMs, tally.approved);
      return value === null ? [] : [{ value, labels: { provider, channel, country } }];
    }),
  );
  metrics.gauge(
    'provider_resting',
    'Whether this process lets a provider rest because it did not answer.',
    async () => {
      const states = new Map((await providers.totals()).map(({ provider, resting }) => [provider, resting]));
      return [...states].map(([provider, resting]) => ({ value: Number(resting), labels: { provider } }));
    },
  );
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
