import { describe, expect, it } from 'vitest';
import { readSettings, type Settings } from '../../src/config/index.ts';

type Env = Record<string, string>;

const POSTGRES = 'postgres://app:hunter2@db.example:5432/codes';
const REDIS = 'redis://:hunter2@cache.example:6379/0';

function settingsOf(env: Env): Settings {
  const read = readSettings(env, () => '');
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.settings;
}

function problemsOf(env: Env): Env {
  const read = readSettings(env, () => '');
  if (read.ok) throw new Error('the settings were taken');
  expect(JSON.stringify(read.problems)).not.toContain('hunter2');
  return Object.fromEntries(read.problems.map(({ name, problem }) => [name, problem]));
}

describe('DATABASE_URL', () => {
  it.each([
    [POSTGRES, 'postgres', POSTGRES],
    ['postgresql://app@db.example/codes', 'postgres', 'postgres://app@db.example/codes'],
    ['postgres:///codes?host=/run/postgresql', 'postgres', 'postgres:///codes?host=/run/postgresql'],
    ['mysql://app:hunter2@db.example/codes', 'mysql', 'mysql://app:hunter2@db.example/codes'],
    ['mysql:///codes?socket=/run/mysqld/mysqld.sock', 'mysql', 'mysql:///codes?socket=/run/mysqld/mysqld.sock'],
    ['mariadb://app@db.example:3307/codes?ssl=1', 'mysql', 'mysql://app@db.example:3307/codes?ssl=1'],
  ])('takes %s (S0.39)', (url, kind, kept) => {
    const { database } = settingsOf({ DATABASE_URL: url });
    expect(database.kind).toBe(kind);
    expect('url' in database && database.url.reveal()).toBe(kept);
    expect(JSON.stringify(database)).not.toContain('hunter2');
  });

  it.each([
    ['postgres://app:hunter2@/codes', 'is no valid URL'],
    ['postgres:///codes', 'names no host'],
    [
      'postgres://app:hunter2@db.example',
      'names no database: it must look like postgres://user:password@host/database',
    ],
    ['postgres://app:hunter2@db.example/', 'names no database'],
    ['mysql://app:hunter2@db.example:notaport/codes', 'with special characters of the password as %XX'],
    ['postgres://app:hunter2@db.example/codes#1', 'write it as %23'],
    ['oracle://db.example/codes', 'must look like sqlite:'],
    ['hunter2', 'must look like sqlite:'],
  ])('refuses %s and says what to do', (url, told) => {
    expect(problemsOf({ DATABASE_URL: url })['DATABASE_URL']).toContain(told);
  });
});

describe('REDIS_URL', () => {
  it.each([
    'redis://127.0.0.1',
    REDIS,
    'rediss://user:hunter2@cache.example:6380/3',
    'redis://a.example:7000,b.example:7001,c.example',
    'redis://[::1]:6379',
    'redis://cache.example?cluster=1',
  ])('takes %s', (url) => {
    expect(settingsOf({ REDIS_URL: url }).redis?.url.reveal()).toBe(url);
  });

  it.each([
    ['cache.example:6379', 'must look like redis://'],
    ['redis://', 'is no valid URL'],
    ['redis://:hun/hunter2@cache.example', 'special characters of the password as %XX'],
    ['redis://a.example,,b.example', 'a host (number 2)'],
    ['redis://a.example:70000', 'a host (number 1)'],
    ['redis://a.example,b.example/3', 'a cluster has only number 0'],
    ['redis://a.example/3?cluster=1', 'a cluster has only number 0'],
  ])('refuses %s and says what to do', (url, told) => {
    expect(problemsOf({ REDIS_URL: url })['REDIS_URL']).toContain(told);
  });
});

describe('the stores together', () => {
  it('lets Redis hold rates beside a database, and decide only when told', () => {
    expect(settingsOf({}).redis).toBeNull();
    expect(settingsOf({ DATABASE_URL: POSTGRES, REDIS_URL: REDIS }).redis).toMatchObject({ use: 'rates' });
    const scale = { DATABASE_URL: POSTGRES, REDIS_URL: REDIS, WATCHWORD_STORE: 'redis' };
    expect(settingsOf(scale).redis).toMatchObject({ use: 'verdicts', durability: 'strict' });
    expect(settingsOf({ ...scale, WATCHWORD_REDIS_DURABILITY: 'relaxed' }).redis).toMatchObject({
      durability: 'relaxed',
    });
  });

  it('wants a Redis and a database server for verdicts in Redis', () => {
    expect(problemsOf({ WATCHWORD_STORE: 'redis' })).toEqual({
      DATABASE_URL: 'must name a postgres:// or mysql:// database when the store is redis: the records are kept there',
      REDIS_URL: 'is required when the store is redis',
    });
  });

  it('names a bad setting once', () => {
    const problems = problemsOf({ WATCHWORD_STORE: 'redis', REDIS_URL: 'http://x', DATABASE_URL: POSTGRES });
    expect(problems).toEqual({ REDIS_URL: expect.stringContaining('must look like redis://') });
  });
});
