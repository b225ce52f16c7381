import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { median } from './statistics.mjs';

/** How far a measured ratio may lie above its goal before the run fails. */
export const SLACK = 1.15;

const NOTHING = { p50: null, p90: null, p99: null, p999: null, rate: null, achieved: null, errors: 0, rssMiB: null };

/** The result of one invocation, in the making. */
export class Report {
  #cases = [];
  #ratios = [];
  #loadAtStart = loadavg()[0];
  /** The largest share of a core the load generator used in any block. */
  generatorCpuShare = 0;

  /** A case measured in blocks. */
  add(name, unit, blocks, more = {}) {
    const summary = { median: median(blocks), min: Math.min(...blocks), max: Math.max(...blocks) };
    const entry = { name, unit, blocks, ...summary, ...NOTHING, ...more };
    this.#cases.push(entry);
    return entry;
  }

  case(name) {
    return this.#cases.find((entry) => entry.name === name);
  }

  /** Pairs of blocks of one round each; the gate reads their median. `goal` = at most, `least` = at least, both null = only told. */
  ratio(num, den, goal, least = null) {
    const { blocks: above } = this.case(num);
    const { blocks: below } = this.case(den);
    const pairs = above.slice(0, below.length).map((value, i) => value / below[i]);
    this.#addRatio({ name: `${num} / ${den}`, num, den, pairs, median: median(pairs), goal, least });
  }

  /** A plain figure against its bound, as a ratio to 1 of its unit. */
  bound(name, value, goal) {
    this.#addRatio({ name, num: name, den: null, pairs: [value], median: value, goal, least: null });
  }

  json() {
    return {
      schema: 1,
      commit: commit(),
      node: process.versions.node,
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memGiB: round(totalmem() / 2 ** 30),
      loadavg: [this.#loadAtStart, loadavg()[0]].map(round),
      generatorCpuShare: round(this.generatorCpuShare),
      cases: this.#cases.map(rounded),
      ratios: this.#ratios.map(rounded),
      ok: this.#ratios.every(({ ok }) => ok) && this.#cases.every(({ errors }) => errors === 0),
    };
  }

  #addRatio(ratio) {
    const { goal, least, median: value } = ratio;
    const ok = (goal === null || value <= goal * SLACK) && (least === null || value >= least / SLACK);
    this.#ratios.push({ ...ratio, ok });
  }
}

/** The result as a table for people. */
export function table({ cases, ratios, ...run }) {
  const lines = [
    `Node ${run.node}, ${run.cpu}, ${run.cores} cores, load ${run.loadavg.join(' → ')}, generator at most ${Math.round(run.generatorCpuShare * 100)} % of a core`,
    '',
    row(['case', 'median', 'min', 'max', 'unit', 'p50/p90/p99/p99.9', 'errors']),
    ...cases.map((one) =>
      row([
        one.name,
        one.median,
        one.min,
        one.max,
        one.unit,
        one.p50 === null ? '' : [one.p50, one.p90, one.p99, one.p999].join('/'),
        one.errors,
      ]),
    ),
    '',
    row(['goal', 'median', 'min', 'max', 'must be', '', '']),
    ...ratios.map((one) =>
      row([one.name, one.median, Math.min(...one.pairs), Math.max(...one.pairs), wanted(one), '', verdict(one)]),
    ),
    '',
    run.ok ? 'ok' : 'NOT ok',
  ];
  return `${lines.join('\n')}\n`;
}

function wanted({ goal, least }) {
  if (goal !== null) return `<= ${goal}`;
  return least === null ? '' : `>= ${least}`;
}

function verdict({ median: value, goal, least, ok }) {
  if (goal === null && least === null) return '';
  if (!ok) return 'MISSED';
  return (goal !== null && value <= goal) || (least !== null && value >= least) ? 'met' : 'within slack';
}

const WIDTHS = [44, 9, 9, 9, 14, 28, 12];

function row(cells) {
  return cells
    .map((cell, i) => String(cell ?? '').padEnd(WIDTHS[i]))
    .join(' ')
    .trimEnd();
}

function rounded(entry) {
  return JSON.parse(JSON.stringify(entry, (_, value) => (typeof value === 'number' ? round(value) : value)));
}

function round(value) {
  return Math.round(value * 100) / 100;
}

function commit() {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}
