import { afterEach, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/stores/sqlite/index.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

it('a worker with nothing to do commits nothing', async () => {
  world = await createWorld();
  await world.startAndRead();
  const newestCommit = world.clock.now;
  world.clock.now += 60_000;
  await world.service.worker.tick();
  // Another process's time is never behind the newest commit: it would show one made a minute later.
  const other = await openSqliteStore({ path: world.path, now: () => newestCommit });
  expect(await other.verifications.time()).toBe(newestCommit);
  await other.close();
});
