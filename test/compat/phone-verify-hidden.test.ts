import { afterEach, describe, expect, it } from 'vitest';
import type { Failure } from '../../src/ports/channel.ts';
import { createFacades, type Facades } from './facades.ts';

/** Two numbers that an outsider holds side by side: what is told of one must be told of the other. */
const PHONE = '+14155552671';
const HALF_HOUR = 1_800_000;
/** Ten digits: nobody hits one by chance. */
const GUESS = '0000000000';
let one: Facades;
afterEach(() => one.close());

/** What an outsider sees of an answer: the token and the id of the request are drawn anew each time. */
type Seen = readonly [status: number, headers: Readonly<Record<string, string>>, body: string];

async function ask(path: string, fields: Readonly<Record<string, string>>): Promise<{ seen: Seen; token: string }> {
  const answer = await one.send('POST', path, fields);
  const given: unknown = answer.body['session_token'];
  const token = typeof given === 'string' ? given : '';
  const headers = Object.fromEntries([...answer.headers].filter(([name]) => name !== 'x-request-id'));
  const body = token === '' ? answer.text : answer.text.replace(token, `a token of ${token.length} characters`);
  return { seen: [answer.status, headers, body], token };
}

/** Everything an outsider can ask for a number, and what was answered: guesses up to and past the last, the end, and again until refused. */
async function conversation(): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  const say = async (path: string, fields: Readonly<Record<string, string>>): Promise<string> => {
    const said = await ask(path, { phone_number: PHONE, ...fields });
    seen.push(said.seen);
    await one.service.worker.tick();
    return said.token;
  };
  for (const guesses of [7, 2, 4, 0, 5, 5, 1, 0, 1, 1, 1]) {
    const token = await say('/api/phone/register', {});
    const guess = () => say('/api/phone/verify', { session_token: token, security_code: GUESS });
    for (let i = 0; i < guesses; i++) await guess();
    one.clock.now += HALF_HOUR;
    await guess();
    one.clock.now += HALF_HOUR + 1;
    await guess();
  }
  return seen;
}

/** How the application comes to a message that never arrives. */
type Undelivered = (world: Facades) => Promise<unknown>;

const fails =
  (failure: Omit<Failure, 'type'>): Undelivered =>
  async ({ sink }) => {
    sink.answer = () => ({ type: 'failure', ...failure });
  };

const wantsNone: Undelivered = async ({ call }) =>
  expect((await call('POST', '/v1/lists/suppressions', { to: PHONE })).status).toBe(201);

async function conversationWith(preset: string, undelivered: Undelivered | null): Promise<readonly Seen[]> {
  one = await createFacades(['phone-verify']);
  const own = preset === 'phone-api' ? {} : { preset, on_open: 'replace' };
  await one.setPolicy('phone_verification', { ...own, code: { length: 10, alphabet: 'digits' } });
  await undelivered?.(one);
  const said = await conversation();
  await one.close();
  return said;
}

describe.each(['phone-api', 'default'])('hide-mode, from the preset %s', (preset) => {
  it.each<[string, Undelivered]>([
    ['was refused by the provider', fails({ kind: 'rejected', retry: 'final', detail: 'no route' })],
    ['no provider ever took', fails({ kind: 'unavailable', retry: 'retry', detail: 'down' })],
    ['its owner wants none of', wantsNone],
  ])('S3.21: nothing tells a number whose message %s from one that got it', async (_what, undelivered) => {
    const delivered = await conversationWith(preset, null);
    expect(one.sink.messages.length).toBeGreaterThan(3);
    expect(await conversationWith(preset, undelivered)).toEqual(delivered);
    const texts = delivered.map(([, , body]) => body).join('\n');
    for (const told of ['not valid', 'Too many failed', 'has expired', 'throttled']) expect(texts).toContain(told);
  });
});

it('S3.21: an application that says so tells of failures again, and its own records tell in any case', async () => {
  one = await createFacades(['phone-verify']);
  await fails({ kind: 'rejected', retry: 'final', detail: 'no route' })(one);
  const statusAfter = async (): Promise<readonly unknown[]> => {
    await one.send('POST', '/api/phone/register', { phone_number: PHONE });
    await one.service.worker.tick();
    const { data } = (await one.call('GET', '/v1/verifications')).body;
    const sends = await one.call('GET', `/v1/verifications/${data[0].id}/sends`);
    return [data[0].status, sends.body['data'][0].status];
  };
  expect(await statusAfter()).toEqual(['pending', 'failed']);
  await one.setPolicy('phone_verification', { delivery_failure: 'tell' });
  expect(await statusAfter()).toEqual(['failed', 'failed']);
});
