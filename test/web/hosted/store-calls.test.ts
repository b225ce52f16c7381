import { afterEach, expect, it } from 'vitest';
import { countStoreCalls } from '../../support/store-calls.ts';
import { wrongCode } from '../../support/world.ts';
import { createHostedWorld, type HostedWorld } from './browser.ts';

let world: HostedWorld;
afterEach(() => world.close());

it('a flow asks the store what the API asks it, but for the one row by which the browser has its result again', async () => {
  const { mutate, during } = countStoreCalls();
  world = await createHostedWorld({ mutate });
  const { verify } = world.service;
  const api = world.caller();
  await verify.start(api, { to: 'warm@bluegum.example' });
  const begun = await during(() => verify.start(api, { to: 'ann@bluegum.example' }));
  const { answer } = begun;
  if (!answer.ok) throw new Error(answer.problem.detail);
  const { id } = answer.value.verification;
  const code = await world.code();
  const wrong = await during(() => verify.check(api, id, { code: wrongCode(code), receipt: true }));
  const right = await during(() => verify.check(api, id, { code, receipt: true }));

  const browser = world.browser();
  expect((await during(() => browser.ask('/otp/request'))).asked).toEqual([]);
  const form = { channel: 'email', email: 'mara@bluegum.example' };
  const hosted = await during(() => browser.ask('/otp/request', form));
  expect(hosted.asked).toEqual(begun.asked);
  const at = hosted.answer.headers.get('location') ?? '';
  const own = await world.code();
  expect((await during(() => browser.ask(at))).asked).toEqual(['verifications.get']);
  expect((await during(() => browser.ask(at, { code: wrongCode(own) }))).asked).toEqual(wrong.asked);
  const done = await during(() => browser.ask(at, { code: own }));
  expect(done.answer.headers.get('location')).toContain('result=');
  expect(done.asked).toEqual([...right.asked, 'documents.put']);
});
