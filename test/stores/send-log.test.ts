import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openConnection } from '../../src/stores/sqlite/connection.ts';
import { openSqliteStore, type SqliteStore } from '../../src/stores/sqlite/index.ts';
import { fakeClock, sendsHit, testChanges, testRecord, testSend } from '../../src/testing/index.ts';

const ROWS = 20_000;
const clock = fakeClock();
let folder: string;
let path: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'send-log-'));
  path = join(folder, 'a.db');
  const store = await openSqliteStore({ path, now: clock.now });
  await store.migrations.migrate();
  await store.close();
  const connection = await openConnection(path);
  connection.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})
    INSERT INTO send_log (seq, destination, at) SELECT i, i, ${clock.now()} FROM n`);
  connection.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(store: SqliteStore, limitIndex: string): Promise<string> {
  const record = testRecord(clock.now(), { limitIndex });
  const changes = testChanges({ sends: [testSend(record, clock.now())], take: [sendsHit(record, 2)] });
  return store.verifications.insert(record, changes).then(({ type }) => type);
}

it('is read in slices before the first start: the event loop goes on, and nothing is miscounted', async () => {
  const [store, other] = await Promise.all([
    openSqliteStore({ path, now: clock.now }),
    openSqliteStore({ path, now: clock.now }),
  ]);
  expect(await start(other, 'k1.one')).toBe('inserted');
  let turns = 0;
  let done = false;
  const turn = (): void => {
    turns++;
    if (!done) setImmediate(turn);
  };
  setImmediate(turn);
  const first = Promise.all([start(store, 'k1.one'), start(store, 'k1.one'), start(store, 'k1.two')]);
  // Committed by the other process while this one still reads.
  expect(await start(other, 'k1.two')).toBe('inserted');
  expect((await first).sort()).toEqual(['inserted', 'inserted', 'refused']);
  done = true;
  expect(turns).toBeGreaterThanOrEqual(ROWS / 2_000);
  expect(await start(store, 'k1.two')).toBe('refused');
  await Promise.all([store.close(), other.close()]);
});

it('lets a store that closes at once finish the starts that wait for it', async () => {
  const store = await openSqliteStore({ path, now: clock.now });
  const started = start(store, 'k1.one');
  await store.close();
  expect(await started).toBe('inserted');
});
