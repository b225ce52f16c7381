import { defineConfig } from 'vitest/config';
import { LongFirst } from './test/support/long-first.ts';

/**
 * Suites that start processes or browsers, repeat races, or draw and write millions of things (`*.slow.test.ts`): `npm test` runs
 * them, `npm run check` does not.
 */
const SYSTEM = [
  ...['system', 'bench', 'examples'].map((folder) => `test/${folder}/**/*.test.{ts,tsx}`),
  'test/cli/program.test.ts',
  'test/**/*.slow.test.ts',
];

/** Pages and other systems' dialects, each asked of a whole service: `npm test` runs them, `npm run check` has no time for them. */
const PAGES = ['test/web/**/*.test.{ts,tsx}', 'test/compat/**/*.test.ts'];

/**
 * A test of 35,000 that a busy machine made fail says nothing of the product: what fails is tried once more, and the end of the run names it.
 * Not so what looks for a race, a loss or a hole, where once is enough: attacks, kills, suites on real servers, broken properties.
 */
const SECOND_TRY = { retry: { count: 1, condition: /^(?!Property failed)/ } };

const ATTACKS = ['test/attack/**/*.test.ts'];

/** Processes killed in the middle of their work. */
const CRASHES = ['test/crash/**/*.test.ts'];

/** Pages in Chromium. */
const BROWSER = ['test/browser/**/*.test.ts'];

/** Suites on real database servers, which the run starts itself. */
const SERVERS = ['test/servers/**/*.test.ts'];

/** What shows the same on every Node, for what it looks at is not Node. `.ci/run` leaves it out on all but Node 20. */
const ONCE = [
  // The browser draws pages; what is killed and restarted dies alike; thirty providers get the requests they get.
  'test/{browser,crash,channels/providers}/**',
  // Texts of this folder, options of programs, and what documents show: `runtimes.test.ts` runs the package on each Node.
  'test/{structure,bench,examples}/**',
  'test/system/{pages,page-programs,package-size,readme}.test.ts',
  // Whether codes are drawn evenly, a million times: the draw is `node:crypto`, what is made of it is ours.
  'test/crypto/random.slow.test.ts',
  // Processes that are killed, stopped and started, or wait for a server's locks and time-outs.
  'test/servers/{kill-servers,kill-services,rolling,outage,startup,transfer,exim,proxies,races,records-away,clock}.test.ts',
  'test/servers/{mysql-faults,pool,redis-flush,suppressions,switch-store}.test.ts',
  // The servers of the tests themselves.
  'test/servers/servers.test.ts',
];

/**
 * What `.ci/run` also leaves out on Node 22 and 26: the former has the SQLite driver of Node 20, the latter that of Node 24, and on these
 * two it runs. What a Node can break beyond that stays: the unit tests, for its engine and its modules (crypto, HTTP, sockets, TLS, files,
 * streams); the built program; the package as installed; attacks over raw sockets and with several processes; and every store's contract,
 * with a PostgreSQL that hangs, dies or has no connection left.
 */
const ON_TWO = [
  // Texts that our functions make of records, and dialects of other systems: behind the adapter to Node that `test/http` tries.
  'test/{web,compat}/**',
  // Attacks on rules and settings.
  'test/attack/{a01-parallel,a02,a03,a05,a06,a09,a1,a2,a30,a31,a35,a39,a40,a47,a50,old-defects}*.test.ts',
  // What several instances make of one server: statements and scripts of ours, which the contract has run on this Node.
  'test/servers/{suites,features,redis-life,redis-counters,redis-unfit}.test.ts',
  // Requirements walked through once more on a whole service.
  'test/system/{canary,requirements-s1,requirements-s2,requirements-s3,requirements-s4,webhook-proxy}.test.ts',
  'test/cli/demo.slow.test.ts',
];

const LEFT_OUT: Record<string, string[]> = { 'of-node': ONCE, 'of-neighbour': [...ONCE, ...ON_TWO] };
const leftOut = LEFT_OUT[process.env['WATCHWORD_SUITE'] ?? ''] ?? [];

/** Where to write a JSON report beside what is shown. */
const report = process.env['WATCHWORD_TEST_REPORT'];

/** Loading the product is most of a small file's time; a file leaves nothing behind for the next one of its worker. */
const TOGETHER = { isolate: false, sequence: { groupOrder: 0 } };
/** What starts processes: after the small files, so that neither disturbs the other. */
const LATER = { sequence: { groupOrder: 1 } };
/**
 * What waits for others most of its time: servers that start, leases that run out, locks and time-outs. Two of these files leave a third
 * of two cores idle, so there is one worker more. None of them measures how fast something is; what must end in time has seconds to do so.
 */
const WAITING = { maxWorkers: 3, sequence: { groupOrder: 2 } };

export default defineConfig({
  test: {
    // For a machine that does something else as well; what must be quick says so by what it measures, not by this.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
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
          exclude: [...PAGES, ...SYSTEM, ...ATTACKS, ...CRASHES, ...BROWSER, ...SERVERS, ...leftOut],
          ...TOGETHER,
          ...SECOND_TRY,
        },
      },
      {
        extends: true,
        test: { name: 'pages', include: PAGES, exclude: [...SYSTEM, ...leftOut], ...TOGETHER, ...SECOND_TRY },
      },
      {
        extends: true,
        test: { name: 'system', include: SYSTEM, exclude: leftOut, ...LATER, ...SECOND_TRY },
      },
      { extends: true, test: { name: 'attacks', include: ATTACKS, exclude: leftOut, ...TOGETHER } },
      { extends: true, test: { name: 'crashes', include: CRASHES, exclude: leftOut, ...WAITING } },
      { extends: true, test: { name: 'browser', include: BROWSER, exclude: leftOut, ...LATER, ...SECOND_TRY } },
      {
        extends: true,
        test: {
          name: 'servers',
          include: SERVERS,
          exclude: leftOut,
          globalSetup: './test/support/servers/shared.ts',
          ...WAITING,
        },
      },
    ],
  },
});
