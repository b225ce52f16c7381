import { describe, expect, it } from 'vitest';
import { createWatchword, SettingsError, type WatchwordOptions } from '../../src/index.ts';

function problemsOf(options: WatchwordOptions): readonly string[] {
  try {
    createWatchword({ worker: false, ...options });
  } catch (error) {
    if (error instanceof SettingsError) return error.problems.map(({ name, problem }) => `${name} ${problem}`);
    throw error;
  }
  return [];
}

describe('the stores as options of the library', () => {
  it.each<WatchwordOptions>([
    { databaseUrl: 'postgres://app@db.example/codes' },
    { databaseUrl: 'mysql://app@db.example/codes', redisUrl: 'redis://cache.example' },
    {
      databaseUrl: 'postgres://app@db.example/codes',
      redisUrl: 'rediss://cache.example',
      store: 'redis',
      redisDurability: 'relaxed',
    },
  ])('takes %j without asking any server yet', (options) => {
    expect(problemsOf(options)).toEqual([]);
  });

  it('names every bad one by its option, without its value', () => {
    const told = problemsOf({ databaseUrl: 'postgres://app:hunter2@db.example', redisUrl: 'hunter2', store: 'redis' });
    expect(told).toEqual([
      expect.stringMatching(/^databaseUrl names no database/),
      expect.stringMatching(/^redisUrl must look like redis:/),
    ]);
    expect(problemsOf({ store: 'redis' })).toEqual([
      expect.stringMatching(/^databaseUrl must name a postgres:/),
      expect.stringMatching(/^redisUrl is required when the store is redis/),
    ]);
  });
});
