import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROUTES } from '../../src/http/index.ts';
import { createHttpWorld } from '../support/world.ts';

type HttpWorld = Awaited<ReturnType<typeof createHttpWorld>>;
let world: HttpWorld;
let other: { key: string; id: string };
beforeEach(async () => {
  world = await createHttpWorld();
  const made = await world.call('POST', '/v1/applications', { name: 'other' });
  const application = await world.service.applications.find('other');
  if (!application) throw new Error('no other application');
  other = { key: await world.newKey(application), id: made.body['id'] };
});
afterEach(() => world.close());

async function start(extra: object = {}) {
  const answer = await world.call('POST', '/v1/verifications', { to: '+14155552671', ...extra });
  await world.service.worker.tick();
  return { id: answer.body['id'] as string, code: world.sink.last().code.reveal() };
}

const as = (key: string) => ({ authorization: `Bearer ${key}` });
const check = (id: string, body: object, key = world.keys.live) =>
  world.call('POST', `/v1/verifications/${id}/checks`, body, as(key));

describe('A17: a code made for something else', () => {
  it('of another verification of the same destination is wrong', async () => {
    const a = await start();
    const b = await start();
    expect(a.code).not.toBe(b.code);
    expect((await check(b.id, { code: a.code })).body['result']).toBe('incorrect');
  });

  it.each([
    ['missing', {}],
    ['changed', { context: { amount: '20.00', payee: 'Bob' } }],
    ['extra', { context: { amount: '10.00', payee: 'Bob', note: 'x' } }],
  ])('with a %s context is context_mismatch, costs a check, and approves nothing', async (_name, body) => {
    const { id, code } = await start({ purpose: 'payment', context: { payee: 'Bob', amount: '10.00' } });
    const answer = await check(id, { code, ...body });
    expect(answer.body).toMatchObject({ result: 'context_mismatch', verification: { status: 'pending', checks: 1 } });
  });

  it('with the same context in another order is right', async () => {
    const { id, code } = await start({ purpose: 'payment', context: { payee: 'Bob', amount: '10.00' } });
    expect((await check(id, { code, context: { amount: '10.00', payee: 'Bob' } })).body['result']).toBe('approved');
  });

  it('would show a digest that forgets the context', async () => {
    const { id, code } = await start({ context: { amount: '1' } });
    const record = await world.store.verifications.get(id);
    if (!record.record) throw new Error('no record');
    const { application, generation, toIndex, purpose } = record.record;
    const binding = {
      application,
      verification: id,
      generation,
      to: toIndex ?? '',
      purpose,
      context: record.record.context,
    };
    const guess = world.sink.last().code;
    expect(guess.reveal()).toBe(code);
    expect(world.ring.matchesCode(guess, binding, record.record.digest)).toBe(true);
    for (const change of [
      { context: null },
      { context: { amount: '2' } },
      { purpose: 'x' },
      { generation: 2 },
      { to: 'y' },
      { application: 'z' },
    ]) {
      expect(world.ring.matchesCode(guess, { ...binding, ...change }, record.record.digest)).toBe(false);
    }
  });
});

/** The answer but for the request id. */
function bare(text: string): string {
  return text.replace(/req_[0-9A-Z]+/g, 'req_');
}

describe('A35, G12: another tenant’s id', () => {
  it('answers on every route with an id exactly as an unknown one does', async () => {
    const { id } = await start();
    const unknown = `vrf_${'7'.repeat(30)}`;
    const routes = ROUTES.filter((route) => route.path.startsWith('/v1/verifications/{id}'));
    expect(routes.length).toBeGreaterThanOrEqual(6);
    for (const route of routes) {
      const body = route.method === 'GET' ? undefined : route.path.endsWith('/checks') ? { code: '123456' } : {};
      const theirs = await world.call(route.method, route.path.replace('{id}', id), body, as(other.key));
      const nobodys = await world.call(route.method, route.path.replace('{id}', unknown), body, as(other.key));
      expect(theirs.status).toBe(404);
      expect(bare(theirs.text)).toBe(bare(nobodys.text));
      const headers = (answer: typeof theirs) => [...answer.headers].filter(([name]) => name !== 'x-request-id');
      expect(headers(theirs)).toEqual(headers(nobodys));
    }
  });

  it('stays hidden from the test key of its own application', async () => {
    const { id } = await start();
    expect((await world.call('GET', `/v1/verifications/${id}`, undefined, as(world.keys.test))).status).toBe(404);
  });

  it('never shows through lists, exports, policies, people, keys or the inbox, whatever the filter', async () => {
    const marker = 'tenant-a-marker';
    await start({ reference: marker, metadata: { marker } });
    await world.call('POST', '/v1/directory', { to: '+14155552671', name: marker });
    await world.call('PUT', '/v1/policies/login', { ttl_seconds: 77 });
    await world.newKey(world.application, 'live');
    world.clock.now += 1000;
    const paths = [
      '/v1/verifications',
      '/v1/directory',
      '/v1/api-keys',
      '/v1/policies/login',
      `/v1/applications/${world.application.id}`,
      '/v1/test/inbox',
    ];
    const filter = fc.constantFrom(
      '',
      '?to=%2B14155552671',
      `?reference=${marker}`,
      '?limit=100',
      '?status=pending',
      `?actor=api_key`,
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), filter, fc.boolean(), async (path, query, csv) => {
        const answer = await world.call('GET', path + query, undefined, {
          ...as(other.key),
          ...(csv ? { accept: 'text/csv' } : {}),
        });
        expect(answer.text).not.toContain(marker);
        expect(answer.text).not.toContain('"ttl_seconds":77');
        expect(answer.text).not.toContain(world.application.id);
        expect(answer.status).toBeLessThan(500);
      }),
      { numRuns: 100 },
    );
  });
});
