// Everything that must hold before a commit, one line per step: npm run check. Stops at the first failure with its output.
// Two steps run at a time; what they say is shown only when one fails. `--without-tests` is for who runs `npm test` next.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const packed = mkdtempSync(join(tmpdir(), 'watchword-pack-'));
const running = new Set();
// Of files that did not change since they were last found right.
const CACHE = join(root, 'node_modules/.cache/prettier/watchword');
process.on('exit', () => rmSync(packed, { recursive: true, force: true }));

// The compiler first: it makes what the package checks pack. Then two lanes beside each other, one line as each step ends.
const first = [
  ['types', () => tool('tsc', '-b')],
  ['assets', () => run(process.execPath, 'scripts/copy-assets.mjs')],
  ['bundle', () => run(process.execPath, 'scripts/bundle.mjs')],
];
const tests = [['unit tests', () => tool('vitest', 'run', '--project', 'unit', '--reporter', 'dot')]];
// On a fresh clone, which has no cache, this takes as long as all others together.
const format = [
  ['format', () => tool('prettier', '--check', '--log-level', 'warn', '--cache', '--cache-location', CACHE, '.')],
];
const others = [
  ['lint', () => tool('oxlint', '--deny-warnings')],
  ['types of the tests', () => tool('tsc', '-p', 'test/tsconfig.json')],
  ['unused code', () => tool('knip', '--no-progress')],
  ['pack', () => run('npm', 'pack', '--ignore-scripts', '--silent', '--pack-destination', packed)],
  ['publint', () => tool('publint', '--strict', tarball())],
  ['types as others see them', () => tool('attw', '--profile', 'esm-only', '--no-emoji', tarball())],
];
const { values } = parseArgs({ options: { 'without-tests': { type: 'boolean' } } });
const lanes = values['without-tests'] ? [format, others] : [tests, [...format, ...others]];

const begun = performance.now();
let failed = false;
await lane(first);
if (!failed) await Promise.all(lanes.map(lane));
for (const child of running) child.kill();
if (failed) process.exitCode = 1;
else {
  const count = [first, ...lanes].flat().length;
  process.stdout.write(`All ${count} checks passed in ${seconds(begun).trim()}.\n`);
}

/** Runs steps one after another, up to the first failure anywhere. */
async function lane(steps) {
  for (const [name, step] of steps) {
    if (failed) return;
    const from = performance.now();
    const { code, output } = await step();
    // The other lane was cut short by a failure here: that says nothing.
    if (failed) return;
    failed = code !== 0;
    process.stdout.write(`${failed ? 'FAILED' : 'ok    '}  ${name.padEnd(26)}${seconds(from)}\n`);
    if (!failed) continue;
    process.stdout.write(`\n${output}\n`);
    for (const child of running) child.kill();
  }
}

function tool(name, ...args) {
  return run(join(root, 'node_modules', '.bin', name), ...args);
}

/** What a command said, and how it ended. */
function run(command, ...args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env: { ...process.env, NO_COLOR: '1' } });
    running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => resolve({ code: 1, output: error.message }));
    child.once('close', (code) => {
      running.delete(child);
      resolve({ code, output });
    });
  });
}

function tarball() {
  const name = readdirSync(packed).find((file) => file.endsWith('.tgz'));
  return join(packed, name ?? 'missing.tgz');
}

function seconds(from) {
  return `${((performance.now() - from) / 1000).toFixed(1).padStart(6)} s`;
}
