// Everything that must hold before a commit, one line per step: npm run check. Stops at the first failure with its output.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const packed = mkdtempSync(join(tmpdir(), 'watchword-pack-'));
process.on('exit', () => rmSync(packed, { recursive: true, force: true }));

const steps = [
  ['format', () => tool('prettier', '--check', '--log-level', 'warn', '.')],
  ['lint', () => tool('oxlint', '--deny-warnings')],
  ['types', () => tool('tsc', '-b')],
  ['types of the tests', () => tool('tsc', '-p', 'test/tsconfig.json')],
  ['unused code', () => tool('knip', '--no-progress')],
  ['assets', () => run(process.execPath, 'scripts/copy-assets.mjs')],
  ['unit tests', () => tool('vitest', 'run', '--project', 'unit', '--reporter', 'dot')],
  ['pack', () => run('npm', 'pack', '--ignore-scripts', '--silent', '--pack-destination', packed)],
  ['publint', () => tool('publint', '--strict', tarball())],
  ['types as others see them', () => tool('attw', '--profile', 'esm-only', '--no-emoji', tarball())],
];

const begun = performance.now();
for (const [name, step] of steps) {
  const from = performance.now();
  const { status, stdout, stderr, error } = step();
  const ok = status === 0;
  process.stdout.write(`${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(26)}${seconds(from)}\n`);
  if (ok) continue;
  process.stdout.write(`\n${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}\n`);
  process.exit(1);
}
process.stdout.write(`All ${steps.length} checks passed in ${seconds(begun).trim()}.\n`);

function tool(name, ...args) {
  return run(join(root, 'node_modules', '.bin', name), ...args);
}

function run(command, ...args) {
  const env = { ...process.env, NO_COLOR: '1' };
  return spawnSync(command, args, { cwd: root, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
}

function tarball() {
  const name = readdirSync(packed).find((file) => file.endsWith('.tgz'));
  return join(packed, name ?? 'missing.tgz');
}

function seconds(from) {
  return `${((performance.now() - from) / 1000).toFixed(1).padStart(6)} s`;
}
