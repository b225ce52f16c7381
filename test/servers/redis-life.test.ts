import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { WatchwordError } from '../../src/core/errors.ts';
import { PRESETS } from '../../src/core/policy.ts';
import { digest, sealed } from '../../src/core/redacted.ts';
import type { Verification } from '../../src/core/verification.ts';
import type { RecordSink } from '../../src/ports/recording.ts';
import type { BackgroundTask, Store } from '../../src/ports/store.ts';
import { parseRedisUrl } from '../../src/stores/redis/address.ts';
import { connectRedis } from '../../src/stores/redis/client.ts';
import { Frames } from '../../src/stores/redis/frames.ts';
import { Keys } from '../../src/stores/redis/keys.ts';
import { openRedisStore, type RecordStore } from '../../src/stores/redis/index.ts';
import type { Parts } from '../../src/stores/redis/parts.ts';
import { openSqliteStore, type SqliteStore } from '../../src/stores/sqlite/index.ts';
import {
  APPLICATION,
  closedRecord,
  nextRecord,
  sendsHit,
  testChanges,
  testEvent,
  testHit,
  testRecord,
  testSend,
} from '../../src/testing/index.ts';
import { type RealServer, serverSuite, startRedis } from '../support/servers.ts';
import { newRecords, openParts, removeFolder } from './redis-store.ts';

/** Keys that may stay for ever: few, and of a size that does not grow with verifications. */
const LASTING = [/\{t\}[fn]$/, /\{[0-3][0-9a-f]\}e$/, /\{[0-3][0-9a-f]\}q$/];

/** Connections that the tests open below the store. */
const opened: { close(): Promise<void> }[] = [];

afterAll(async () => {
  for (const client of opened) await client.close();
  removeFolder();
});

serverSuite('redis', 'the life of verifications in Redis', () => {
  let server: RealServer;
  let redis: Redis;
  let sql: SqliteStore;
  let store: Store;
  let prefixes = 0;
  let prefix = '';

  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(server.url);
  });

  afterAll(async () => {
    await redis.quit();
    await server.remove();
  });

  beforeEach(async () => {
    await redis.flushall();
    prefix = `p${prefixes++}`;
    sql = await openSqliteStore({ path: newRecords() });
    await sql.migrations.migrate();
    store = await openRedisStore({ url: server.url, sql, prefix });
    return () => store.close();
  });

  const parts = async (): Promise<Parts> => {
    const own = await openParts({ url: server.url, sql, prefix });
    opened.push(own.client);
    return own;
  };

  const insert = async (changes: Partial<Verification> = {}): Promise<Verification> => {
    const now = await store.verifications.time();
    const record = testRecord(now, changes);
    const written = testChanges({
      events: [testEvent('started', now)],
      sends: [testSend(record, now)],
      take: [sendsHit(record, 10)],
    });
    expect(await store.verifications.insert(record, written)).toEqual({ type: 'inserted' });
    return record;
  };

  it('keeps failures as long as a longer window reaches that was adopted after an approval', async () => {
    const dayMs = 86_400_000;
    const keys = ['app|adopted'];
    const record = await insert();
    await store.verifications.replace(nextRecord(record), 1, testChanges({ failed: keys }));
    const approved = closedRecord(nextRecord(record), await store.verifications.time());
    await store.verifications.replace(approved, 2, testChanges({ cleared: keys }));
    const { keys: names } = await parts();
    const lifeMs = (): Promise<number> => redis.pttl(names.counter('failures', keys[0] ?? ''));
    expect(await lifeMs()).toBeLessThanOrEqual(dayMs);
    const take = [testHit('destination_failures', keys, 9, 7 * dayMs)];
    const next = testRecord(await store.verifications.time());
    expect(await store.verifications.insert(next, testChanges({ take }))).toEqual({ type: 'inserted' });
    expect(await lifeMs()).toBeGreaterThan(6 * dayMs);
  });

  it('counts messages over a window longer than a day, also those that another limit let through', async () => {
    const hourMs = 3_600_000;
    let now = await store.verifications.time();
    const clocked = await openRedisStore({ url: server.url, sql, prefix, now: () => now });
    const send = (isCounted: boolean): ReturnType<Store['verifications']['insert']> => {
      const record = testRecord(now, { limitIndex: 'k1.long-window' });
      const take = isCounted ? [sendsHit(record, 2, 48 * hourMs)] : [];
      return clocked.verifications.insert(record, testChanges({ sends: [testSend(record, now)], take }));
    };
    expect(await send(true)).toEqual({ type: 'inserted' });
    now += 25 * hourMs;
    expect(await send(false)).toEqual({ type: 'inserted' });
    expect(await send(true)).toMatchObject({ type: 'refused', refusal: { name: 'destination_sends' } });
    now += 24 * hourMs;
    expect(await send(true)).toEqual({ type: 'inserted' });
  });

  it('knows again what records have in common after a flush that nobody was told of', async () => {
    const address = parseRedisUrl(server.url);
    if (address === null) throw new Error('no address');
    const [writer, reader] = await Promise.all([connectRedis(address), connectRedis(address)]);
    opened.push(writer, reader);
    const keys = new Keys(prefix);
    const known = new Frames(writer, keys);
    const number = await known.numberOf(testRecord(0, { purpose: 'held by a recorder' }), 'k1');
    await redis.flushall();
    const others = async (): Promise<string> => {
      await known.numberOf(testRecord(0, { purpose: 'asked for afterwards' }), 'k1');
      // Each time a process that has seen nothing yet.
      return new Frames(reader, keys).frameOf(number).then(
        ({ purpose }) => purpose,
        (error: WatchwordError) => error.code,
      );
    };
    await expect.poll(others, { timeout: 5_000, interval: 400 }).toBe('held by a recorder');
  });

  it('keeps a TTL on every key but a short list', async () => {
    const record = await insert({ policy: PRESETS['phone-api'] });
    const failing = testChanges({ failed: [`${APPLICATION}|${record.limitIndex}`], device: `${APPLICATION}|x|device` });
    await store.verifications.replace(nextRecord(record), 1, failing);
    await store.idempotency.claim({ key: 'k', body: 'b', id: 'i' }, await store.verifications.time());
    await store.idempotency.finish('k', 'answer');
    await store.applications.list();
    await untilDone(store.tasks, async () => (await unfinished(redis, prefix)) === 0);
    const keys = (await redis.keys(`${prefix}*`)).filter((key) => !LASTING.some((lasting) => lasting.test(key)));
    const forever = [];
    for (const key of await redis.keysBuffer(`${prefix}*`)) {
      if (LASTING.some((lasting) => lasting.test(key.toString('latin1')))) continue;
      if ((await redis.pttl(key)) < 0) forever.push(key.toString('latin1'));
    }
    expect(keys.length).toBeGreaterThan(5);
    expect(forever).toEqual([]);
  });

  it('has nothing of a sealed code left once it was sent and recorded', async () => {
    const code = 'k1.SEALEDCODESEALEDCODE';
    for (const policy of [PRESETS.default, PRESETS['hosted-email']]) {
      const record = await insert({ sealedCode: sealed(code), policy });
      const [claimed] = await store.outbox.claim(await store.verifications.time(), 1, 15_000);
      if (claimed === undefined) throw new Error('nothing was offered');
      expect(await dump(redis)).toContain('SEALEDCODE');
      const sent = { ...claimed.send, status: 'accepted' as const, provider: 'p' };
      const settled = testChanges({ sendUpdate: { send: sent, progress: claimed.progress, dueAt: null } });
      const kept = policy.resend_code === 'same' ? record.sealedCode : null;
      await store.verifications.replace(nextRecord(record, { accepted: true, sealedCode: kept }), 1, settled);
    }
    await untilDone(store.tasks, async () => (await unfinished(redis, prefix)) === 0);
    expect(await dump(redis)).not.toContain('SEALEDCODE');
  });

  it('reads back what only the records keep: address, same code, context', async () => {
    const record = await insert();
    const [claimed] = await store.outbox.claim(await store.verifications.time(), 1, 15_000);
    if (claimed === undefined) throw new Error('nothing was offered');
    const sent = { ...claimed.send, status: 'accepted' as const };
    const settled = testChanges({ sendUpdate: { send: sent, progress: claimed.progress, dueAt: null } });
    await store.verifications.replace(nextRecord(record, { accepted: true }), 1, settled);
    await untilDone(store.tasks, async () => (await unfinished(redis, prefix)) === 0);
    expect((await redis.keysBuffer(`${prefix}*l*`)).filter((key) => /\}l/.test(key.toString('latin1')))).toEqual([]);
    const found = (await store.verifications.get(record.id)).record;
    expect(found).toEqual({ ...record, version: 2, accepted: true });
    expect([found?.sealedTo?.reveal(), found?.sealedCode?.reveal(), found?.digest?.reveal()]).toEqual([
      record.sealedTo?.reveal(),
      record.sealedCode?.reveal(),
      record.digest?.reveal(),
    ]);
  });

  it('judges a code without the database, and leaves there what it did not read', async () => {
    const real = { context: null, metadata: {}, toIndex: 'AAAAAAAAAAAAAAAA', limitIndex: 'BBBBBBBBBBBBBBBB' };
    const mac = digest(`k1.${'C'.repeat(21)}A.${'D'.repeat(42)}A`);
    const record = await insert({ ...real, digest: mac });
    const [claimed] = await store.outbox.claim(await store.verifications.time(), 1, 15_000);
    if (claimed === undefined) throw new Error('nothing was offered');
    const sent = { ...claimed.send, status: 'accepted' as const };
    const settled = testChanges({ sendUpdate: { send: sent, progress: claimed.progress, dueAt: null } });
    await store.verifications.replace(nextRecord(record, { accepted: true }), 1, settled);
    await untilDone(store.tasks, async () => (await unfinished(redis, prefix)) === 0);
    const away = await openRedisStore({ url: server.url, sql: unreachable(), prefix });
    await expect(away.verifications.get(record.id)).rejects.toThrow('away');
    const seen = (await away.verifications.get(record.id, 'verdict')).record;
    if (seen === null) throw new Error('it is not there');
    expect([seen.digest?.reveal(), seen.toIndex, seen.to.masked]).toEqual([
      mac.reveal(),
      real.toIndex,
      record.to.masked,
    ]);
    expect(await away.verifications.replace(nextRecord(seen, { checks: 1 }), 2, testChanges())).toEqual({
      type: 'replaced',
    });
    await away.close();
    const whole = (await store.verifications.get(record.id)).record;
    expect([whole?.checks, whole?.sealedTo?.reveal(), whole?.sealedCode?.reveal()]).toEqual([
      1,
      record.sealedTo?.reveal(),
      record.sealedCode?.reveal(),
    ]);
    await store.verifications.replace(closedRecord(whole ?? record, Date.now(), 'failed'), 3, testChanges());
    await untilDone(store.tasks, async () => (await unfinished(redis, prefix)) === 0);
    const kept = (await sql.verifications.get(record.id)).record;
    expect([kept?.status, kept?.checks, kept?.sealedTo?.reveal(), kept?.sealedCode]).toEqual([
      'failed',
      1,
      record.sealedTo?.reveal(),
      null,
    ]);
  });

  it('goes on with what Redis let go: a closed record of the records takes one more commit, once', async () => {
    const record = await insert();
    const now = await store.verifications.time();
    const closed = closedRecord(record, now, 'failed');
    await store.verifications.replace(closed, 1, testChanges({ dropQueued: true }));
    await untilDone(store.tasks, async () => (await unfinished(redis, prefix)) === 0);
    for (const key of await redis.keysBuffer(`${prefix}*`)) {
      if (/\}[vl]/.test(key.toString('latin1'))) await redis.del(key);
    }
    expect((await store.verifications.get(record.id)).record?.version).toBe(2);
    const swaps = await Promise.all(
      Array.from({ length: 5 }, () => store.verifications.replace(nextRecord(closed), 2, testChanges())),
    );
    expect(swaps.filter(({ type }) => type === 'replaced').length).toBe(1);
    expect((await store.records.sends(record.id)).map((send) => send.status)).toEqual(['dropped']);
  });

  it('takes over a claim of a subject whose record never came, and lets the late one write nothing', async () => {
    const shared = { policy: PRESETS['phone-api'], toIndex: 'k1.subject' };
    const first = await insert(shared);
    const [key] = (await redis.keys(`${prefix}*`)).filter((name) => name.endsWith('}u'));
    await redis.set(key ?? '', `vrf_nobody|${(await serverTime(redis)) - 9_000}`);
    const now = await store.verifications.time();
    expect(await store.verifications.insert(testRecord(now, shared), testChanges())).toEqual({ type: 'subject_busy' });
    await redis.set(key ?? '', `vrf_nobody|${(await serverTime(redis)) - 11_000}`);
    expect(await store.verifications.insert(testRecord(now, shared), testChanges())).toEqual({ type: 'inserted' });
    expect((await store.verifications.get(first.id)).record?.status).toBe('pending');
    const { commit } = await import('../../src/stores/redis/committing.ts');
    const late = testRecord(now, shared);
    const written = { record: late, expectedVersion: 0, changes: testChanges(), now, recordedVersion: false };
    const own = await parts();
    expect(await commit(own, { ...written, notAfter: (await serverTime(redis)) - 1_000 })).toBe('late');
    expect((await store.verifications.get(late.id)).record).toBe(null);
  });

  it('records every event once although one recorder dies before the write and one after it', async () => {
    const records: Verification[] = [];
    for (const writes of [false, true]) {
      for (let i = 0; i < 150; i++) records.push(await insert());
      await store.records.countRefused(APPLICATION, 'live', 'limit_exceeded', Date.now());
      const dying: RecordSink = {
        async record(commits, refusals) {
          if (writes) await sql.sink.record(commits, refusals);
          throw new WatchwordError('unavailable', 'died');
        },
      };
      const other = await openRedisStore({ url: server.url, sql: shared(sql, { sink: dying }), prefix });
      await expect(other.records.stats(APPLICATION, 'x', 'x')).rejects.toThrow('died');
      await other.close();
    }
    const { Recorder } = await import('../../src/stores/redis/recorder.ts');
    const survivor = new Recorder(await parts(), { takeOverMs: 0 });
    await survivor.takeOver();
    await survivor.drain();
    const day = new Date().toISOString().slice(0, 10);
    const totals = await sql.records.stats(APPLICATION, day, day);
    expect(totals.find(({ kind }) => kind === 'started')?.count).toBe(300);
    expect(totals.find(({ kind }) => kind === 'refused:limit_exceeded')?.count).toBe(2);
    for (const { id } of records) expect((await sql.records.events(id)).length).toBe(1);
  });

  it('looks through what is not recorded yet for a missing document only if a commit may have carried it', async () => {
    const { id } = await insert();
    const recorded = async (): Promise<number> => (await sql.records.events(id)).length;
    expect(await store.documents.get('agent', 'agt_none')).toBe(null);
    expect(await recorded()).toBe(0);
    expect(await store.documents.get('audit', 'aud_none')).toBe(null);
    expect(await recorded()).toBe(1);
  });

  it('brings every acknowledged send to the queue although a feeder died, and wakes again a send that goes round', async () => {
    const { Feeder } = await import('../../src/stores/redis/feeder.ts');
    const own = await parts();
    const records = [await insert(), await insert(), await insert()];
    const dead = {
      add: () => Promise.reject(new WatchwordError('unavailable', 'died')),
      consume: neverConsumes,
      close: async () => {},
    };
    await expect(new Feeder(own, dead).step()).rejects.toThrow('died');
    const woken: string[] = [];
    const alive = {
      ...dead,
      add: async (wakeUps: readonly { name: string; sendId: string }[]) =>
        void woken.push(...wakeUps.map(({ name }) => name)),
    };
    const survivor = new Feeder(own, alive, { takeOverMs: 0 });
    expect(await survivor.step()).toBe(0);
    expect(await survivor.takeOver()).toBe(3);
    const sends = (await Promise.all(records.map(({ id }) => store.records.sends(id)))).flat();
    expect(woken.toSorted()).toEqual(sends.map(({ id }) => id).toSorted());
    const [claimed] = await store.outbox.claim(await store.verifications.time(), 1, 15_000);
    if (claimed === undefined) throw new Error('nothing was offered');
    const record = records.find(({ id }) => id === claimed.send.verification);
    if (record === undefined) throw new Error('not ours');
    const retry = testChanges({
      sendUpdate: { send: claimed.send, progress: claimed.progress, dueAt: 1_999_999_999_999 },
    });
    await store.verifications.replace(nextRecord(record), 1, retry);
    await survivor.step();
    expect(woken.at(-1)).toBe(`${claimed.send.id}-1999999999999`);
  });

  it('wakes a worker through the queue with nothing but the id of the send', async () => {
    const woken: string[] = [];
    const consumer = store.queue?.consume(async (id) => void woken.push(id), 4);
    const record = await insert();
    await untilDone(store.tasks, async () => woken.length > 0);
    expect(woken).toEqual((await store.records.sends(record.id)).map(({ id }) => id));
    expect(
      (await store.outbox.claimOne(woken[0] ?? '', await store.verifications.time(), 15_000))?.send.verification,
    ).toBe(record.id);
    await consumer?.stop();
    expect((await redis.keys('{*')).filter((key) => key.includes('snd_'))).toEqual([]);
  });

  it('starts, checks and reads settings in a restarted instance while the database is away', async () => {
    const settings = await store.applications.list();
    const record = await insert();
    const away = await openRedisStore({ url: server.url, sql: unreachable(), prefix });
    expect(await away.applications.list()).toEqual(settings);
    await expect(away.keys.find('key_unknown')).rejects.toThrow('away');
    const next = testRecord(await away.verifications.time());
    expect(await away.verifications.insert(next, testChanges({ take: [sendsHit(next, 1)] }))).toEqual({
      type: 'inserted',
    });
    expect((await away.verifications.get(record.id)).record?.id).toBe(record.id);
    expect(await away.verifications.replace(nextRecord(record), 1, testChanges())).toEqual({ type: 'replaced' });
    expect((await away.health()).ok).toBe(true);
    await away.close();
    expect((await store.records.events(record.id)).length).toBe(1);
  });

  it('judges nothing by an older state when Redis lost its data, and ends what it lost at its time', async () => {
    const record = await insert();
    await untilDone(store.tasks, async () => (await unfinished(redis, prefix)) === 0);
    // Approved, and not yet recorded when everything goes.
    const approved = closedRecord(record, await store.verifications.time());
    expect(await store.verifications.replace(approved, 1, testChanges())).toEqual({ type: 'replaced' });
    for (const key of await redis.keysBuffer(`${prefix}*`)) if (!key.includes('{t}f')) await redis.del(key);
    await expect(store.verifications.get(record.id)).rejects.toThrow('lost');
    await expect(store.verifications.replace(approved, 1, testChanges())).rejects.toThrow('lost');
    const next = testRecord(await store.verifications.time());
    expect(await store.verifications.insert(next, testChanges())).toEqual({ type: 'inserted' });
  });

  it('finishes an erasure that Redis interrupted when it is asked for again', async () => {
    const record = await insert();
    const toIndexes = [record.toIndex ?? ''];
    const now = await store.verifications.time();
    // The connection breaks between the database and Redis: its own part is left.
    const { erase } = sql.records;
    sql.records.erase = async (...given) => {
      const changed = await erase(...given);
      await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      return changed;
    };
    await store.records.erase(APPLICATION, toIndexes, now).catch(() => undefined);
    sql.records.erase = erase;
    for (let tries = 0; tries < 50; tries++) {
      try {
        await store.records.erase(APPLICATION, toIndexes, now);
        break;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    const { record: left } = await store.verifications.get(record.id);
    expect(left).toMatchObject({ toIndex: null, sealedTo: null });
    await untilDone(store.tasks, async () => (await unfinished(redis, prefix)) === 0);
    expect((await sql.verifications.get(record.id)).record).toMatchObject({ toIndex: null, sealedTo: null });
  });

  it('does not go on to take a person for unknown who was added since', async () => {
    const person = { id: 'per_1', application: APPLICATION, toIndex: 'k1.new', sealed: sealed('x'), reference: null };
    expect(await store.directory.has(APPLICATION, [person.toIndex])).toBe(false);
    await store.directory.put({ ...person, createdAt: 1 });
    const away = await openRedisStore({ url: server.url, sql: unreachable(), prefix });
    await expect(away.directory.has(APPLICATION, [person.toIndex])).rejects.toThrow('away');
    await away.close();
  });

  it('forgets a revoked key everywhere, also while the database is away (A46)', async () => {
    const key = {
      id: 'key_00000000000000000000000000000A',
      application: APPLICATION,
      mode: 'live' as const,
      name: '',
      scopes: ['send' as const],
      hash: 'k1.x',
      createdAt: 1,
      expiresAt: null,
      revokedAt: null,
      lastUsedAt: null,
    };
    await store.keys.insert(key);
    const other = await openRedisStore({ url: server.url, sql: breakable(sql), prefix });
    expect((await other.keys.find(key.id))?.revokedAt).toBe(null);
    await store.keys.revoke(APPLICATION, key.id, 5);
    isAway = true;
    await expect(other.keys.find(key.id)).rejects.toThrow('away');
    isAway = false;
    expect((await other.keys.find(key.id))?.revokedAt).toBe(5);
    isAway = true;
    expect((await other.keys.find(key.id))?.revokedAt).toBe(5);
    isAway = false;
  });

  it.each([
    ['appendfsync', 'everysec'],
    ['maxmemory-policy', 'allkeys-lru'],
    ['appendonly', 'no'],
  ])('refuses a server with %s %s, unless that is accepted', async (name, value) => {
    const before = ((await redis.config('GET', name)) as string[])[1] ?? '';
    await redis.config('SET', name, value);
    try {
      const failed = await openRedisStore({ url: server.url, sql, prefix }).catch((error: unknown) => error);
      expect(String(failed)).toContain(name);
      expect(String(failed)).toContain('WATCHWORD_REDIS_DURABILITY=relaxed');
      const relaxed = await openRedisStore({ url: server.url, sql: unreachable(), prefix, durability: 'relaxed' });
      await relaxed.close();
    } finally {
      await redis.config('SET', name, before);
    }
  });

  it('refuses a server whose settings cannot be read, wrong credentials and a read-only replica', async () => {
    await redis.call('ACL', 'SETUSER', 'limited', 'on', '>word', '~*', '+@all', '-config');
    const host = server.url.replace('redis://', '');
    const limited = openRedisStore({ url: `redis://limited:word@${host}`, sql, prefix });
    await expect(limited).rejects.toThrow('cannot be read (CONFIG GET is refused)');
    await expect(openRedisStore({ url: `redis://limited:wrong@${host}`, sql, prefix })).rejects.toThrow('credentials');
    const replica = await startRedis({ settings: { replicaof: `127.0.0.1 ${server.port}` } });
    await expect(openRedisStore({ url: replica.url, sql, prefix })).rejects.toThrow('read-only replica');
    await replica.remove();
    await expect(openRedisStore({ url: 'redis://127.0.0.1:1', sql, prefix })).rejects.toThrow('cannot be reached');
    await expect(openRedisStore({ url: 'http://x', sql, prefix })).rejects.toThrow('not of the form');
  });
});

serverSuite('redis', 'Redis that is away', () => {
  it(
    'answers unavailable while it is away, is back within 5 s of its return, and lost nothing',
    { timeout: 60_000 },
    async () => {
      const server = await startRedis();
      const sql = await openSqliteStore({ path: newRecords() });
      await sql.migrations.migrate();
      const store = await openRedisStore({ url: server.url, sql });
      const record = testRecord(await store.verifications.time());
      await store.verifications.insert(record, testChanges());
      await server.kill();
      const from = performance.now();
      await expect(store.verifications.get(record.id)).rejects.toThrow(WatchwordError);
      await expect(store.verifications.insert(testRecord(record.createdAt), testChanges())).rejects.toThrow(
        WatchwordError,
      );
      expect(performance.now() - from).toBeLessThan(5_000);
      expect((await store.health()).ok).toBe(false);
      await server.start();
      const back = performance.now();
      for (;;) {
        const found = await store.verifications.get(record.id).catch(() => null);
        if (found !== null) {
          expect(found.record?.id).toBe(record.id);
          break;
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      expect(performance.now() - back).toBeLessThan(5_000);
      await store.close();
      await server.remove();
    },
  );
});

serverSuite('redis', 'Redis with a replica', () => {
  it(
    'waits for a replica with every commit, and answers unavailable when none confirms',
    { timeout: 60_000 },
    async () => {
      const primary = await startRedis();
      const replica = await startRedis({ settings: { replicaof: `127.0.0.1 ${primary.port}` } });
      const watching = new Redis(primary.url);
      const until = Date.now() + 20_000;
      while (!/slave0:.*state=online/.test(await watching.info('replication')) && Date.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const sql = await openSqliteStore({ path: newRecords() });
      await sql.migrations.migrate();
      const store = await openRedisStore({ url: primary.url, sql });
      const record = testRecord(await store.verifications.time());
      await store.verifications.insert(record, testChanges());
      const copy = new Redis(replica.url);
      expect((await copy.keys('*}v*')).length).toBe(1);
      copy.disconnect();
      await replica.kill();
      await expect(store.verifications.replace(nextRecord(record), 1, testChanges())).rejects.toThrow('No replica');
      watching.disconnect();
      await store.close();
      await replica.remove();
      await primary.remove();
    },
  );
});

/** Runs the tasks until `done`. */
async function untilDone(tasks: readonly BackgroundTask[], done: () => Promise<boolean>): Promise<void> {
  const stop = new AbortController();
  const running = tasks.map((task) => task.run(stop.signal));
  const until = Date.now() + 20_000;
  while (!(await done())) {
    if (Date.now() > until) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  stop.abort();
  await Promise.all(running);
}

async function unfinished(redis: Redis, prefix: string): Promise<number> {
  let left = 0;
  for (const stream of (await redis.keys(`${prefix}*`)).filter((key) => key.endsWith('}e')))
    left += await redis.xlen(stream);
  return left;
}

/** Everything any key holds, as text. */
async function dump(redis: Redis): Promise<string> {
  const parts: string[] = [];
  for (const key of await redis.keysBuffer('*')) {
    const type = await redis.type(key);
    const values = await (type === 'hash'
      ? redis.hvalsBuffer(key)
      : type === 'stream'
        ? redis.xrangeBuffer(key, '-', '+')
        : type === 'string'
          ? redis.getBuffer(key)
          : type === 'zset'
            ? redis.zrangeBuffer(key, '0', '-1')
            : type === 'list'
              ? redis.lrangeBuffer(key, 0, -1)
              : redis.smembersBuffer(key));
    parts.push(flat(values));
  }
  return parts.join('\n');
}

function flat(value: unknown): string {
  if (Array.isArray(value)) return value.map(flat).join('\n');
  return Buffer.isBuffer(value) ? value.toString('latin1') : String(value);
}

async function serverTime(redis: Redis): Promise<number> {
  const [seconds, micros] = await redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
}

function neverConsumes(): { stop(): Promise<void> } {
  return { stop: async () => {} };
}

/** The same database under another store that must not close it. */
function shared(sql: SqliteStore, change: Partial<RecordStore>): RecordStore {
  return { ...sql, close: async () => {}, ...change };
}

/** A database that does not answer. */
let isAway = false;

/** The same records, of which the keys are away when {@link isAway} says so. */
function breakable(records: RecordStore): RecordStore {
  const find: RecordStore['keys']['find'] = (id) =>
    isAway ? Promise.reject(new WatchwordError('unavailable', 'away')) : records.keys.find(id);
  return { ...records, keys: { ...records.keys, find } };
}

function unreachable(): RecordStore {
  const away = (): Promise<never> => Promise.reject(new WatchwordError('unavailable', 'away'));
  const part = <T extends object>(): T => new Proxy({}, { get: () => away }) as T;
  return {
    verifications: part(),
    outbox: part(),
    records: part(),
    applications: part(),
    keys: part(),
    directory: part(),
    idempotency: part(),
    inbox: part(),
    documents: part(),
    destinations: part(),
    queue: null,
    tasks: [],
    health: async () => ({ ok: false, reason: 'away', clockBehindMs: 0, clockSkewMs: null }),
    close: async () => {},
    sink: part(),
  };
}
