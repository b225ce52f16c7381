import { afterEach, beforeEach, expect, it } from 'vitest';
import { openConnection } from '../../src/stores/sqlite/connection.ts';
import { createMigrations } from '../../src/stores/sqlite/migrations.ts';
import { type Batch, Writer } from '../../src/stores/sqlite/writer.ts';

let writer: Writer;
let turn = 0;
let counting: NodeJS.Immediate;

beforeEach(async () => {
  const connection = await openConnection(':memory:');
  await createMigrations(connection, () => 1).migrate();
  writer = new Writer({ connection, now: () => 1, log: () => {}, mirrors: [], afterCommit: () => {} });
  turn = 0;
  const count = (): void => {
    turn++;
    counting = setImmediate(count);
  };
  counting = setImmediate(count);
});
afterEach(async () => {
  clearImmediate(counting);
  await writer.close();
});

/** One item in each of so many turns; the transactions they were in. */
function onePerTurn(turns: number): Promise<readonly Batch[]> {
  const asked: Promise<Batch>[] = [];
  return new Promise((resolve) => {
    const next = (): void => {
      asked.push(writer.write((batch) => batch));
      if (asked.length === turns) resolve(Promise.all(asked));
    };
    // Before the writer's own turn, each time.
    const step = (): void => {
      if (asked.length + 1 < turns) setImmediate(step);
      next();
    };
    setImmediate(step);
    next();
  });
}

it('what comes turn after turn shares a transaction', async () => {
  const batches = await onePerTurn(5);
  expect(new Set(batches).size).toBe(1);
});

it('what comes without end does not put off the first', async () => {
  const batches = await onePerTurn(100);
  expect(new Set(batches).size).toBeGreaterThan(4);
});

it('who is alone waits for one turn', async () => {
  await writer.write((batch) => batch);
  expect(turn).toBe(1);
});
