import { afterEach, describe, expect, it } from 'vitest';
import { createHttpWorld } from '../support/world.ts';

type HttpWorld = Awaited<ReturnType<typeof createHttpWorld>>;
let world: HttpWorld;
afterEach(() => world.close());

const DAY = 86_400_000;

describe('A39: what strangers make us store', () => {
  it('is gone after its time: records, sends, events, idempotency keys, counters', async () => {
    world = await createHttpWorld({ limits: { signal_ip: { max: 100_000 } } });
    const baseline = (await world.call('GET', '/v1/verifications')).body['data'].length;
    for (let i = 0; i < 1000; i++) {
      const to = `+1415${String(5_550_000 + i)}`;
      await world.call(
        'POST',
        '/v1/verifications',
        { to, signals: { ip: `198.51.${i % 200}.7` } },
        { 'idempotency-key': `k${i}` },
      );
    }
    await world.service.worker.tick();
    expect((await world.store.records.stats(world.application.id, '2000-01-01', '2999-01-01')).length).toBeGreaterThan(
      0,
    );
    world.clock.now += DAY;
    await world.service.worker.tick();
    world.clock.now += 31 * DAY;
    let gone = 0;
    for (let batch = -1; batch !== 0; gone += batch) batch = await world.store.records.purge(world.clock.now, 300);
    expect(gone).toBe(1000);
    expect((await world.call('GET', '/v1/verifications')).body['data']).toHaveLength(baseline);
    expect(await world.store.outbox.backlog()).toEqual({ queued: 0, oldestAt: null });
    // The totals outlive the purge.
    const totals = await world.store.records.stats(world.application.id, '2000-01-01', '2999-01-01');
    expect(totals.filter((total) => total.kind === 'started').reduce((sum, total) => sum + total.count, 0)).toBe(1000);
  }, 60_000);
});

const PAYLOADS = [
  "' OR '1'='1",
  "'; DROP TABLE verifications; --",
  '" OR ""="',
  '1; SELECT 1',
  "' UNION SELECT * FROM api_keys --",
  '%27%20OR%201=1',
  'a\u0000b',
  '{"$gt":""}',
  '[$ne]=1',
  '*',
  '%',
  '_',
  "\\'",
  '${7*7}',
  '{{constructor.constructor("return 1")()}}',
  '../../etc/passwd',
  '١٢٣',
  'x'.repeat(3000),
];
const FILTERS = [
  'status',
  'channel',
  'purpose',
  'country',
  'to',
  'actor',
  'reference',
  'created_after',
  'created_before',
  'limit',
  'cursor',
  'sort',
  'order_by',
];

describe('A43: injection through filters, paths and ids', () => {
  it('gets a 400 or an empty list for every filter and payload, never a 5xx, and changes nothing', async () => {
    world = await createHttpWorld();
    await world.call('POST', '/v1/verifications', { to: '+14155552671', reference: 'r1' });
    let tried = 0;
    for (const filter of FILTERS) {
      for (const payload of PAYLOADS) {
        const answer = await world.call('GET', `/v1/verifications?${filter}=${encodeURIComponent(payload)}`);
        expect([200, 400]).toContain(answer.status);
        if (answer.status === 200) expect(answer.body['data']).toEqual([]);
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThan(200);
    for (const payload of PAYLOADS) {
      const answer = await world.call('GET', `/v1/verifications/${encodeURIComponent(payload)}`);
      expect([404, 400]).toContain(answer.status);
      const policy = await world.call('PUT', `/v1/policies/${encodeURIComponent(payload)}`, {});
      expect([400, 404]).toContain(policy.status);
    }
    expect((await world.call('GET', '/v1/verifications')).body['data']).toHaveLength(1);
  });
});
