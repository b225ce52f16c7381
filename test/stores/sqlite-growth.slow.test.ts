import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openConnection, type Connection } from '../../src/stores/sqlite/connection.ts';
import { storeOn } from '../../src/stores/sqlite/store.ts';
import {
  closedRecord,
  fakeClock,
  sendsHit,
  testChanges,
  testEvent,
  testHit,
  testId,
  testRecord,
  testSend,
} from '../../src/testing/index.ts';
import { sealed } from '../../src/core/redacted.ts';

const DAY_MS = 86_400_000;
/** What may grow: totals by design, policies with their versions. */
const LASTING = ['totals', 'policy_snapshots', 'schema_migrations', 'applications', 'clock', 'meta'];

it('every table that hostile traffic fills is empty again after the retention (A39)', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'store-'));
  const clock = fakeClock();
  const connection = await openConnection(join(folder, 'a.db'));
  const store = storeOn(connection, clock.now, () => undefined);
  await store.migrations.migrate();
  const starts = Array.from({ length: 5_000 }, async (_, i) => {
    const record = testRecord(clock.now());
    const key = `app|${i}`;
    await store.verifications.insert(
      record,
      testChanges({
        sends: [testSend(record, clock.now())],
        events: [testEvent('started', clock.now())],
        take: [sendsHit(record, 10), testHit('signal_ip', [`ip${i}`], 20, 3_600_000)],
        failed: [key],
        device: `${key}|device`,
      }),
    );
    await store.idempotency.claim({ key: `k${i}`, body: 'b', id: 'i' }, clock.now());
    await store.inbox.put({
      sendId: testId('snd', clock.now()),
      verification: record.id,
      application: 'app',
      mode: 'test',
      channel: 'sms',
      toIndex: 'k1.x',
      sealed: sealed('k1.x'),
      createdAt: clock.now(),
    });
    await store.verifications.replace(closedRecord(record, clock.now()), 1, testChanges());
  });
  await Promise.all(starts);
  expect(rows(connection)).toMatchObject({ verifications: 5_000, counters: 5_000, lookup_segments: 2 });
  clock.advance(500 * DAY_MS);
  let gone = 0;
  for (let count = 1; count > 0; gone += count) count = await store.records.purge(clock.now(), 700);
  for (let i = 0; i < 9; i++) await store.records.purge(clock.now(), 700);
  expect(gone).toBe(5_000);
  // The newest of each stays: its number must not be given twice.
  expect(rows(connection)).toEqual({ send_log: 1, lookup_segments: 1 });
  await store.close();
  rmSync(folder, { recursive: true });
});

function rows(connection: Connection): Record<string, number> {
  const tables = connection
    .sql("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all() as { name: string }[];
  const counts = tables
    .filter(({ name }) => !LASTING.includes(name))
    .map(
      ({ name }) =>
        [name, (connection.sql(`SELECT count(*) AS count FROM ${name}`).get() as { count: number }).count] as const,
    );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}
