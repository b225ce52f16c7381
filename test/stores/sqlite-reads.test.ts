import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openConnection, type Connection } from '../../src/stores/sqlite/connection.ts';

let folder: string;
let ours: Connection;
let theirs: Connection;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reads-'));
  ours = await openConnection(join(folder, 'a.db'));
  ours.exec('CREATE TABLE t (value INTEGER NOT NULL); INSERT INTO t VALUES (1)');
  theirs = await openConnection(join(folder, 'a.db'));
});
afterEach(() => {
  ours.close();
  theirs.close();
  rmSync(folder, { recursive: true });
});

function value(): number {
  return (ours.sql('SELECT value FROM t').get() as { value: number }).value;
}

it('a read sees what another process committed before it was asked for, though an earlier one of its turn is under way', async () => {
  const before = ours.readTogether(value);
  theirs.exec('UPDATE t SET value = 2');
  const after = ours.readTogether(value);
  expect(await after).toBe(2);
  expect([1, 2]).toContain(await before);
  theirs.exec('UPDATE t SET value = 3');
  expect(await Promise.all([ours.readTogether(value), ours.readTogether(value)])).toEqual([3, 3]);
});

it('the reads of a turn see one state, and hold no lock when they are answered', async () => {
  const steps = [ours.readTogether(value), ours.readTogether(() => ours.inTransaction), ours.readTogether(value)];
  expect(await Promise.all(steps)).toEqual([1, true, 1]);
  expect(ours.inTransaction).toBe(false);
});

it('a read that fails takes only itself down', async () => {
  const bad = ours.readTogether(() => ours.sql('SELECT nothing FROM t').get());
  const good = ours.readTogether(value);
  await expect(bad).rejects.toMatchObject({ code: 'unavailable' });
  expect(await good).toBe(1);
});

it('a read that meets a closed store is refused', async () => {
  const late = Promise.allSettled([ours.readTogether(value), ours.readTogether(value)]);
  ours.close();
  expect((await late).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
