import { afterEach, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

it('a worker with nothing to do commits nothing', async () => {
  world = await createWorld();
  await world.startAndRead();
  const newestCommit = world.clock.now;
  world.clock.now += 60_000;
  await world.service.worker.tick();
  // The store's time is never behind its newest commit: it would show one made a minute later.
  world.clock.now = newestCommit;
  expect(await world.store.verifications.time()).toBe(newestCommit);
});
