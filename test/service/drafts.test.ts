import { afterEach, beforeEach, expect, it } from 'vitest';
import { createDeskWorld, type DeskWorld } from '../support/desk.ts';

let world: DeskWorld;
beforeEach(async () => void (world = await createDeskWorld()));
afterEach(() => world.close());

const draft = (text: string) => ({ path: '/desk/people/import', fields: [['csv', text]] as const });

it('of the forms of an agent whose session ended the newest three are kept', async () => {
  const { drafts } = world.service.staff;
  const theirs = await drafts.keep('agt_2', draft('theirs'));
  const tokens: string[] = [];
  for (let at = 0; at < 6; at++) {
    world.clock.now += 1_000;
    tokens.push(await drafts.keep('agt_1', draft(`form ${at}`)));
  }
  const found = await Promise.all(tokens.map((token) => drafts.read('agt_1', token)));
  expect(found.map((one) => one?.fields[0]?.[1] ?? null)).toEqual([null, null, null, 'form 3', 'form 4', 'form 5']);
  expect((await drafts.read('agt_2', theirs))?.fields).toEqual([['csv', 'theirs']]);
});
