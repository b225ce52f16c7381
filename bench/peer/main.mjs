// What a start and a check cost here and with what people use today, interleaved in one run. See docs/performance-peers.md.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { block } from '../http-legs.mjs';
import { startGenerator, stopAll } from '../processes.mjs';
import { Report, table } from '../report.mjs';
import { djangoVersions, HAS_BETTER_AUTH, serveBetterAuth, serveDjango, serveWatchword } from './servers.mjs';

const HELP = `npm run build && npm ci --prefix bench/peer && node bench/peer/main.mjs [--smoke] [--python PROGRAM] [--json FILE]

  --smoke    a tenth of the requests: every answer is checked, figures are rough
  --python   a Python that has what bench/peer/requirements.txt names; python3 when absent. Without it Django is left out
  --json     the result as JSON, too
`;
const { values: flags } = parseArgs({
  options: {
    smoke: { type: 'boolean', default: false },
    python: { type: 'string', default: 'python3' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (flags.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
if (!HAS_BETTER_AUTH) throw new Error('First run: npm ci --prefix bench/peer');

const ROUNDS = 5;
const CONNECTIONS = 64;
const SHARE = flags.smoke ? 0.1 : 1;
const folder = mkdtempSync(join(tmpdir(), 'watchword-peers-'));
const report = new Report();
const generator = startGenerator(new URL('legs.mjs', import.meta.url).href);
const run = { folder, generator, report, say: (line) => process.stderr.write(`${line}\n`) };
let items = 0;

try {
  const subjects = await openSubjects();
  for (const subject of subjects) await warmStart(subject);
  for (let round = 0; round < ROUNDS; round++) for (const subject of subjects) await startBlock(subject);
  await collectCodes(subjects);
  for (const subject of subjects) await warmCheck(subject);
  for (let round = 0; round < ROUNDS; round++) for (const subject of subjects) await checkBlock(subject, round);
  for (const subject of subjects) addCases(subject);
  for (const subject of subjects) addRatios(subject);
  const result = { ...report.json(), versions: versionsOf(subjects) };
  if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(result, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(result.versions)}\n${table(result)}`);
  process.exitCode = result.ok ? 0 : 1;
} finally {
  stopAll();
  rmSync(folder, { recursive: true, force: true });
}

/** Whoever is measured, each with its legs and the least its figures must be above ours. */
async function openSubjects() {
  const own = await serveWatchword(folder);
  const other = await serveBetterAuth(folder);
  const django = djangoVersions(flags.python);
  const size = { own: [12_000, 4_000], 'better-auth': [2_000, 250], django: [400, 120] };
  const subjects = [
    subject('watchword e-mail', own, size.own, { check: 'watchword check' }),
    subject('better-auth e-mail', other, size['better-auth'], { against: 'watchword e-mail', least: [15, 25] }),
    subject('watchword phone', own, size.own, { check: 'watchword check' }),
    subject('better-auth phone', other, size['better-auth'], { against: 'watchword phone', least: [15, 25] }),
  ];
  if (django.missing !== undefined) run.say(`django-phone-verify is not measured: ${django.missing}`);
  else
    subjects.push({
      ...subject('django', await serveDjango(folder, flags.python), size.django, {
        against: 'watchword phone',
        least: [25, 25],
      }),
      versions: django.versions,
    });
  return subjects;
}

function subject(name, server, [warmUp, count], { check = `${name} check`, ...more }) {
  const legs = { start: `${name} start`, check };
  const sizes = { warmUp: Math.ceil(warmUp * SHARE), count: Math.ceil(count * SHARE) };
  return {
    name,
    server: { ...server, connections: CONNECTIONS },
    legs,
    ...sizes,
    ...more,
    started: [],
    start: [],
    check: [],
  };
}

async function ask({ server, legs }, leg, list) {
  return await block(run, server, { leg: legs[leg], items: list, token: server.token });
}

function next(count) {
  return Array.from({ length: count }, () => items++);
}

async function warmStart(it) {
  it.warm = (await ask(it, 'start', next(it.warmUp))).kept;
}

async function startBlock(it) {
  const { micros, kept } = await ask(it, 'start', next(it.count));
  it.start.push(micros);
  it.started.push(kept);
}

/** Outside what is timed: every code where its owner would have it, and the users that a check wants. */
async function collectCodes(subjects) {
  const all = (server) =>
    subjects.filter((it) => it.server.codes === server.codes).flatMap((it) => [it.warm, ...it.started].flat());
  const codes = new Map();
  for (const { server } of subjects)
    if (!codes.has(server.codes)) {
      const started = all(server);
      codes.set(server.codes, await server.codes(started.length));
      await server.addUsers?.(started.map(({ to }) => to).filter((to) => to.includes('@')));
    }
  const coded = (it, list) => list.map((one) => ({ ...one, code: codes.get(it.server.codes).get(one.to) }));
  for (const it of subjects) {
    it.warm = coded(it, it.warm);
    it.started = it.started.map((list) => coded(it, list));
  }
}

/** With one wrong code before, which must be refused: what takes any code is no check. */
async function warmCheck(it) {
  const [first] = it.warm;
  const wrong = { ...first, code: String((Number(first.code) + 1) % 1_000_000).padStart(6, '0') };
  const { server, legs } = it;
  const seen = await generator.run({
    port: server.port,
    connections: 1,
    leg: legs.check,
    items: [wrong],
    token: server.token,
  });
  if (seen.errors !== 1) throw new Error(`${it.name} took a wrong code`);
  await ask(it, 'check', it.warm);
}

async function checkBlock(it, round) {
  it.check.push((await ask(it, 'check', it.started[round])).micros);
}

function addCases({ name, start, check }) {
  report.add(`${name}: start`, 'CPU µs', start);
  report.add(`${name}: check`, 'CPU µs', check);
}

function addRatios({ name, against, least }) {
  if (against === undefined) return;
  report.ratio(`${name}: start`, `${against}: start`, null, least[0]);
  report.ratio(`${name}: check`, `${against}: check`, null, least[1]);
}

function versionsOf(subjects) {
  const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
  return {
    'better-auth': dependencies['better-auth'],
    ...subjects.find(({ versions }) => versions !== undefined)?.versions,
  };
}
