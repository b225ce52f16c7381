import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

it.each([
  [['--stores=redis'], "Unknown option '--stores'."],
  [['redis'], "Unexpected argument 'redis'."],
  [['--store'], "Option '--store <value>' argument missing."],
  [['--store=oracle'], '--store knows postgres, mysql, redis, not “oracle”.'],
  [['--rows=some'], '--rows takes whole numbers, e.g. 1e3,1e6.'],
])('the bench says in one sentence what it does not know: %j', (words, sentence) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bench/main.mjs', ...words], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr.split('\n')[0]).toBe(sentence);
  expect(stderr).toContain('npm run bench -- [--smoke]');
  expect(stderr).not.toContain('    at ');
});
