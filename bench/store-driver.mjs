// store-driver.mjs <store> <full|smoke>: what the driver does by itself, on the store that the environment names.
import { Redis } from 'ioredis';
import { multiplyRows } from './multiply-rows.mjs';
import { openPostgresStore } from '../dist/stores/postgres/index.js';
import { testChanges, testEvent, testRecord, testSend } from '../dist/testing/index.js';

const [name, depth] = process.argv.slice(2);
const FULL = depth === 'full';
const AT_ONCE = 64;
const POOL = 10;
const LANES = 32;
const ROUNDS = FULL ? 5 : 2;
const CHECKS = FULL ? 2_000 : 400;
const ROWS = FULL ? (name === 'postgres' ? [1e3, 1e6] : [1e3, 1e5]) : [1e3, 4e3];
const FIVE = { otp: '123456', to: '+14155552671', namespace: 'bench', attempts: 0, max_attempts: 5, closed: 'false' };

const result = { cases: {}, ratios: [] };
if (name === 'redis') await measureRedis();
else await measureSql();
process.stdout.write(JSON.stringify(result));
process.exit(0);

async function openSql(options = {}) {
  const url = process.env.DATABASE_URL;
  if (name === 'mysql') return (await import('../dist/stores/mysql/index.js')).openMysqlStore({ url, ...options });
  return openPostgresStore({ url, ...options });
}

async function measureSql() {
  const batched = await openSql();
  // One by one is not one after the other: as many connections as a pool usually has.
  const singles = await Promise.all(Array.from({ length: POOL }, () => openSql({ maxBatch: 1 })));
  await batched.migrations.migrate();
  const ids = await fill(batched, 0, ROWS[0]);
  note('checks a second, batched', 'per s', []);
  note('checks a second, one by one', 'per s', []);
  for (let round = 0; round <= ROUNDS; round++) {
    const one = await checksPerSecond(singles, ids, CHECKS / 2);
    const many = await checksPerSecond([batched], ids, CHECKS);
    // The first round warms up.
    if (round === 0) continue;
    result.cases['checks a second, batched'].blocks.push(many);
    result.cases['checks a second, one by one'].blocks.push(one);
  }
  result.ratios.push({ num: 'checks a second, batched', den: 'checks a second, one by one', least: 3 });
  await measureGrowth(batched, ids);
  await Promise.all([batched, ...singles].map((store) => store.close()));
}

/** The time of a check, 64 at once, as the table grows. */
async function measureGrowth(store, ids) {
  let rows = ids.length;
  for (const size of ROWS) {
    process.stderr.write(`  ${size} rows\n`);
    if (name === 'postgres' && size > rows)
      ids.splice(0, ids.length, ...(await multiplyRows(process.env.DATABASE_URL, size)));
    else await fill(store, rows, size, ids);
    rows = size;
    const blocks = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const perSecond = await checksPerSecond([store], ids, CHECKS);
      if (round > 0) blocks.push(1e6 / perSecond);
    }
    note(`check at ${label(size)} rows`, 'µs', blocks);
  }
  result.ratios.push({ num: `check at ${label(ROWS.at(-1))} rows`, den: `check at ${label(ROWS[0])} rows`, goal: 1.2 });
}

/** Inserts records until there are `to`; keeps a sample of ids over the whole table. */
async function fill(store, from, to, ids = []) {
  for (let first = from; first < to; first += 512) {
    const records = Array.from({ length: Math.min(512, to - first) }, () => testRecord(Date.now()));
    await Promise.all(records.map((record) => store.verifications.insert(record, started(record))));
    const every = Math.max(1, Math.floor(to / 2_000));
    ids.push(...records.filter((_, i) => (first + i) % every === 0).map(({ id }) => id));
  }
  return ids;
}

function started(record) {
  const events = [testEvent('started', record.createdAt), testEvent('send_queued', record.createdAt)];
  return testChanges({ events, sends: [testSend(record, record.createdAt)] });
}

/** A wrong check each: read, decide, swap; different records, as callers are. */
async function checksPerSecond(stores, ids, count) {
  const startedAt = performance.now();
  let next = 0;
  const worker = async () => {
    while (next < count) await check(stores[next % stores.length], ids[(next++ * 7_919) % ids.length]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return (count * 1_000) / (performance.now() - startedAt);
}

async function check({ verifications }, id) {
  for (;;) {
    const { record, now } = await verifications.get(id);
    const changes = testChanges({ events: [testEvent('check_failed', now)] });
    const next = { ...record, version: record.version + 1, checks: record.checks + 1 };
    if ((await verifications.replace(next, record.version, changes)).type === 'replaced') return;
  }
}

async function measureRedis() {
  const sql = await openSqlRecords();
  const { openRedisStore } = await import('../dist/stores/redis/index.js');
  const store = await openRedisStore({ url: process.env.REDIS_URL, sql });
  const client = new Redis(process.env.REDIS_URL, { enableAutoPipelining: true });
  await measureYardstick(store, client);
  client.disconnect();
  await store.close();
}

async function openSqlRecords() {
  const sql = await openPostgresStore({ url: process.env.DATABASE_URL });
  await sql.migrations.migrate();
  return sql;
}

/**
 * A check of ours beside five round trips (HGETALL, TTL, MULTI of HINCRBY and TTL, DEL, HSET), 32 at once: as a gateway makes them, each
 * caller on a connection of a pool, and once more on one connection that sends together what comes together.
 */
async function measureYardstick(store, client) {
  const ids = await fill(store, 0, 2_000);
  const count = FULL ? 8_000 : 500;
  const keys = ids.map((id) => `bench:${id}`);
  await Promise.all(keys.map((key) => client.hset(key, FIVE).then(() => client.expire(key, 3_600))));
  const pool = Array.from({ length: LANES }, () => new Redis(process.env.REDIS_URL));
  const key = (i) => keys[(i * 7_919) % keys.length];
  const legs = {
    'checks a second': (i) => check(store, ids[(i * 7_919) % ids.length]),
    'five round trips a second, a pool': (i, lane) => fiveTrips(pool[lane], key(i)),
    'five round trips a second, pipelined': (i) => fiveTrips(client, key(i)),
  };
  for (const name of Object.keys(legs)) note(name, 'per s', []);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, work] of Object.entries(legs)) {
      const rate = await perSecond(count, work);
      if (round > 0) result.cases[name].blocks.push(rate);
    }
  }
  for (const one of pool) one.disconnect();
  result.ratios.push({ num: 'checks a second', den: 'five round trips a second, a pool', least: 3 });
  result.ratios.push({ num: 'checks a second', den: 'five round trips a second, pipelined' });
}

async function fiveTrips(client, key) {
  await client.hgetall(key);
  await client.ttl(key);
  await client.multi().hincrby(key, 'attempts', 1).ttl(key).exec();
  await client.del(key);
  await client.hset(key, FIVE);
}

async function perSecond(count, work) {
  const startedAt = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: LANES }, async (_, lane) => {
      while (next < count) await work(next++, lane);
    }),
  );
  return (count * 1_000) / (performance.now() - startedAt);
}

function note(what, unit, blocks) {
  result.cases[what] = { unit, blocks };
}

function label(rows) {
  return rows.toExponential().replace('+', '');
}
