import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { compareAll, copyAll, nameOfDatabase, type TableVerdict } from '../../src/runtime/transfer.ts';
import { openConnection } from '../../src/stores/sqlite/connection.ts';
import { openSqliteStore } from '../../src/stores/sqlite/index.ts';
import { openSqliteTransferTarget } from '../../src/stores/sqlite/transfer-target.ts';
import { openSqliteTransfer } from '../../src/stores/sqlite/transfer.ts';
import { nextRecord, sendsHit, testChanges, testEvent, testRecord, testSend } from '../../src/testing/index.ts';

let folder: string;
let from: string;
let to: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchword-transfer-'));
  [from, to] = [join(folder, 'from.db'), join(folder, 'to.db')];
  for (const path of [from, to]) {
    const store = await openSqliteStore({ path });
    await store.migrations.migrate();
    await store.close();
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Records with two commits each, a message and a failed check; some for one destination, their times mixed. */
async function fill(count: number): Promise<readonly string[]> {
  const store = await openSqliteStore({ path: from });
  const ids: string[] = [];
  for (let made = 0; made < count; made++) {
    const now = await store.verifications.time();
    const record = testRecord(now, { limitIndex: `k1.person-${made % 3}` });
    const events = [testEvent('started', now), testEvent('send_queued', now)];
    const changes = testChanges({ events, sends: [testSend(record, now)], take: [sendsHit(record, 100)] });
    await store.verifications.insert(record, changes);
    const failed = testChanges({
      events: [testEvent('check_failed', now)],
      failed: [`${record.application}|k1.person`],
    });
    await store.verifications.replace(nextRecord(record), 1, failed);
    ids.push(record.id);
  }
  await store.close();
  return ids;
}

async function copy({ rows = Infinity } = {}): Promise<readonly TableVerdict[]> {
  const [source, target] = [await openSqliteTransfer(from), await openSqliteTransferTarget(to)];
  try {
    expect(await target.begin(await nameOfDatabase(source))).not.toBe('occupied');
    let left = rows;
    await copyAll(
      source,
      { ...target, add: async (...given) => (left-- > 0 ? target.add(...given) : undefined) },
      () => {},
    );
    return await compareAll(source, target);
  } finally {
    await source.close();
    await target.close();
  }
}

const different = (verdicts: readonly TableVerdict[]): readonly string[] =>
  verdicts.filter((verdict) => verdict.different > 0).map(({ table }) => table);

async function inFile(sql: string): Promise<void> {
  const connection = await openConnection(to);
  connection.exec(sql);
  connection.close();
}

it('a copy into SQLite has every row, is used as any other, and takes in no second one', async () => {
  const ids = await fill(7);
  const verdicts = await copy();
  expect(different(verdicts)).toEqual([]);
  expect(verdicts.find(({ table }) => table === 'destinations')?.rows).toBe(4);
  const store = await openSqliteStore({ path: to });
  for (const id of ids) {
    expect((await store.records.events(id)).map(({ type }) => type)).toEqual([
      'started',
      'send_queued',
      'check_failed',
    ]);
    expect((await store.records.sends(id)).length).toBe(1);
  }
  const { record, now } = await store.verifications.get(ids[0] ?? '');
  if (record === null) throw new Error('lost');
  // Three messages of this destination were made before the copy.
  const more = testRecord(now, { limitIndex: record.limitIndex });
  const changes = testChanges({ sends: [testSend(more, now)], take: [sendsHit(more, 3)] });
  expect(await store.verifications.insert(more, changes)).toMatchObject({ type: 'refused' });
  const event = testEvent('check_failed', now);
  expect(
    await store.verifications.replace(nextRecord(record), record.version, testChanges({ events: [event] })),
  ).toEqual({
    type: 'replaced',
  });
  expect((await store.records.events(record.id)).at(-1)).toEqual(event);
  await store.close();
  const target = await openSqliteTransferTarget(to);
  expect(await target.begin('app_other')).toBe('occupied');
  await target.close();
});

it('one that was interrupted goes on, and writes nothing twice', async () => {
  await fill(7);
  expect(different(await copy({ rows: 2 }))).not.toEqual([]);
  expect(different(await copy())).toEqual([]);
});

it.each([
  ['verifications', "UPDATE verifications SET purpose = 'other' WHERE id = (SELECT min(id) FROM verifications)"],
  ['events', "UPDATE events SET body = replace(body, 'check_failed', 'approved') WHERE seq = 1"],
  ['destinations', 'DELETE FROM transfer_times WHERE rowid = 1'],
  ['destinations', 'UPDATE destinations SET failures = failures + 1 WHERE failures > 0'],
])('the comparison finds a row of %s that differs', async (table, change) => {
  await fill(3);
  // The totals are not there yet, so the copy is not complete and may go on.
  await copy({ rows: 5 });
  await inFile(change);
  expect(different(await copy())).toEqual([table]);
});
