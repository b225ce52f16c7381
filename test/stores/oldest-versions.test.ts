import { describe, expect, it } from 'vitest';
import { type Facts, problemOf } from '../../src/stores/postgres/fitness.ts';
import { refuseOld } from '../../src/stores/redis/durability.ts';

const FIT: Facts = {
  pid: 1,
  version: 120_000,
  version_name: '12.0',
  fsync: 'on',
  synchronous_commit: 'on',
  read_only: 'off',
  recovering: 'false',
  encoding: 'UTF8',
  missing_right: null,
};

describe('a PostgreSQL', () => {
  it.each([
    ['12, the oldest that will do', {}, null],
    ['11.22', { version: 110_022, version_name: '11.22' }, /^PostgreSQL 11\.22 is too old\. Use version 12 or newer/],
    ['that replays another one', { recovering: 'true' }, /read-only replica\. Connect to the primary/],
    ['that forgets commits', { synchronous_commit: 'local' }, /synchronous_commit = local.*Let the user set it to on/],
    ['of another encoding', { encoding: 'SQL_ASCII' }, /encoding SQL_ASCII\. Create it with ENCODING 'UTF8'/],
  ])('%s', (_, changed, told) => {
    const problem = problemOf({ ...FIT, ...changed });
    if (told === null) expect(problem).toBeNull();
    else expect(problem).toMatch(told);
  });
});

describe('a Redis', () => {
  it.each(['6.2.0', '7.0.15', '10.0.0'])('%s will do', (version) => {
    expect(() => refuseOld(version)).not.toThrow();
  });

  it.each(['6.0.16', '5.0.14', '2.8.4'])('%s is too old', (version) => {
    expect(() => refuseOld(version)).toThrow(`Redis ${version} is too old. Use 6.2 or newer, or Valkey.`);
  });
});
