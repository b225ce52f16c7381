import { defineConfig } from 'vitest/config';

/** Suites that start processes or browsers, or repeat races: `npm test` runs them, `npm run check` does not. */
const SYSTEM = [
  ...['attack', 'crash', 'system', 'browser', 'bench', 'examples'].map((folder) => `test/${folder}/**/*.test.{ts,tsx}`),
  'test/cli/program.test.ts',
];

/** Suites on real database servers, which the run starts itself. */
const SERVERS = ['test/servers/**/*.test.ts'];

/** Where to write a JSON report beside what is shown. */
const report = process.env['WATCHWORD_TEST_REPORT'];

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 30_000,
    pool: 'forks',
    maxWorkers: 2,
    reporters: [
      'default',
      './test/support/skip-reporter.ts',
      ...(report === undefined ? [] : [['json', { outputFile: report }] as [string, Record<string, unknown>]]),
    ],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [...SYSTEM, ...SERVERS],
          sequence: { groupOrder: 0 },
        },
      },
      { extends: true, test: { name: 'system', include: SYSTEM, sequence: { groupOrder: 1 } } },
      {
        extends: true,
        test: {
          name: 'servers',
          include: SERVERS,
          globalSetup: './test/support/servers/shared.ts',
          sequence: { groupOrder: 2 },
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
