// The proof in full: kills servers and services under load, and races for one code, on every store; writes docs/proof.md.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const HELP = `npm run proof -- [--store=a,b] [--cycles=N] [--races=N] [--requests=N] [--seed=N] [--only=servers|services|races|rolls] [--dry-run]

Starts its own servers, kills them (and services) under load, and submits codes in races. Writes docs/proof.md; what an
earlier run found on other stores stays there. Exits 1 when a promise broke or something did not run.

  --store    sqlite, postgres, mariadb, mysql, redis, redis-cluster (all that are here)
  --cycles   kill -9 cycles per store and kind of victim (200)
  --races    codes submitted in races per store (100000)
  --requests served while services are rolled (50000)
  --seed     repeats the plans of an earlier run
  --only     one part: kills of servers, kills of services, races, or rolling restarts
  --dry-run  prints the page instead of writing it`;

const VIOLATIONS = ['doubleAccepts', 'extraGuesses', 'lostStarts', 'lostVerdicts', 'wronglyCounted', 'failed'];
/** Each part's tests, and a kind of line that they must have told. */
const PARTS = {
  servers: { file: 'test/servers/kill-servers.test.ts', kind: 'kill server' },
  services: { file: 'test/servers/kill-services.test.ts', kind: 'kill service' },
  races: { file: 'test/servers/races.test.ts', kind: 'races' },
  rolls: { file: 'test/servers/rolling.test.ts', kind: 'roll' },
};
const RAW = /```jsonl\n([\s\S]*?)```/;

const root = fileURLToPath(new URL('..', import.meta.url));
const page = join(root, 'docs', 'proof.md');
const { values: options } = parseArgs({
  options: {
    store: { type: 'string' },
    cycles: { type: 'string', default: '200' },
    races: { type: 'string', default: '100000' },
    requests: { type: 'string', default: '50000' },
    seed: { type: 'string' },
    only: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  process.stdout.write(`${HELP}\n`);
  process.exit(0);
}

const parts = options.only === undefined ? Object.values(PARTS) : [PARTS[options.only]];
if (parts.includes(undefined)) {
  process.stderr.write(`There is no part "${options.only}".\n\n${HELP}\n`);
  process.exit(2);
}

const begun = performance.now();
const { lines, status } = experiment();
const text = render(merged(lines));
if (options['dry-run']) process.stdout.write(text);
else write(text);
const broken = lines.filter((line) => VIOLATIONS.some((name) => (line[name] ?? 0) > 0));
const minutes = ((performance.now() - begun) / 60_000).toFixed(1);
process.stdout.write(`${lines.length} experiments in ${minutes} min, ${broken.length} broke a promise.\n`);
const complete = parts.every(({ kind }) => lines.some((line) => line.kind === kind));
if (!complete) process.stdout.write('Not everything ran.\n');
process.exit(status !== 0 || broken.length > 0 || !complete ? 1 : 0);

function write(text) {
  writeFileSync(page, text);
  spawnSync(join(root, 'node_modules', '.bin', 'prettier'), ['--write', '--log-level', 'warn', page], {
    stdio: 'inherit',
  });
}

/** Runs the tests with the numbers asked for; they append what they counted to a file, one JSON object a line. */
function experiment() {
  const folder = mkdtempSync(join(tmpdir(), 'watchword-proof-'));
  const file = join(folder, 'lines');
  const run = spawnSync(
    join(root, 'node_modules', '.bin', 'vitest'),
    ['run', '--project', 'servers', ...parts.map((part) => part.file)],
    {
      cwd: root,
      stdio: 'inherit',
      env: {
        ...process.env,
        WATCHWORD_REQUIRE_SERVERS: '1',
        WATCHWORD_PROOF_LINES: file,
        WATCHWORD_CYCLES: options.cycles,
        WATCHWORD_RACES: options.races,
        WATCHWORD_ROLLED_REQUESTS: options.requests,
        ...(options.store === undefined ? {} : { WATCHWORD_STORES: options.store }),
        ...(options.seed === undefined ? {} : { WATCHWORD_SEED: options.seed }),
      },
    },
  );
  const found = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean).map(parse) : [];
  rmSync(folder, { recursive: true });
  return { lines: found, status: run.status };
}

function parse(line) {
  return { ...JSON.parse(line), date: new Date().toISOString().slice(0, 10) };
}

/** This run's lines, and those of experiments that it left out. */
function merged(fresh) {
  const raw = existsSync(page) ? RAW.exec(readFileSync(page, 'utf8'))?.[1] : undefined;
  const known =
    raw === undefined
      ? []
      : raw
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line));
  const key = ({ kind, store }) => `${kind}|${store}`;
  const replaced = new Set(fresh.map(key));
  return [...known.filter((line) => !replaced.has(key(line))), ...fresh].sort((a, b) => key(a).localeCompare(key(b)));
}

function render(all) {
  const kills = all.filter(({ kind }) => kind.startsWith('kill'));
  const rolls = all.filter(({ kind }) => kind === 'roll');
  const races = all.filter(({ kind }) => kind === 'races');
  return `# Proof

Written by \`npm run proof\`; the same experiments run with smaller numbers in every build. Every number below is counted by
the tests in \`test/servers/\`, on real servers that they start themselves.

Machine: ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GB; Node ${process.version}.

## Killed under load

\`kill -9\` of the store's server with all its processes, or of one of two \`watchword serve\`, while a dozen people at a time
start verifications and submit right and wrong codes in parallel. After each kill every acknowledged start is read back, its
counts and status are compared with every answer that was given, and the right code is submitted twice more. An outcome
nobody was told (*in doubt*) may be either; an acknowledged one may not.

${table(kills, [
  ['store', 'store'],
  ['victim', ({ kind }) => kind.replace('kill ', '')],
  ['kills', 'cycles'],
  ['starts', 'started'],
  ['checks', 'checks'],
  ['in doubt', 'inDoubt'],
  ['double accepts', 'doubleAccepts'],
  ['extra guesses', 'extraGuesses'],
  ['lost starts', 'lostStarts'],
  ['lost verdicts', 'lostVerdicts'],
  ['slowest back, ms', 'slowestBackMs'],
  ['took, s', 'seconds'],
])}

*Slowest back* is from the moment the server answers again to the first start that every instance took.

## Raced

Codes, right and wrong, submitted in parallel to one verification after another from two instances, some beside a resend or
a cancel.

${table(races, [
  ['store', 'store'],
  ['codes submitted', 'attempts'],
  ['verifications', 'verifications'],
  ['evaluated', 'evaluated'],
  ['approved', 'approved'],
  ['double accepts', 'doubleAccepts'],
  ['extra guesses', 'extraGuesses'],
  ['lost verdicts', 'lostVerdicts'],
  ['took, s', 'seconds'],
])}

## Rolled

Two \`watchword serve\` on one database behind a balancer that goes by \`/readyz\`, restarted one after the other while people
with kept connections start and check.

${table(rolls, [
  ['store', 'store'],
  ['rolling restarts', 'rolls'],
  ['requests', 'requests'],
  ['failed', 'failed'],
  ['took, s', 'seconds'],
])}

## Raw counts

\`\`\`jsonl
${all.map((line) => JSON.stringify(line)).join('\n')}
\`\`\`
`;
}

function table(lines, columns) {
  const cell = (line, what) => (typeof what === 'function' ? what(line) : shown(line[what]));
  const rows = lines.map((line) => columns.map(([, what]) => cell(line, what)));
  const all = [columns.map(([title]) => title), columns.map(() => '---'), ...rows];
  return all.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function shown(value) {
  return typeof value === 'number' ? value.toLocaleString('en') : String(value ?? '–');
}
