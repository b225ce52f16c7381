import { afterEach, beforeEach, expect, it } from 'vitest';
import { readSettings, type Settings } from '../../src/config/index.ts';
import { createWatchword, orThrow } from '../../src/index.ts';
import type { LogEvent } from '../../src/ports/environment.ts';
import { createEnvironment } from '../../src/runtime/environment.ts';
import { type Database, openDatabase } from '../../src/runtime/open-store.ts';
import { codesLeftBehind, noteVerdictPlace } from '../../src/runtime/verdict-place.ts';
import { testChanges, testRecord } from '../../src/testing/index.ts';
import { type Env, killAll, launch, newPlace, type Place, run, TEST_SECRET } from '../support/process.ts';
import { type Fresh, freshPostgres, freshRedis, serverSuite } from '../support/servers.ts';

const DAY_MS = 86_400_000;

serverSuite('postgres', 'WATCHWORD_STORE, once it is changed,', () => {
  let place: Place;
  let fresh: Fresh;
  let database: Database;
  let logged: LogEvent[];
  const environment = createEnvironment({ log: (event) => void logged.push(event), flush: () => undefined });
  beforeEach(async () => {
    logged = [];
    place = newPlace();
    fresh = await freshPostgres();
    database = await openDatabase(settingsOf('sql'), environment);
    await database.migrations.migrate();
  });
  afterEach(async () => {
    await killAll();
    await database.close();
    await fresh.drop();
    place.remove();
  });

  function envOf(store: 'sql' | 'redis', redisUrl = 'redis://127.0.0.1:1'): Env {
    return { ...place.env, DATABASE_URL: fresh.url, REDIS_URL: redisUrl, WATCHWORD_STORE: store };
  }

  function settingsOf(store: 'sql' | 'redis'): Settings {
    const read = readSettings(envOf(store), () => '');
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    return read.settings;
  }

  async function started(store: 'sql' | 'redis'): Promise<readonly LogEvent[]> {
    logged = [];
    await noteVerdictPlace(settingsOf(store), database, environment);
    return logged;
  }

  /** Two codes in the records, as either store puts them there; answers when the last ends. */
  async function startTwo(): Promise<number> {
    const now = await database.verifications.time();
    for (const expiresAt of [now + 600_000, now + 3_600_000]) {
      const record = testRecord(now, { expiresAt, dueAt: expiresAt });
      await database.verifications.insert(record, testChanges());
    }
    return now + 3_600_000;
  }

  it('to redis: what is pending in the database is told at every start until it has ended', async () => {
    expect(await started('sql')).toEqual([]);
    const until = await startTwo();
    expect(await codesLeftBehind(settingsOf('sql'), database)).toBe(null);
    const left = { from: 'sql', count: 2, more: false, until };
    expect(await codesLeftBehind(settingsOf('redis'), database)).toEqual(left);
    const told = [
      { event: 'store.codes_left_behind', level: 'warn', pending: 2, until: new Date(until).toISOString() },
    ];
    expect(await started('redis')).toMatchObject(told);
    expect(await started('redis')).toMatchObject(told);
    // What begins afterwards begins in Redis, and is recorded.
    await startTwo();
    expect(await codesLeftBehind(settingsOf('redis'), database)).toEqual(left);
    const later = { ...database, verifications: { ...database.verifications, time: async () => until + DAY_MS } };
    expect(await codesLeftBehind(settingsOf('redis'), later)).toBe(null);
  });

  it('back to sql: so is what Redis decided about', async () => {
    expect(await started('redis')).toEqual([]);
    const until = await startTwo();
    expect(await started('redis')).toEqual([]);
    expect(await codesLeftBehind(settingsOf('sql'), database)).toMatchObject({ from: 'redis', count: 2, until });
    expect(await started('sql')).toMatchObject([{ pending: 2, cure: expect.stringContaining('watchword void') }]);
    expect(await started('sql')).toMatchObject([{ pending: 2 }]);
  });

  it('is no reason not to start when nobody can look', async () => {
    const broken = { ...database, documents: { ...database.documents, get: () => Promise.reject(new Error('away')) } };
    await noteVerdictPlace(settingsOf('redis'), broken, environment);
    expect(logged).toMatchObject([{ level: 'warn', warning: expect.stringContaining('could not be seen') }]);
  });
});

serverSuite('redis', 'the program, once WATCHWORD_STORE was changed,', () => {
  it('warns of pending codes by doctor and when it starts', { timeout: 120_000 }, async () => {
    const place = newPlace();
    const [database, redis] = [await freshPostgres(), await freshRedis()];
    try {
      const options = { databaseUrl: database.url, mode: 'development', secret: TEST_SECRET, worker: false } as const;
      const { verify, close } = createWatchword(options);
      orThrow(await verify.start({ to: 'ann@example.com' }));
      await close();
      const settings = { DATABASE_URL: database.url, REDIS_URL: redis.url, WATCHWORD_STORE: 'redis' };
      const given = { env: { ...place.env, ...settings }, cwd: place.folder };
      const { exit, out } = await run(['doctor'], given);
      expect(exit).toBe(0);
      expect(out).toMatch(
        /warn +pending codes +1 pending code was begun under WATCHWORD_STORE=sql; .*\n +→ .*watchword void/,
      );
      const worker = launch(['worker', '--json'], given);
      expect(await worker.line(/codes_left_behind/)).toContain('"pending":1');
      await worker.kill('SIGTERM');
    } finally {
      await killAll();
      await Promise.all([database.drop(), redis.drop()]);
      place.remove();
    }
  });
});
