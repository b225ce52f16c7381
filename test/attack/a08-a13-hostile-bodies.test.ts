import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpWorld } from '../support/world.ts';

type HttpWorld = Awaited<ReturnType<typeof createHttpWorld>>;
let world: HttpWorld;
beforeEach(async () => {
  world = await createHttpWorld();
});
afterEach(() => world.close());

async function started(): Promise<{ id: string; code: string }> {
  const answer = await world.call('POST', '/v1/verifications', { to: '+14155552671' });
  await world.service.worker.tick();
  return { id: answer.body['id'], code: world.sink.last().code.reveal() };
}

async function checksUsed(id: string): Promise<number> {
  return (await world.call('GET', `/v1/verifications/${id}`)).body['checks'];
}

describe('A8, A48: a start whose body is not what the route declares', () => {
  it.each([
    ['an unknown field', '{"to":"+14155552671","email":"x@y.example"}'],
    ['a second "to"', '{"to":"+14155552671","to":"+14155552672"}'],
    ['a list of destinations', '{"to":["+14155552671"]}'],
    ['a status of its own', '{"to":"+14155552671","status":"approved"}'],
    ['__proto__', '{"to":"+14155552671","__proto__":{"polluted":1}}'],
    ['constructor.prototype', '{"to":"+14155552671","constructor":{"prototype":{"polluted":1}}}'],
    ['__proto__ in metadata', '{"to":"+14155552671","metadata":{"__proto__":"x"}}'],
    ['a duplicate in metadata', '{"to":"+14155552671","metadata":{"a":"1","a":"2"}}'],
    ['depth', `{"to":${'['.repeat(50)}${']'.repeat(50)}}`],
    ['an array', '[]'],
    ['a number', '7'],
    ['nothing', ''],
    ['half a document', '{"to":"+1415'],
  ])('with %s gets 400 invalid_request and stores nothing', async (_name, body) => {
    const answer = await world.call('POST', '/v1/verifications', body);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body['code']).toBe('invalid_request');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect((await world.call('GET', '/v1/verifications')).body['data']).toEqual([]);
  });
});

describe('A12, A13: a check whose code is no code', () => {
  it.each([
    '""',
    '"1"',
    'null',
    '0',
    '[]',
    '{"$ne":""}',
    '["1","2"]',
    '123456',
    'true',
    '"１２３４５６"',
    '"١٢٣٤٥٦"',
    '"+123456"',
    '"1.23456e5"',
    '"12345\\u0000"',
    '"42"',
  ])('%s gets a 400 and costs nothing', async (code) => {
    const { id } = await started();
    const answer = await world.call('POST', `/v1/verifications/${id}/checks`, `{"code":${code}}`);
    expect(answer.status).toBe(400);
    expect(['invalid_request', 'invalid_code_format']).toContain(answer.body['code']);
    expect(await checksUsed(id)).toBe(0);
  });

  it('takes folded spellings of the right code, and counts folded spellings of wrong ones', async () => {
    const { id, code } = await started();
    const wrong = code === '999999' ? '000000' : '999999';
    const counted = await world.call('POST', `/v1/verifications/${id}/checks`, {
      code: ` ${wrong.slice(0, 3)}-${wrong.slice(3)}\t`,
    });
    expect(counted.body).toMatchObject({ result: 'incorrect' });
    const right = await world.call('POST', `/v1/verifications/${id}/checks`, {
      code: `${code.slice(0, 3)} ${code.slice(3)}`,
    });
    expect(right.body).toMatchObject({ result: 'approved' });
    expect(await checksUsed(id)).toBe(2);
  });
});

describe('A14: a code with leading zeros', () => {
  it('stays whole from the message to the check', async () => {
    await world.call('PATCH', `/v1/applications/${world.application.id}`, { test_code: '000042' });
    world.clock.now += 1000;
    const auth = { authorization: `Bearer ${world.keys.test}` };
    const answer = await world.call('POST', '/v1/verifications', { to: '+14155552671' }, auth);
    await world.service.worker.tick();
    const inbox = await world.call('GET', '/v1/test/inbox', undefined, auth);
    expect(inbox.body['data'][0].text).toContain('000042');
    const path = `/v1/verifications/${answer.body['id']}/checks`;
    expect((await world.call('POST', path, { code: '42' }, auth)).status).toBe(400);
    expect((await world.call('POST', path, { code: '000042' }, auth)).body['result']).toBe('approved');
  });
});
