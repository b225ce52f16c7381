import { describe, expect, it } from 'vitest';
import { createMetrics, eventCounter } from '../../src/http/index.ts';
import { createWorld } from './fake-service.ts';

describe('metrics', () => {
  it('count requests by route template and status, and time them', async () => {
    const world = createWorld();
    await world.fetch('GET', '/v1/verifications/vrf_1');
    await world.fetch('GET', '/v1/verifications/vrf_2?x=1');
    await world.fetch('GET', '/v1/verifications/vrf_2', { token: null });
    await world.fetch('BREW', '/secret/path');
    const response = await world.fetch('GET', '/metrics', { token: null });
    const text = await response.text();
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(text).toContain(
      'watchword_http_requests_total{method="GET",route="/v1/verifications/{id}",status="200"} 2\n',
    );
    expect(text).toContain(
      'watchword_http_requests_total{method="GET",route="/v1/verifications/{id}",status="401"} 1\n',
    );
    expect(text).toContain('watchword_http_requests_total{method="other",route="unmatched",status="404"} 1\n');
    expect(text).toContain('watchword_http_request_duration_seconds_count{route="/v1/verifications/{id}"} 3\n');
    expect(text).not.toMatch(/vrf_|secret|BREW/);
  });

  it('read readiness and its facts at each scrape', async () => {
    const text = await (await createWorld().fetch('GET', '/metrics')).text();
    expect(text).toContain('watchword_ready{check="all"} 1\n');
    expect(text).toContain('watchword_readiness_fact{check="queue",fact="depth"} 7\n');
    expect(text).toContain('watchword_readiness_fact{check="queue",fact="age_seconds"} 3\n');
  });

  it('leave out a gauge that cannot be read', async () => {
    const metrics = createMetrics();
    metrics.gauge('away', 'Away.', () => Promise.reject(new Error('no')));
    metrics.gauge('here', 'Here.', () => [{ value: 1 }]);
    expect(await metrics.expose()).toBe('# HELP watchword_here Here.\n# TYPE watchword_here gauge\nwatchword_here 1\n');
  });

  it('count events as verifications, sends and failed checks', async () => {
    const metrics = createMetrics();
    const count = eventCounter(metrics);
    for (const type of [
      'started',
      'send_queued',
      'sent',
      'check_failed',
      'approved',
      'approved',
      'send_failed',
    ] as const)
      count(type);
    const text = await metrics.expose();
    expect(text).toContain('watchword_verifications_total{result="approved"} 2\n');
    expect(text).toContain('watchword_sends_total{outcome="failed"} 1\n');
    expect(text).toContain('watchword_failed_checks_total 1\n');
  });

  it('are cumulative histograms and escaped labels', async () => {
    const metrics = createMetrics();
    for (const seconds of [0.0005, 0.003, 0.003, 60]) metrics.observe('t_seconds', 'T.', seconds, { a: 'x"\\\n' });
    const text = await metrics.expose();
    const at = (bound: string): string => `watchword_t_seconds_bucket{a="x\\"\\\\\\n",le="${bound}"}`;
    expect(text).toContain(`${at('0.001')} 1\n`);
    expect(text).toContain(`${at('0.005')} 3\n`);
    expect(text).toContain(`${at('10')} 3\n`);
    expect(text).toContain(`${at('+Inf')} 4\n`);
    expect(text).toContain('watchword_t_seconds_sum{a="x\\"\\\\\\n"} 60.0065\n');
  });
});
