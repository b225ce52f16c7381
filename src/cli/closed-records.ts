import type { Mode, Verification } from '../core/verification.ts';
import type { Store } from '../ports/store.ts';
import { NO_CHANGES } from '../ports/verification-store.ts';

const PAGE = 200;
const MODES: readonly Mode[] = ['live', 'test'];

/** Closed records of all applications that were created before `createdBefore`, page by page. */
export async function* closedRecords(store: Store, createdBefore: number): AsyncGenerator<readonly Verification[]> {
  for (const { id: application } of await store.applications.list()) {
    for (const mode of MODES) yield* pages(store, { application, mode, createdBefore });
  }
}

interface Range {
  readonly application: string;
  readonly mode: Mode;
  readonly createdBefore: number;
}

async function* pages(store: Store, range: Range): AsyncGenerator<readonly Verification[]> {
  let before: string | undefined;
  for (;;) {
    const now = await store.verifications.time();
    const query = { ...range, now, limit: PAGE, ...(before === undefined ? {} : { before }) };
    const { rows, hasMore } = await store.records.search(query);
    yield rows.filter(({ closedAt }) => closedAt !== null);
    before = rows.at(-1)?.id;
    if (!hasMore || before === undefined) return;
  }
}

/** Ends the retention of closed records at `now`, so that the purge takes them. One that changed meanwhile is left alone. */
export async function endRetention(store: Store, records: readonly Verification[], now: number): Promise<void> {
  const kept = records.filter(({ dueAt }) => dueAt === null || dueAt > now);
  await Promise.all(
    kept.map((record) =>
      store.verifications.replace({ ...record, version: record.version + 1, dueAt: now }, record.version, NO_CHANGES),
    ),
  );
}
