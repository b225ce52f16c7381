// npm run bench: measures the built service over HTTP and compares it with its floor. See docs/performance.md.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureCleanUp, measureGrowth } from './growth.mjs';
import { measureLatency, measureLegs } from './http-legs.mjs';
import { Installation, runScript, startGenerator, stopAll } from './processes.mjs';
import { Report, table } from './report.mjs';
import { measureStore } from './store-legs.mjs';

const { values: flags } = parseArgs({
  options: {
    smoke: { type: 'boolean', default: false },
    rows: { type: 'string' },
    store: { type: 'string', multiple: true },
    postgres: { type: 'string' },
    mysql: { type: 'string' },
    worker: { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const HELP = `npm run bench -- [--smoke] [--rows=1e3,1e4,1e5,1e6 | --rows=0] [--json FILE]
npm run bench -- --worker [--smoke]
npm run bench -- --store=postgres --store=mysql --store=redis [--postgres=URL] [--mysql=URL] [--smoke] [--json FILE]

  --store   measure this store instead of SQLite. The run starts its own servers; a URL names a running one to make an
            empty database on instead
  --worker  only: messages a second through a provider that takes 50 ms, and what one costs
  --smoke   half a minute: every answer is checked, figures are rough
`;
if (flags.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const FULL = { warmUp: 20_000, rounds: 5, count: 6_000, seconds: 10, rows: '1e3,1e4,1e5,1e6', pending: 1_000_000 };
const SMOKE = { warmUp: 2_500, rounds: 3, count: 1_200, seconds: 0, rows: '0', pending: 10_000 };
const size = flags.smoke ? SMOKE : FULL;
const rows = (flags.rows ?? size.rows)
  .split(',')
  .map(Number)
  .filter((count) => count > 0);
if (rows.some((count) => !Number.isInteger(count))) throw new Error('--rows takes whole numbers, e.g. 1e3,1e6');

const folder = mkdtempSync(join(tmpdir(), 'watchword-bench-'));
const generator = startGenerator();
const report = new Report();
const run = { folder, generator, report, size, rows, say: (line) => process.stderr.write(`${line}\n`) };
try {
  if (flags.worker) await measureWorker();
  else if (flags.store === undefined) await measureEmbedded();
  const servers = { postgres: flags.postgres, mysql: flags.mysql };
  for (const name of (flags.store ?? []).flatMap((names) => names.split(','))) await measureStore(run, name, servers);
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
