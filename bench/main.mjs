// npm run bench: measures the built service over HTTP and compares it with its floor. See docs/performance.md.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureCleanUp, measureGrowth } from './growth.mjs';
import { measureLatency, measureLegs } from './http-legs.mjs';
import { Installation, startGenerator, stopAll } from './processes.mjs';
import { Report, table } from './report.mjs';

const { values: flags } = parseArgs({
  options: {
    smoke: { type: 'boolean', default: false },
    rows: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (flags.help) {
  process.stdout.write('npm run bench -- [--smoke] [--rows=1e3,1e4,1e5,1e6 | --rows=0] [--json FILE]\n');
  process.exit(0);
}

const FULL = { warmUp: 20_000, rounds: 5, count: 6_000, seconds: 10, rows: '1e3,1e4,1e5,1e6' };
const SMOKE = { warmUp: 2_500, rounds: 3, count: 1_200, seconds: 0, rows: '0' };
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
  await measureLegs(run);
  if (size.seconds > 0) await measureLatency(run);
  if (!flags.smoke) await measureStart();
  if (rows.length > 0) {
    const largest = await measureGrowth(run);
    await measureCleanUp(run, largest);
  }
  const result = report.json();
  if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(result, null, 2)}\n`);
  process.stdout.write(table(result));
  process.exitCode = result.ok ? 0 : 1;
} finally {
  stopAll();
  rmSync(folder, { recursive: true, force: true });
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
