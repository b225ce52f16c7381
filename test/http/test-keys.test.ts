import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpWorld } from '../support/world.ts';

type World = Awaited<ReturnType<typeof createHttpWorld>>;

let world: World;
let client: string;
let agent: string;

async function open(mode: 'development' | 'production'): Promise<void> {
  world = await createHttpWorld({ mode });
  const email = 'noor@acme.example';
  const hired = await world.call('POST', '/v1/agents', { email, name: 'Noor Haddad', role: 'admin' });
  agent = String(hired.body['id']);
  client = String((await world.call('POST', '/v1/clients', { company: 'Bluegum' })).body['id']);
}
afterEach(() => world.close());

const withTestKey = (method: string, path: string, body?: unknown) =>
  world.call(method, path, body, { authorization: `Bearer ${world.keys.test}` });

const READS = (): readonly (readonly [string, string, unknown?])[] => [
  ['GET', '/v1/agents'],
  ['GET', `/v1/agents/${agent}`],
  ['GET', '/v1/agents/agt_nobody'],
  ['GET', '/v1/clients'],
  ['GET', `/v1/clients/${client}`],
  ['GET', '/v1/representatives'],
  ['GET', '/v1/representatives/rep_nobody'],
  ['GET', '/v1/audit'],
  ['GET', '/v1/audit/export'],
  ['POST', '/v1/audit/verify', {}],
  ['GET', '/v1/stats?from=2027-01-01&to=2027-01-02'],
];

describe('a test key with every scope, in production,', () => {
  beforeEach(() => open('production'));

  it('reads nothing of live people, of what is done at the desk, or of live traffic', async () => {
    for (const [method, path, body] of READS()) {
      const { status, text } = await withTestKey(method, path, body);
      expect([path, status, text.includes('test data only')]).toEqual([path, 403, true]);
      expect(text).not.toMatch(/Noor|Bluegum/);
    }
    expect((await world.call('GET', '/v1/agents')).text).toContain('Noor');
  });

  it('is told of test keys only, and revokes no live one', async () => {
    const all = (await world.call('GET', '/v1/api-keys')).body['data'] as { id: string; mode: string }[];
    const live = all.find(({ mode }) => mode === 'live')?.id ?? '';
    const seen = (await withTestKey('GET', '/v1/api-keys')).body['data'] as { mode: string }[];
    expect(seen.map(({ mode }) => mode)).toEqual(['test']);
    const unknown = await withTestKey('DELETE', `/v1/api-keys/${live.slice(0, -1)}0`);
    const refused = await withTestKey('DELETE', `/v1/api-keys/${live}`);
    expect([refused.status, refused.body['code']]).toEqual([unknown.status, unknown.body['code']]);
    expect(refused.status).toBe(404);
    world.clock.now += 1_000;
    expect((await world.call('GET', '/v1/api-keys')).status).toBe(200);
  });

  it('reads what its own calls are decided by', async () => {
    for (const path of ['/v1/policies', '/v1/directory', '/v1/templates', '/v1/webhooks', '/v1/applications'])
      expect([path, (await withTestKey('GET', path)).status]).toEqual([path, 200]);
  });
});

it('in development, where nothing is live, a test key reads all of it', async () => {
  await open('development');
  for (const [method, path, body] of READS().filter(([, path]) => !path.endsWith('nobody')))
    expect([path, (await withTestKey(method, path, body)).status]).toEqual([path, 200]);
});
