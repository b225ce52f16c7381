import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestChannel, TEST_DESTINATIONS } from '../../src/channels/index.ts';
import { createHttpWorld } from '../support/world.ts';

let world: Awaited<ReturnType<typeof createHttpWorld>>;
let auth: Record<string, string>;
const clock = { now: 1_800_000_000_000 };
beforeEach(async () => {
  world = await createHttpWorld({ clock, testChannel: (inbox) => createTestChannel(inbox, { now: () => clock.now }) });
  auth = { authorization: `Bearer ${world.keys.test}` };
});
afterEach(() => world.close());

type Body = Readonly<Record<string, any>>;

async function begin(to: string = '+14155552671', headers = auth): Promise<Body> {
  const { status, body } = await world.call('POST', '/v1/verifications', { to }, headers);
  expect(status).toBe(201);
  return body;
}

const read = async (id: unknown, headers = auth): Promise<Body> =>
  (await world.call('GET', `/v1/verifications/${id}`, undefined, headers)).body;
const advance = (seconds: unknown, extra: Record<string, string> = auth): ReturnType<typeof world.call> =>
  world.call('POST', '/v1/test/clock', { advance_seconds: seconds }, extra);

describe('the clock of test keys', () => {
  it('brings a test verification to its end, with its event, while the service’s time stays', async () => {
    const { id } = await begin();
    expect((await advance(599)).body).toMatchObject({ object: 'test_clock', advanced_seconds: 599, moved: 1 });
    expect(await read(id)).toMatchObject({ status: 'pending' });
    const { body } = await advance(2);
    expect(body).toMatchObject({ advanced_seconds: 601, moved: 1, now: new Date(clock.now).toISOString() });
    expect(await read(id)).toMatchObject({ status: 'expired' });
    await world.service.worker.tick();
    const events = await world.call('GET', `/v1/verifications/${id}/events`, undefined, auth);
    expect(events.body['data'].map(({ type }: Body) => type)).toContain('expired');
    expect((await world.call('GET', '/v1/test/clock', undefined, auth)).body).toMatchObject({
      advanced_seconds: 601,
      moved: 0,
    });
  });

  it('refuses the right code of what it brought to an end', async () => {
    const { id } = await begin();
    await world.service.worker.tick();
    const code = world.inbox.last().code.reveal();
    await advance(601);
    const checked = await world.call('POST', `/v1/verifications/${id}/checks`, { code }, auth);
    expect(checked.body).toMatchObject({ result: 'expired' });
  });

  it('ends a cool-down, and starts none again', async () => {
    const { id } = await begin();
    const again = (): ReturnType<typeof world.call> => world.call('POST', `/v1/verifications/${id}/sends`, {}, auth);
    expect((await again()).body).toMatchObject({ code: 'send_cooldown' });
    await advance(30);
    expect((await again()).status).toBe(202);
  });

  it('leaves live verifications, closed ones and other applications alone', async () => {
    const live = await begin('+14155552671', { authorization: `Bearer ${world.keys.live}` });
    const canceled = await begin('+14155552672');
    await world.call('POST', `/v1/verifications/${canceled['id']}/cancel`, {}, auth);
    const other = (await world.call('POST', '/v1/applications', { name: 'other' })).body;
    const application = await world.service.applications.find(String(other['id']));
    const otherAuth = { authorization: `Bearer ${await world.newKey(application ?? undefined, 'test')}` };
    const theirs = await begin('+14155552673', otherAuth);
    expect((await advance(601)).body).toMatchObject({ moved: 0 });
    expect(await read(live['id'], { authorization: `Bearer ${world.keys.live}` })).toEqual(live);
    expect(await read(theirs['id'], otherAuth)).toEqual(theirs);
    expect(await read(canceled['id'])).toMatchObject({ status: 'canceled' });
    expect((await world.call('GET', '/v1/test/clock', undefined, otherAuth)).body).toMatchObject({
      advanced_seconds: 0,
    });
  });

  it('moves more than a page of them, each once, also when asked twice with one key', async () => {
    const many = await Promise.all(Array.from({ length: 130 }, (_, number) => begin(`ann${number}@example.com`)));
    const extra = { ...auth, 'idempotency-key': 'move-1' };
    expect((await advance(60, extra)).body).toMatchObject({ moved: 130, advanced_seconds: 60 });
    expect((await advance(60, extra)).body).toMatchObject({ moved: 130, advanced_seconds: 60 });
    const ends = await Promise.all(many.map(async ({ id }) => Date.parse((await read(id))['expires_at'])));
    expect(ends).toEqual(many.map(({ expires_at }) => Date.parse(expires_at) - 60_000));
  });

  it('is refused to live keys, and goes only forwards', async () => {
    const live = { authorization: `Bearer ${world.keys.live}` };
    expect(await advance(1, live)).toMatchObject({ status: 403 });
    expect(await world.call('GET', '/v1/test/clock', undefined, live)).toMatchObject({ status: 403 });
    for (const seconds of [0, -1, 0.5, '60', null, 604_801]) expect((await advance(seconds)).status).toBe(400);
    const caller = world.caller('live');
    expect(await world.service.testClock.advance(caller, 1)).toMatchObject({ ok: false });
    expect(await world.service.testClock.read(caller)).toMatchObject({ ok: false });
  });
});

describe('destinations with a fate', () => {
  /** What its sends say after a minute of the worker’s passes. */
  async function fare(
    to: string,
  ): Promise<{ readonly verification: Body; readonly send: Body; readonly events: string[] }> {
    const { id } = await begin(to);
    for (let passed = 0; passed < 60; passed += 2) {
      await world.service.worker.tick();
      clock.now += 2_000;
    }
    const sends = await world.call('GET', `/v1/verifications/${id}/sends`, undefined, auth);
    const events = await world.call('GET', `/v1/verifications/${id}/events`, undefined, auth);
    const types = events.body['data'].map(({ type }: Body) => type);
    return { verification: await read(id), send: sends.body['data'][0], events: types };
  }

  it.each(Object.values(TEST_DESTINATIONS.delivered))('reports %s as delivered', async (to) => {
    const { send, events, verification } = await fare(to);
    expect(send).toMatchObject({ status: 'delivered' });
    expect(events).toContain('delivered');
    expect(verification).toMatchObject({ status: 'pending' });
  });

  it.each(Object.values(TEST_DESTINATIONS.undelivered))('reports %s as undelivered', async (to) => {
    const { send, events } = await fare(to);
    expect(send).toMatchObject({ status: 'undelivered' });
    expect(events).toContain('undelivered');
  });

  it.each(Object.values(TEST_DESTINATIONS.refused))('refuses %s, which ends its verification', async (to) => {
    const { send, verification } = await fare(to);
    expect(send).toMatchObject({ status: 'failed' });
    expect(verification).toMatchObject({ status: 'failed', status_reason: 'all_providers_failed' });
    expect(world.inbox.messages).toEqual([]);
  });

  it.each(Object.values(TEST_DESTINATIONS.slow))(
    'lets the message to %s come late, and gives nobody else’s a rest',
    async (to) => {
      for (let number = 0; number < 6; number++) await begin(to);
      await world.service.worker.tick();
      expect(world.inbox.messages).toEqual([]);
      await begin('ann@example.com');
      await world.service.worker.tick();
      expect(world.inbox.messages).toHaveLength(1);
      const { send } = await fare(to);
      expect(send).toMatchObject({ status: 'accepted' });
      expect(world.inbox.messages.filter((message) => message.to === to)).toHaveLength(7);
    },
  );

  it('means nothing to a live key', async () => {
    const live = { authorization: `Bearer ${world.keys.live}` };
    const { id } = await begin(TEST_DESTINATIONS.refused.email, live);
    await world.service.worker.tick();
    expect(world.sink.messages).toHaveLength(1);
    expect(await read(id, live)).toMatchObject({ status: 'pending' });
  });
});
