import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import type { LogEvent } from '../../src/ports/environment.ts';
import type { Store } from '../../src/ports/store.ts';
import { Keys, shardOf } from '../../src/stores/redis/keys.ts';
import { Recorder } from '../../src/stores/redis/recorder.ts';
import { openRedisStore } from '../../src/stores/redis/index.ts';
import { openSqliteStore, type SqliteStore } from '../../src/stores/sqlite/index.ts';
import { testChanges, testEvent, testRecord } from '../../src/testing/index.ts';
import { type Fresh, freshRedis, onRedis, serverSuite } from '../support/servers.ts';
import { newRecords, openParts, removeFolder } from './redis-store.ts';

const HOUR_MS = 3_600_000;

serverSuite('redis', 'a recorder after a flush that nobody was told of', () => {
  let redis: Fresh;
  let sql: SqliteStore;
  let logged: LogEvent[];
  const stores: Store[] = [];
  beforeEach(async () => {
    redis = await freshRedis();
    logged = [];
    sql = await openSqliteStore({ path: newRecords() });
    await sql.migrations.migrate();
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    await sql.close();
    await redis.drop();
  });
  afterAll(removeFolder);

  async function instance(): Promise<Store> {
    const records = { ...sql, close: async () => undefined };
    const log = (event: LogEvent): void => void logged.push(event);
    const store = await openRedisStore({ url: redis.url, sql: records, log });
    stores.push(store);
    return store;
  }

  /** What records of one purpose have in common is written once. */
  async function begin({ verifications }: Store, purpose: string): Promise<string> {
    const now = await verifications.time();
    const record = testRecord(now, { purpose });
    const changes = testChanges({ events: [testEvent('started', now)] });
    expect(await verifications.insert(record, changes)).toEqual({ type: 'inserted' });
    return record.id;
  }

  const isRecorded = async (id: string): Promise<boolean> => (await sql.verifications.get(id)).record !== null;

  it('records the others while one names what Redis lost, and that one once an instance wrote it again', async () => {
    const [dying, other] = [await instance(), await instance()];
    await begin(dying, 'old');
    await onRedis(redis.url, 'DEL', new Keys('ww').frames());
    const lost = await begin(dying, 'old');
    await dying.close();
    const fine = await begin(other, 'new');
    const recorder = await instance();
    const over = new AbortController();
    const running = recorder.tasks[0]?.run(over.signal);
    await expect.poll(() => isRecorded(fine), { timeout: 20_000 }).toBe(true);
    expect(await isRecorded(lost)).toBe(false);
    expect(logged.filter(({ event }) => event === 'recorder.put_aside')).toMatchObject([
      { level: 'error', entries: 2 },
    ]);
    await begin(other, 'old');
    await expect.poll(() => isRecorded(lost), { timeout: 20_000 }).toBe(true);
    expect((await sql.records.events(lost)).length).toBe(1);
    over.abort();
    await running;
  });

  it('gives up after a day what nobody wrote again, and holds no stream for it', async () => {
    const dying = await instance();
    await begin(dying, 'old');
    await onRedis(redis.url, 'DEL', new Keys('ww').frames());
    const lost = await begin(dying, 'old');
    await dying.close();
    let now = Date.now();
    const log = (event: LogEvent): void => void logged.push(event);
    const parts = await openParts({ url: redis.url, sql, log, now: () => now });
    const recorder = new Recorder(parts, { takeOverMs: 0 });
    const told = (): readonly string[] =>
      logged.map(({ event }) => event).filter((name) => name.startsWith('recorder.'));
    const held = async (): Promise<unknown> =>
      ((await parts.client.call('XPENDING', parts.keys.stream(shardOf(lost)), 'recorder')) as unknown[])[0];
    await recorder.takeOver();
    await recorder.drain();
    now += 23 * HOUR_MS;
    await recorder.takeOver();
    expect([told(), await held()]).toEqual([['recorder.put_aside'], 1]);
    now += HOUR_MS;
    await recorder.takeOver();
    expect(told()).toEqual(['recorder.put_aside', 'recorder.gave_up']);
    expect(await held()).toBe(0);
    await parts.client.close();
  });
});
