import { describe, expect, it } from 'vitest';
import { effectivePolicy } from '../../../src/core/policy.ts';
import type { SqlServerStore } from '../../../src/stores/sql/server/index.ts';
import { closedRecord, fakeClock, nextRecord, testEvent, testRecord, testSend } from '../../../src/testing/index.ts';
import { at, type OpenPlaces } from './places.ts';

const replacing = effectivePolicy({ preset: 'phone-api' }, 'default');

/** What a recorder writes. */
export function sinkSuite(driver: string, { two }: OpenPlaces): void {
  describe(`the sink on ${driver}`, () => {
    it('keeps every event once, in any order and from several recorders at once', async () => {
      const clock = fakeClock();
      const stores = await two(clock);
      const commits = Array.from({ length: 12 }, () => commitsOfOne(clock.now())).flat();
      const refusals = Array.from({ length: 5 }, (_, i) => ({
        id: `refusal ${i}`,
        application: testRecord(0).application,
        mode: 'live' as const,
        reason: 'limit_exceeded',
        at: clock.now(),
      }));
      const shuffled = [commits.toReversed(), commits, [...commits.slice(17), ...commits.slice(0, 17)]];
      await Promise.all(
        shuffled.flatMap((order, i) =>
          [order.slice(0, 13), order.slice(13)].map((part) => at(stores, i).sink.record(part, refusals)),
        ),
      );
      await stores[0].sink.record(commits, refusals);
      const day = new Date(clock.now()).toISOString().slice(0, 10);
      const totals = await stores[1].records.stats(testRecord(0).application, day, day);
      expect(Object.fromEntries(totals.map(({ kind, count }) => [kind, count]))).toEqual({
        started: 12,
        send_queued: 12,
        sent: 12,
        approved: 12,
        'refused:limit_exceeded': 5,
      });
      for (const last of commits.filter(({ record }) => record.version === 3)) {
        const { record } = await stores[1].verifications.get(last.record.id);
        expect([record?.version, record?.status]).toEqual([3, 'approved']);
        const events = await stores[1].records.events(last.record.id);
        expect(events.map(({ type }) => type)).toEqual(['started', 'send_queued', 'sent', 'approved']);
        expect((await stores[1].records.sends(last.record.id)).map(({ status }) => status)).toEqual(['accepted']);
      }
      expect((await stores[0].outbox.backlog()).queued).toBe(0);
    });
  });
}

/** The life of one record as a verdict store elsewhere committed it. */
function commitsOfOne(now: number): Parameters<SqlServerStore['sink']['record']>[0] {
  const first = testRecord(now, { toIndex: 'k1.one-subject', policy: replacing });
  const send = testSend(first, now);
  const second = nextRecord(first, { accepted: true });
  const accepted = {
    ...send,
    status: 'accepted' as const,
    provider: 'p',
    attempts: [{ provider: 'p', at: now, error: null }],
  };
  return [
    { record: first, events: [testEvent('started', now), testEvent('send_queued', now)], sends: [send], documents: [] },
    { record: second, events: [testEvent('sent', now)], sends: [accepted], documents: [] },
    { record: closedRecord(second, now), events: [testEvent('approved', now)], sends: [], documents: [] },
  ];
}
