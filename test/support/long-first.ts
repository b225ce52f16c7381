import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that take longest, longest first. A fresh clone has no measurements of its own, and by their sizes some of these
 * would begin last, while the other worker has nothing left to do.
 */
const LONG = [
  'browser/hosted',
  'browser/pages',
  'browser/slow-phone',
  'browser/desk-policy',
  'browser/admin',
  'browser/records',
  'browser/desk',
  'system/image',
  'system/nextjs',
  'system/runtimes',
  'cli/program',
  'system/lifecycle',
  'servers/kill-servers',
  'servers/kill-services',
  'crash/kill-worker-often',
  'crash/kill-service',
  'servers/suites',
  'servers/outage',
  'servers/startup',
  'servers/races',
  'servers/rolling',
  'crash/kill-worker',
].map((name) => `/test/${name}.test.ts`);

/** Starts the known long files first, and all others in the order that vitest chooses. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => groupOf(one) - groupOf(other) || rankOf(one) - rankOf(other));
  }
}

function groupOf({ project }: TestSpecification): number {
  return project.config.sequence.groupOrder;
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = LONG.findIndex((name) => moduleId.endsWith(name));
  return rank === -1 ? LONG.length : rank;
}
