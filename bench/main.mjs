// npm run bench: measures the built service over HTTP and compares it with its floor. See docs/performance.md.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureDesk } from './desk.mjs';
import { measureCleanUp, measureGrowth } from './growth.mjs';
import { measureLatency, measureLegs } from './http-legs.mjs';
import { HELP, readOptions } from './options.mjs';
import { Installation, runScript, startGenerator, stopAll } from './processes.mjs';
import { Report, table } from './report.mjs';
import { measureStore } from './store-legs.mjs';

const { problem, flags, stores, rows: asked } = readOptions(process.argv.slice(2));
if (problem !== undefined) {
  process.stderr.write(`${problem}\n\n${HELP}`);
  process.exit(2);
}
if (flags.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const FULL = { warmUp: 20_000, rounds: 5, count: 6_000, seconds: 10, rows: [1e3, 1e4, 1e5, 1e6], pending: 1_000_000 };
const SMOKE = { warmUp: 2_500, rounds: 3, count: 1_200, seconds: 0, rows: [], pending: 10_000 };
const size = flags.smoke ? SMOKE : FULL;
const rows = asked ?? size.rows;

const folder = mkdtempSync(join(tmpdir(), 'watchword-bench-'));
const generator = startGenerator();
const report = new Report();
const run = { folder, generator, report, size, rows, say: (line) => process.stderr.write(`${line}\n`) };
try {
  if (flags.worker) await measureWorker();
  else if (flags.desk) await measureDesk(run, asked?.at(-1) ?? (flags.smoke ? 20_000 : 1_000_000));
  else if (stores.length === 0) await measureEmbedded();
  const servers = { postgres: flags.postgres, mysql: flags.mysql };
  for (const name of stores) await measureStore(run, name, servers);
  const result = report.json();
  if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(result, null, 2)}\n`);
  process.stdout.write(table(result));
  process.exitCode = result.ok ? 0 : 1;
} finally {
  stopAll();
  rmSync(folder, { recursive: true, force: true });
}

async function measureEmbedded() {
  await measureLegs(run);
  if (size.seconds > 0) await measureLatency(run);
  if (!flags.smoke) await measureStart();
  if (rows.length > 0) {
    const largest = await measureGrowth(run);
    await measureCleanUp(run, largest);
  }
}

/** Delivery by one process; memory is bounded because the messages under way are. */
async function measureWorker() {
  run.say('worker');
  const { environment } = new Installation(folder, 'worker').create();
  const counts = flags.smoke ? ['4000', '3'] : ['20000', '5'];
  const seen = await runScript('worker.mjs', counts, { ...process.env, ...environment }, run.say);
  report.add('worker: sends', 'per s', seen.perSecond);
  report.add('worker: a send', 'CPU µs', seen.cpuMicros);
  report.bound('worker: 2,000 over sends a second', 2_000 / report.case('worker: sends').median, 1);
  report.bound('worker: messages under way', seen.mostInFlight, 256);
  report.bound('worker: RSS MiB', seen.mostMib, 256);
}

/** From the spawn of a process to its first ready answer, on a database that is there. */
async function measureStart() {
  run.say('ready time');
  const installation = new Installation(folder, 'ready').create();
  const blocks = [];
  for (let i = 0; i < 5; i++) blocks.push(await installation.readyMs());
  report.add('ready', 'ms', blocks);
  report.bound('ready ms', report.case('ready').median, 500);
}
