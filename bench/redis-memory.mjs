// redis-memory.mjs <rows>[,<rows>…]: bytes that Redis needs per pending verification, recorded and its message sent, without and with the
// counter of its destination; each size on a server of its own. The sums count everything: tables of keys, streams, queue, buffers.
// Up to so many go through the store, the queue and a recorder (whose sink keeps nothing, which changes nothing in Redis); the server
// multiplies those to the size asked for, each under a name of its own and with its end.
import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { digest, sealed } from '../dist/core/redacted.js';
import { openRedisStore } from '../dist/stores/redis/index.js';
import { openSqliteStore } from '../dist/stores/sqlite/index.js';
import { testChanges, testEvent, testRecord, testSend } from '../dist/testing/index.js';
import { startRedis } from './servers.mjs';

const AT_ONCE = 256;
const LIFE_MS = 3_600_000;
const MOST_STARTED = 10_000;
/** Records end in their id, counters in a hash tag and a letter. */
const KIND = /^ww\{[^}]*\}(?:([v])[^]{19}|(s))$/;
/** Gives each copy four characters of its own before what the name ends in. */
const COPIES = `
local serial = tonumber(ARGV[1])
for i = 2, #ARGV do
  local key, tail = ARGV[i], ARGV[i]:match('}s$') and 2 or 0
  for _ = 1, tonumber(KEYS[1]) do
    serial = serial + 1
    local name = string.format('%04x', serial % 65536) .. string.format('%04x', math.floor(serial / 65536))
    if tail == 0 then name = struct.pack('>I4', serial) end
    local copy = key:sub(1, -#name - tail - 1) .. name .. key:sub(#key - tail + 1)
    if copy ~= key then redis.call('COPY', key, copy) end
  end
end`;
/** Longer than anything short-lived that a delivery leaves behind. */
const SETTLE_MS = 12_000;

const sizes = (process.argv[2] ?? '1e5').split(',').map(Number);
const found = [];
for (const rows of sizes) {
  for (const counted of [true, false]) found.push(await measure(rows, counted));
}
process.stdout.write(`${JSON.stringify(found)}\n`);
process.exit(0);

async function measure(rows, counted) {
  const server = await startRedis({ appendfsync: 'no' });
  const sql = await openSqliteStore({ path: ':memory:' });
  await sql.migrations.migrate();
  const records = { ...sql, sink: { record: async () => undefined } };
  const store = await openRedisStore({ url: server.url, sql: records, durability: 'relaxed' });
  const client = new Redis(server.url);
  const stop = new AbortController();
  const tasks = store.tasks.map((task) => task.run(stop.signal));
  const open = new Map();
  const consumer = store.queue.consume(async (sendId) => settle(store, open, sendId), AT_ONCE);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const before = await usedMemory(client);
  const real = Math.min(rows, MOST_STARTED);
  for (let first = 0; first < real; first += AT_ONCE) {
    const count = Math.min(AT_ONCE, real - first);
    await Promise.all(Array.from({ length: count }, () => started(store, open, counted)));
    await breathe(open);
  }
  while (open.size > 0) await new Promise((resolve) => setTimeout(resolve, 100));
  await drained(client);
  await multiply(client, rows / real);
  const result = {
    rows,
    counted,
    bytes: Math.round(((await usedMemory(client)) - before) / rows),
    keys: Object.fromEntries(await sampled(client)),
  };
  process.stderr.write(`${JSON.stringify(result)}\n`);
  stop.abort();
  await consumer.stop();
  await Promise.all(tasks);
  client.disconnect();
  await store.close();
  await server.stop();
  return result;
}

/** A start by phone number, as the service leaves it: indexes, digest and sealed values of their real sizes. */
async function started(store, open, counted) {
  const now = Date.now();
  const text = (bytes) => randomBytes(bytes).toString('base64url');
  const record = testRecord(now, {
    // What test keys start is not counted.
    mode: counted ? 'live' : 'test',
    to: { type: 'phone', masked: '+1 202 ••• ••34', country: 'US', line_type: 'fixed_line_or_mobile' },
    toIndex: text(12),
    limitIndex: text(12),
    digest: digest(`k1.${text(16)}.${text(32)}`),
    sealedTo: sealed(`k1.${text(40)}`),
    sealedCode: sealed(`k1.${text(34)}`),
    context: null,
    metadata: {},
    expiresAt: now + LIFE_MS,
    dueAt: now + LIFE_MS,
  });
  const keys = [`${record.application}|${record.limitIndex}`];
  const hit = { name: 'destination_sends', scope: 'destination', keys, max: 10, windowMs: 86_400_000, amount: 1 };
  const send = testSend(record, now);
  open.set(send.id, { record, send });
  const events = [testEvent('started', now), testEvent('send_queued', now)];
  await store.verifications.insert(record, testChanges({ events, sends: [send], take: counted ? [hit] : [] }));
}

/** What a worker writes after its provider took the message. */
async function settle(store, open, sendId) {
  const { record, send } = open.get(sendId) ?? {};
  if (record === undefined) return;
  open.delete(sendId);
  const progress = { round: 0, refused: [], unknown: false, crashes: 0 };
  const sendUpdate = { send: { ...send, status: 'accepted', provider: 'bench' }, progress, dueAt: null };
  const changes = testChanges({ events: [testEvent('sent', record.createdAt)], sendUpdate });
  const next = { ...record, version: 2, accepted: true, sealedCode: null };
  const outcome = await store.verifications.replace(next, 1, changes);
  if (outcome.type !== 'replaced') throw new Error(`a send was not settled: ${outcome.type}`);
}

async function breathe(open) {
  while (open.size > 4 * AT_ONCE) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Waits until the streams are empty and what is left behind for seconds only is gone. */
async function drained(client) {
  for (;;) {
    const streams = await client.keys('ww{*}e');
    const lengths = await Promise.all(streams.map((stream) => client.xlen(stream)));
    if (lengths.every((length) => length === 0)) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
}

/** Copies every record and counter on the server, `times` in all, under names of the same length. */
async function multiply(client, times) {
  const names = (await allKeys(client)).filter((key) => KIND.test(key.toString('latin1')));
  for (let i = 0; i < names.length; i += 50) {
    await client.eval(COPIES, 1, times - 1, i * times, ...names.slice(i, i + 50));
    if (i % 5_000 === 0) process.stderr.write(`  ${i * times} of ${names.length * times} keys\n`);
  }
}

async function allKeys(client) {
  const names = new Map();
  let cursor = '0';
  do {
    const [next, keys] = await client.scanBuffer(cursor, 'COUNT', 1_000);
    cursor = String(next);
    for (const key of keys) names.set(key.toString('latin1'), key);
  } while (cursor !== '0');
  return [...names.values()];
}

async function usedMemory(client) {
  return Number(/used_memory:(\d+)/.exec(await client.info('memory'))[1]);
}

/** How many keys of each kind, and the mean `MEMORY USAGE` of some; the end of a key is not in that. */
async function sampled(client) {
  const kinds = new Map();
  for (const key of await allKeys(client)) {
    const kind = KIND.exec(key.toString('latin1'))?.slice(1).find(Boolean) ?? 'other';
    const seen = kinds.get(kind) ?? { count: 0, looked: 0, bytes: 0 };
    kinds.set(kind, seen);
    seen.count++;
    if (seen.looked >= 200) continue;
    seen.looked++;
    seen.bytes += await client.memory('USAGE', key);
  }
  return [...kinds].map(([kind, { count, looked, bytes }]) => [kind, { count, bytes: Math.round(bytes / looked) }]);
}
