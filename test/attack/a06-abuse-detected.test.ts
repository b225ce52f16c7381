import { afterEach, beforeEach, expect, it } from 'vitest';
import type { StoredDocument } from '../../src/ports/documents.ts';
import { createHttpWorld } from '../support/world.ts';

let world: Awaited<ReturnType<typeof createHttpWorld>>;
let written: StoredDocument[];
beforeEach(async () => {
  written = [];
  world = await createHttpWorld({
    limits: { signal_ip: { max: 2 }, application_sends: { max: 4 } },
    mutate: (store) => ({
      ...store,
      documents: {
        ...store.documents,
        put: (document) => {
          written.push(document);
          return store.documents.put(document);
        },
      },
    }),
  });
  await world.service.webhooks.create(world.caller(), { url: 'https://example.com/hook', events: ['abuse.detected'] });
});
afterEach(() => world.close());

let line = 0;
async function start(ip: string, key = world.keys.live): Promise<unknown> {
  const to = `+1415555${2000 + (line = (line + 1) % 1000)}`;
  const body = { to, signals: { ip } };
  return (await world.call('POST', '/v1/verifications', body, { authorization: `Bearer ${key}` })).status;
}

/** What webhooks were told, one after another. */
async function told(): Promise<readonly Record<string, unknown>[]> {
  while ((await world.service.worker.tick()) > 0);
  const bodies = world.posts.map(({ body }) => JSON.parse(body) as { type: string; data: Record<string, unknown> });
  return bodies.filter(({ type }) => type === 'abuse.detected').map(({ data }) => data);
}

it('A6: abuse.detected is told once an hour for each limit, whatever is refused, and names nobody', async () => {
  await Promise.all(Array.from({ length: 50 }, () => start('203.0.113.9')));
  expect(await told()).toEqual([
    { application: world.application.id, limit: 'signal_ip', scope: 'ip', detected_at: expect.any(String) as string },
  ]);
  expect(JSON.stringify(world.posts)).not.toMatch(/203\.0\.113|1415555/);
  const before = written.length;
  for (let index = 0; index < 5; index++) expect(await start('203.0.113.9')).toBe(429);
  expect(written).toHaveLength(before);
  for (const ip of ['203.0.113.10', '203.0.113.11', '203.0.113.12']) for (let i = 0; i < 2; i++) await start(ip);
  expect((await told()).map(({ limit }) => limit)).toEqual(['signal_ip', 'application_sends']);
  world.clock.now += 3_600_000;
  await Promise.all(Array.from({ length: 5 }, () => start('203.0.113.20')));
  expect((await told()).map(({ limit }) => limit)).toEqual(['signal_ip', 'application_sends', 'application_sends']);
});

it('A6: nothing is told of starts that no limit refused, nor of test keys', async () => {
  for (let index = 0; index < 2; index++) await start('203.0.113.9');
  for (let index = 0; index < 5; index++) await start('203.0.113.9', world.keys.test);
  expect(await told()).toEqual([]);
});

it('A6: it is told of resends that a limit refuses, and not of a verification that has no messages left', async () => {
  const resend = async (id: string): Promise<unknown> => {
    world.clock.now += 301_000;
    const { status, body } = await world.call('POST', `/v1/verifications/${id}/sends`);
    return status === 202 ? 'sent' : (body['limit'] as { name: string }).name;
  };
  await world.call('PUT', '/v1/policies/login', { max_sends: 2, ttl_seconds: 3_600 });
  const ids = [];
  for (const to of ['+14155552671', '+14155552672', '+14155552673'])
    ids.push(String((await world.call('POST', '/v1/verifications', { to })).body['id']));
  const [first = '', second = ''] = ids;
  expect(await resend(first)).toBe('sent');
  expect(await resend(first)).toBe('max_sends');
  expect(await told()).toEqual([]);
  expect(await resend(second)).toBe('application_sends');
  expect((await told()).map(({ limit }) => limit)).toEqual(['application_sends']);
});
