import { rssMib } from './cpu.mjs';
import { block, range } from './http-legs.mjs';
import { Installation, runScript } from './processes.mjs';

const WARM_UP = 4_000;
const COUNT = 2_000;
const ROUNDS = 3;
/** Destinations that no fill used. */
const FIRST_ITEM = 50_000_000;
const MOST_GROWTH = 1.2;
const MOST_PAUSE_MS = 20;

/** CPU of a start on databases of every size, all of them served at once and measured in turns. The largest is handed back. */
export async function measureGrowth(run) {
  const { report, rows, folder, say } = run;
  const filled = new Installation(folder, 'filled').create();
  const sizes = [];
  let from = 0;
  for (const to of rows.toSorted((a, b) => a - b)) {
    say(`filling to ${to} rows`);
    await runScript('fill.mjs', [filled.token, from, to], filled.environment, say);
    const copy = filled.copy(`rows${to}`);
    sizes.push({ rows: to, installation: copy, server: null, blocks: [] });
    from = to;
  }
  for (const size of sizes) {
    size.server = await size.installation.serve();
    await block(run, size.server, {
      leg: 'start',
      items: range(FIRST_ITEM, FIRST_ITEM + WARM_UP),
      token: filled.token,
    });
  }
  for (let round = 0; round < ROUNDS; round++) {
    say(`growth, round ${round + 1} of ${ROUNDS}`);
    const first = FIRST_ITEM + WARM_UP + round * COUNT;
    for (const { server, blocks } of sizes) {
      blocks.push(
        (await block(run, server, { leg: 'start', items: range(first, first + COUNT), token: filled.token })).micros,
      );
    }
  }
  for (const { rows: count, server, blocks } of sizes) {
    report.add(nameOf(count), 'CPU µs', blocks, { rssMiB: rssMib(server.child.pid) });
    await server.stop();
  }
  const [smallest, largest] = [sizes[0], sizes.at(-1)];
  if (smallest !== largest) report.ratio(nameOf(largest.rows), nameOf(smallest.rows), MOST_GROWTH);
  return { ...largest, token: filled.token };
}

/** Closes and deletes everything in a filled database while starts go on; how long the writer was ever held. */
export async function measureCleanUp({ report, say }, { installation, token }) {
  say('clean-up');
  const { sweeping, purging } = await runScript('clean-up.mjs', [token], installation.environment, say);
  addPart(report, 'closing expired', sweeping);
  addPart(report, 'deleting', purging);
  const longest = Math.max(sweeping.cpuMs.max, purging.cpuMs.max);
  report.bound('longest pause of the writer, CPU ms', longest, MOST_PAUSE_MS);
}

function addPart(report, name, part) {
  const { p50, p90, p99, p999, max } = part.wallMs;
  report.add(`${name}: per row`, 'CPU µs', [part.cpuMicrosPerRow]);
  report.add(`${name}: in all, ${part.rows} rows`, 's', [part.seconds]);
  report.add(`${name}: transaction`, 'ms', [max], { p50, p90, p99, p999 });
  const cpu = part.cpuMs;
  report.add(`${name}: transaction, CPU`, 'CPU ms', [cpu.max], {
    p50: cpu.p50,
    p90: cpu.p90,
    p99: cpu.p99,
    p999: cpu.p999,
  });
  const start = part.startMs;
  report.add(`${name}: a start meanwhile`, 'ms', [start.p50], {
    p50: start.p50,
    p90: start.p90,
    p99: start.p99,
    p999: start.p999,
  });
}

function nameOf(rows) {
  return `start at ${rows.toExponential().replace('+', '')} rows`;
}
