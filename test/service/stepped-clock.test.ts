import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRules } from '../../src/service/lists/rules.ts';
import { createWorld, type World } from '../support/world.ts';

/** How far the host's clock steps back. */
const STEP_MS = 3_600_000;

let world: World;
beforeEach(async () => void (world = await createWorld()));
afterEach(() => world.close());

it('a key that another instance revoked is refused at once by one whose clock stepped back', async () => {
  const { keys } = world.service;
  const created = await keys.create(world.application, { mode: 'live', scopes: ['send'] });
  const token = (created.ok ? created.value.key : null) ?? '';
  expect(await keys.authenticate(token)).not.toBe(null);
  const id = created.ok ? created.value.id : '';
  await world.store.keys.revoke(world.application.id, id, world.clock.now);
  world.clock.now -= STEP_MS;
  expect(await keys.authenticate(token)).toBe(null);
});

it('a block that another instance wrote holds at once where the clock stepped back', async () => {
  const here = createRules(world);
  const destination = { type: 'phone', value: '+14155552671', country: 'US' } as const;
  const about = { destination, limitIndexes: [] };
  expect(await here.against(world.application.id, about)).toBe(null);
  const rule = { list: 'block', type: 'prefix', value: '+1415' } as const;
  expect((await world.service.listRules.add(world.caller(), rule)).ok).toBe(true);
  world.clock.now -= STEP_MS;
  expect(await here.against(world.application.id, about)).toBe('block_list');
});

it('limits that another instance set hold at once where the clock stepped back', async () => {
  expect((await world.service.applications.find(world.application.id))?.limits).toEqual({});
  await world.store.applications.update({ ...world.application, limits: { signal_ip: { max: 1 } } });
  world.clock.now -= STEP_MS;
  expect((await world.service.applications.find(world.application.id))?.limits).toEqual({ signal_ip: { max: 1 } });
});
