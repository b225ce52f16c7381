// clean-up.mjs <token>: opens the database after everything in it has expired and its retention has ended, closes and
// deletes all of it as the worker does, while starts go on, and times every transaction of the writer.
import { Connection } from '../dist/stores/sqlite/connection.js';
import { sweep } from '../dist/service/worker.js';
import { ownThreadMicros } from './cpu.mjs';
import { phoneNumber } from './numbers.mjs';
import { openService } from './opened.mjs';
import { quantiles } from './statistics.mjs';

const LATER_MS = 60 * 86_400_000;
const PURGE_BATCH = 500;
const START_EVERY_MS = 5;
const FIRST_ITEM = 100_000_000;

const transactions = timeTransactions();
const { service, store, env, ring, close } = await openService(() => Date.now() + LATER_MS);
const caller = await service.keys.authenticate(process.argv[2]);
const before = await store.records.purge(env.now(), 10_000_000, true);
await started(0);

const sweeping = await timed(async () => {
  let closed = 0;
  for (let more = -1; more !== 0; closed += more) {
    more = await sweep({ store, env, ring, service });
    process.stderr.write(`  ${closed + more} closed\n`);
  }
  return closed;
});
const purging = await timed(async () => {
  let gone = 0;
  for (let batch = PURGE_BATCH; batch === PURGE_BATCH; gone += batch) {
    batch = await store.records.purge(await store.verifications.time(), PURGE_BATCH);
    if (Math.floor(gone / 200_000) < Math.floor((gone + batch) / 200_000))
      process.stderr.write(`  ${gone + batch} deleted\n`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return gone;
});
await close();
process.stdout.write(JSON.stringify({ before, sweeping, purging }));

/** Runs a part of the clean-up with starts beside it; what it took and how long it held the writer. */
async function timed(work) {
  transactions.wallMs.length = 0;
  transactions.cpuMs.length = 0;
  const latencies = [];
  let running = true;
  let item = FIRST_ITEM + Math.floor(Math.random() * 10_000_000);
  const starts = (async () => {
    while (running) {
      latencies.push(await started(item++));
      await new Promise((resolve) => setTimeout(resolve, START_EVERY_MS));
    }
  })();
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const rows = await work();
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  running = false;
  await starts;
  return {
    rows,
    seconds,
    cpuMicrosPerRow: (user + system) / Math.max(1, rows),
    transactions: transactions.wallMs.length,
    wallMs: quantiles(transactions.wallMs),
    cpuMs: quantiles(transactions.cpuMs),
    startMs: quantiles(latencies),
  };
}

async function started(item) {
  const startedAt = performance.now();
  const result = await service.verify.start(caller, { to: phoneNumber(item) });
  if (!result.ok) throw new Error(`a start was refused: ${result.problem.code}`);
  return performance.now() - startedAt;
}

/** From BEGIN to the end of COMMIT, by the clock and by this thread's CPU; reading the latter costs some microseconds. */
function timeTransactions() {
  const times = { wallMs: [], cpuMs: [] };
  const { sql } = Connection.prototype;
  let begun = null;
  Connection.prototype.sql = function timedSql(text) {
    const statement = sql.call(this, text);
    if (text === 'BEGIN IMMEDIATE')
      return { run: () => ((begun = [performance.now(), ownThreadMicros()]), statement.run()) };
    if (text !== 'COMMIT') return statement;
    return {
      run() {
        const answer = statement.run();
        times.wallMs.push(performance.now() - begun[0]);
        times.cpuMs.push((ownThreadMicros() - begun[1]) / 1000);
        return answer;
      },
    };
  };
  return times;
}
