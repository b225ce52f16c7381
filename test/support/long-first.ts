import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that take longest, longest first. A fresh clone has no measurements of its own, and by their sizes some of these
 * would begin last, while the other worker has nothing left to do.
 */
const LONG = [
  'browser/hosted',
  'crash/kill-worker-often',
  'browser/pages',
  'browser/desk-policy',
  'browser/admin',
  'browser/records',
  'browser/desk',
  'system/page-programs',
  'servers/kill-servers',
  'servers/suites',
  'servers/kill-services',
  'servers/outage',
  'servers/startup',
  'servers/rolling',
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
