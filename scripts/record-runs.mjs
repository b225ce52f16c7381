// Writes docs/channels/recorded-runs.md anew from what the tests of the providers send and get.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}docs/channels/recorded-runs.md`, { force: true });
const words = [
  'vitest',
  'run',
  '--project',
  'unit',
  '--no-file-parallelism',
  'test/channels/providers',
  'test/channels/recorded-runs.test.ts',
  '-t',
  'recorded',
];
const { status } = spawnSync('npx', words, {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, WATCHWORD_RECORD: '1' },
});
process.exit(status ?? 1);
