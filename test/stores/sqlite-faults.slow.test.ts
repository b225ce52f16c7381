import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WatchwordError } from '../../src/core/errors.ts';
import { openConnection, type Connection } from '../../src/stores/sqlite/connection.ts';
import { openSqliteStore, type SqliteStore } from '../../src/stores/sqlite/index.ts';
import { storeOn } from '../../src/stores/sqlite/store.ts';
import {
  fakeClock,
  nextRecord,
  sendsHit,
  testChanges,
  testEvent,
  testRecord,
  testSend,
} from '../../src/testing/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const script = fileURLToPath(new URL('sqlite-process.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'store-'));
let files = 0;

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function newPath(): string {
  return join(folder, `${files++}.db`);
}

async function openStore(path = newPath()): Promise<SqliteStore> {
  const store = await openSqliteStore({ path });
  await store.migrations.migrate();
  return store;
}

async function openWithConnection(): Promise<{ connection: Connection; store: SqliteStore }> {
  const connection = await openConnection(newPath());
  const store = storeOn(connection, Date.now, () => undefined);
  await store.migrations.migrate();
  return { connection, store };
}

/** A start with everything a commit can write. */
function start(
  store: SqliteStore,
  changes: Parameters<typeof testRecord>[1] = {},
): { id: string; done: Promise<unknown> } {
  const now = Date.now();
  const record = testRecord(now, { metadata: { filler: 'x'.repeat(900) }, ...changes });
  const done = store.verifications.insert(
    record,
    testChanges({
      sends: [testSend(record, now)],
      events: [testEvent('started', now)],
      take: [sendsHit(record, 1_000)],
    }),
  );
  return { id: record.id, done };
}

async function failure(done: Promise<unknown>): Promise<WatchwordError> {
  try {
    await done;
  } catch (error) {
    if (error instanceof WatchwordError) return error;
    throw error;
  }
  throw new Error('it worked');
}

/** Starts until one is refused. */
async function fill(store: SqliteStore): Promise<{ id: string; reason: string }> {
  for (let i = 0; i < 400; i++) {
    const { id, done } = start(store);
    const [outcome] = await Promise.allSettled([done]);
    if (outcome.status === 'rejected') return { id, reason: String(outcome.reason) };
  }
  throw new Error('it never got full');
}

describe('a full database', () => {
  it('accepts nothing, says so, and works again without a restart once there is room', async () => {
    const { connection, store } = await openWithConnection();
    const before = start(store);
    await before.done;
    connection.exec('PRAGMA max_page_count=50');
    const { id: refused, reason } = await fill(store);
    expect(reason).toBe('WatchwordError: The disk is full. Free space on the volume of the database.');
    expect((await store.verifications.get(refused)).record).toBeNull();
    expect(await store.records.events(refused)).toEqual([]);
    expect((await store.verifications.get(before.id)).record?.id).toBe(before.id);
    connection.exec('PRAGMA max_page_count=100000');
    await start(store).done;
    expect((await store.health()).ok).toBe(true);
    await store.close();
  });

  it('does not count sends that were rolled back', async () => {
    const { connection, store } = await openWithConnection();
    connection.exec('PRAGMA max_page_count=50');
    const record = testRecord(Date.now(), { limitIndex: 'k1.counted', metadata: { filler: 'x'.repeat(300_000) } });
    const changes = testChanges({ sends: [testSend(record, Date.now())], take: [sendsHit(record, 1)] });
    for (let i = 0; i < 3; i++) {
      expect((await failure(store.verifications.insert(record, changes))).code).toBe('unavailable');
    }
    const small = testRecord(Date.now(), { limitIndex: 'k1.counted' });
    const insert = { ...changes, sends: [testSend(small, Date.now())] };
    connection.exec('PRAGMA max_page_count=100000');
    expect((await store.verifications.insert(small, insert)).type).toBe('inserted');
    await store.close();
  });
});

describe('a longer window than a day', () => {
  it('is remembered, so that another process neither purges nor overlooks its sends', async () => {
    const path = newPath();
    const clock = fakeClock();
    const week = 7 * 86_400_000;
    const send = async (store: SqliteStore): Promise<string> => {
      const record = testRecord(clock.now(), { limitIndex: 'k1.weekly' });
      const changes = testChanges({ sends: [testSend(record, clock.now())], take: [sendsHit(record, 2, week)] });
      return (await store.verifications.insert(record, changes)).type;
    };
    const open = () => openSqliteStore({ path, now: clock.now });
    const first = await open();
    await first.migrations.migrate();
    expect([await send(first), await send(first)]).toEqual(['inserted', 'inserted']);
    clock.advance(3 * 86_400_000);
    const second = await open();
    await second.records.purge(clock.now(), 100);
    expect(await send(second)).toBe('refused');
    clock.advance(4 * 86_400_000);
    expect([await send(first), await send(second), await send(first)]).toEqual(['inserted', 'inserted', 'refused']);
    await first.close();
    await second.close();
  });
});

describe('a read-only database', () => {
  it('answers reads, refuses writes with the cure, and recovers', async () => {
    const { connection, store } = await openWithConnection();
    const before = start(store);
    await before.done;
    connection.exec('PRAGMA query_only=1');
    const { id, done } = start(store);
    expect((await failure(done)).message).toMatch(/read-only.*write permission/);
    expect((await store.verifications.get(before.id)).record?.id).toBe(before.id);
    expect((await store.verifications.get(id)).record).toBeNull();
    expect((await store.health()).ok).toBe(false);
    connection.exec('PRAGMA query_only=0');
    expect((await store.health()).ok).toBe(true);
    await start(store).done;
    await store.close();
  });
});

describe('a database that another connection has locked', () => {
  it('waits for the lock without blocking the event loop', async () => {
    const path = newPath();
    const store = await openStore(path);
    const other = await openConnection(path);
    other.exec('BEGIN IMMEDIATE');
    const { done } = start(store);
    let longest = 0;
    let last = performance.now();
    const ticks = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 2);
    await new Promise((resolve) => setTimeout(resolve, 400));
    other.exec('COMMIT');
    expect(await done).toEqual({ type: 'inserted' });
    clearInterval(ticks);
    expect(longest).toBeLessThan(250);
    other.close();
    await store.close();
  });

  it('gives up after five seconds, accepts nothing, and works once the lock is gone', async () => {
    const path = newPath();
    const store = await openStore(path);
    const other = await openConnection(path);
    other.exec('BEGIN IMMEDIATE');
    const since = performance.now();
    const items = Array.from({ length: 3 }, () => start(store));
    for (const { done } of items) expect((await failure(done)).message).toMatch(/locked by another process/);
    expect(performance.now() - since).toBeGreaterThan(4_500);
    expect(performance.now() - since).toBeLessThan(8_000);
    other.exec('ROLLBACK');
    for (const { id } of items) expect((await store.verifications.get(id)).record).toBeNull();
    await start(store).done;
    other.close();
    await store.close();
  });
});

describe('a file that cannot be used', () => {
  it('is refused with the cure', async () => {
    const missing = await failure(openSqliteStore({ path: join(folder, 'no', 'such', 'folder.db') }));
    expect(missing.message).toMatch(/cannot be opened.*folder exists/);
    const foreign = await failure(openSqliteStore({ path: script }));
    expect(foreign.message).toMatch(/not a database/);
  });

  it('of a newer release is refused, unless that says older ones can read it', async () => {
    const path = newPath();
    await (await openStore(path)).close();
    const connection = await openConnection(path);
    connection.exec("INSERT INTO schema_migrations VALUES (98, '098_new', 1, 0)");
    await (await openStore(path)).close();
    connection.exec("INSERT INTO schema_migrations VALUES (99, '099_break', 99, 0)");
    connection.close();
    expect((await failure(openSqliteStore({ path }))).message).toMatch(/newer release; upgrade/);
  });

  it('is created for its owner only', async () => {
    const path = newPath();
    await (await openStore(path)).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});

describe('migrations', () => {
  const ALL = ['001_first', '002_documents', '003_reason', '004_reference'];

  it('run once when several stores start together, and then none is pending', async () => {
    const path = newPath();
    const stores = await Promise.all([1, 2, 3, 4].map(() => openSqliteStore({ path })));
    expect(await stores[0]?.migrations.pending()).toEqual(ALL);
    const applied = await Promise.all(stores.map((store) => store.migrations.migrate()));
    expect(applied.flat().sort()).toEqual(ALL);
    expect(await stores[0]?.migrations.pending()).toEqual([]);
    expect((await stores[3]?.applications.list())?.length).toBe(1);
    for (const store of stores) await store.close();
  });
});

describe('a closed store', () => {
  it('finished what was asked for before, and refuses what comes after', async () => {
    const path = newPath();
    const store = await openStore(path);
    const { id, done } = start(store);
    await store.close();
    expect(await done).toEqual({ type: 'inserted' });
    expect((await failure(start(store).done)).message).toMatch(/closed/);
    expect((await failure(store.verifications.get(id))).message).toMatch(/closed/);
    const again = await openStore(path);
    expect((await again.verifications.get(id)).record?.id).toBe(id);
    await again.close();
  });
});

describe('the address lookups', () => {
  it('find old and new records, also under a new key, and forget erased and purged ones', async () => {
    const store = await openStore();
    const now = Date.now();
    const find = async (toIndex: string): Promise<readonly string[]> => {
      const { rows } = await store.records.search({
        application: old.application,
        mode: 'live',
        now,
        limit: 9,
        toIndexes: [toIndex],
      });
      return rows.map((row) => row.id);
    };
    const old = testRecord(now, { toIndex: 'k1.needle-in-the-stack' });
    await store.verifications.insert(old, testChanges());
    const mine = { toIndex: old.toIndex };
    await Promise.all(Array.from({ length: 4_500 }, () => store.verifications.insert(testRecord(now), testChanges())));
    const late = { ...testRecord(now, mine), id: `${old.id.slice(0, -1)}!` };
    const fresh = testRecord(now, mine);
    await store.verifications.insert(late, testChanges());
    await store.verifications.insert(fresh, testChanges());
    expect(await find('k1.needle-in-the-stack')).toEqual([fresh.id, old.id, late.id].toSorted().toReversed());
    await store.verifications.replace(nextRecord(old, { toIndex: 'k2.new-key-same-person' }), 1, testChanges());
    expect(await find('k2.new-key-same-person')).toEqual([old.id]);
    expect((await find('k1.needle-in-the-stack')).includes(old.id)).toBe(false);
    expect(await store.records.erase(old.application, ['k2.new-key-same-person', 'k1.needle-in-the-stack'], now)).toBe(
      3,
    );
    expect(await find('k2.new-key-same-person')).toEqual([]);
    await store.close();
  });
});

describe('two processes on one file', () => {
  beforeAll(() => {
    execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'src/stores/sqlite', 'src/testing'], {
      cwd: root,
    });
  });

  function run(path: string, job: string, ...rest: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [script, join(root, 'dist'), path, job, ...rest]);
      let output = '';
      let errors = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
      child.on('exit', (code) => (code === 0 ? resolve(output.trim()) : reject(new Error(errors))));
    });
  }

  it('together never pass a limit', async () => {
    const path = newPath();
    const counts = await Promise.all([1, 2, 3].map(() => run(path, 'starts')));
    expect(counts.reduce((sum, count) => sum + Number(count), 0)).toBe(25);
  });

  it('lose no swap', async () => {
    const path = newPath();
    const store = await openStore(path);
    const record = testRecord(Date.now());
    await store.verifications.insert(record, testChanges());
    const won = await Promise.all([1, 2].map(() => run(path, 'checks', record.id)));
    expect(won).toEqual(['200', '200']);
    expect((await store.verifications.get(record.id)).record?.checks).toBe(400);
    await store.close();
  });

  it('keep every acknowledged start, with its send and events, when killed (F1)', async () => {
    const path = newPath();
    for (let round = 0; round < 3; round++) {
      const child = spawn(process.execPath, [script, join(root, 'dist'), path, 'endless']);
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      const ended = new Promise((resolve) => child.on('close', resolve));
      await new Promise((resolve) => child.stdout.once('data', resolve));
      await new Promise((resolve) => setTimeout(resolve, 20 + round * 35));
      child.kill('SIGKILL');
      await ended;
      // The last line may be cut off.
      const ids = output.split('\n').slice(0, -1);
      const store = await openStore(path);
      expect(ids.length).toBeGreaterThan(0);
      for (const id of ids) {
        expect((await store.verifications.get(id)).record?.id).toBe(id);
        expect((await store.records.sends(id)).length).toBe(1);
        expect((await store.records.events(id)).length).toBe(1);
      }
      await store.close();
    }
  });
});
