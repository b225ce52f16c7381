import { expect, it } from 'vitest';
import { openPostgresStore } from '../../src/stores/postgres/index.ts';
import { openRedisStore } from '../../src/stores/redis/index.ts';
import { nextRecord, testChanges, testEvent, testRecord, testSend } from '../../src/testing/index.ts';
import type { VerificationEvent } from '../../src/core/events.ts';
import { serverSuite, startPostgres, startRedis } from '../support/servers.ts';

/** How long the database of the records is away, s: some in every build, a minute by hand. */
const AWAY_SECONDS = Number(process.env['WATCHWORD_AWAY_SECONDS'] ?? 6);
const AT_ONCE = 8;

serverSuite('redis', 'verdicts in Redis while the database of the records is away', () => {
  it(
    `go on for ${AWAY_SECONDS} s, and afterwards every event is in the records once`,
    { timeout: (AWAY_SECONDS + 90) * 1_000 },
    async () => {
      const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
      const sql = await openPostgresStore({ url: postgres.url });
      await sql.migrations.migrate();
      const store = await openRedisStore({ url: redis.url, sql });
      const stop = new AbortController();
      const tasks = store.tasks.map((task) => task.run(stop.signal));
      const written = new Map<string, readonly VerificationEvent[]>();
      let refused = 0;
      let under = true;
      const load = Array.from({ length: AT_ONCE }, async () => {
        while (under) {
          const now = await store.verifications.time();
          const record = testRecord(now);
          const started = [testEvent('started', now), testEvent('send_queued', now)];
          const failed = [testEvent('check_failed', now)];
          try {
            await store.verifications.insert(record, testChanges({ events: started, sends: [testSend(record, now)] }));
            written.set(record.id, started);
            await store.verifications.replace(nextRecord(record), 1, testChanges({ events: failed }));
            written.set(record.id, [...started, ...failed]);
          } catch {
            refused++;
          }
          await new Promise((resolve) => setTimeout(resolve, 4));
        }
      });
      await seconds(1);
      await postgres.kill();
      const before = written.size;
      await seconds(AWAY_SECONDS);
      const during = written.size - before;
      await postgres.start();
      await seconds(1);
      under = false;
      await Promise.all(load);
      const until = performance.now() + 60_000;
      let missing = written.size;
      while (missing > 0 && performance.now() < until) {
        await seconds(0.5);
        missing = await notYet(sql, written);
      }
      process.stdout.write(
        `  away ${AWAY_SECONDS} s: ${written.size} verifications, ${during} of them meanwhile, ${refused} refused, ${missing} not recorded\n`,
      );
      expect(during).toBeGreaterThan(AWAY_SECONDS * 10);
      expect(refused).toBe(0);
      expect(missing).toBe(0);
      const day = new Date().toISOString().slice(0, 10);
      const [first] = written.keys();
      const { record } = await sql.verifications.get(first ?? '');
      const totals = await sql.records.stats(record?.application ?? '', '2000-01-01', `${day}z`);
      const count = (kind: string): number =>
        totals.filter((total) => total.kind === kind).reduce((sum, total) => sum + total.count, 0);
      expect(count('started')).toBe(written.size);
      expect(count('check_failed')).toBe([...written.values()].filter((events) => events.length === 3).length);
      stop.abort();
      await Promise.all(tasks);
      await store.close();
      await Promise.all([postgres.remove(), redis.remove()]);
    },
  );
});

/** How many verifications lack an event in the records, or have one twice. */
async function notYet(
  sql: Awaited<ReturnType<typeof openPostgresStore>>,
  written: ReadonlyMap<string, readonly VerificationEvent[]>,
): Promise<number> {
  let missing = 0;
  for (const [id, events] of written) {
    const kept = (await sql.records.events(id)).map((event) => event.id).sort();
    const wanted = events.map((event) => event.id).sort();
    if (JSON.stringify(kept) !== JSON.stringify(wanted)) missing++;
    if (missing > 50) return missing;
  }
  return missing;
}

function seconds(count: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, count * 1_000);
  });
}
