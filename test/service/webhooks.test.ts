import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPosts, createSubscriptions, type WebhookDeps } from '../../src/service/webhooks/index.ts';
import { createHttpWorld, wrongCode, type World } from '../support/world.ts';

const URL_OF = 'https://shop.example/hook';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let world: Awaited<ReturnType<typeof createHttpWorld>>;
beforeEach(async () => {
  world = await createHttpWorld();
});
afterEach(() => world.close());

async function create(body: Record<string, unknown> = {}) {
  const made = await world.call('POST', '/v1/webhooks', { url: URL_OF, ...body });
  expect(made.status).toBe(201);
  // Past the second for which webhooks are remembered.
  world.clock.now += 1_000;
  return made.body as { id: string; secret: string };
}

/** Everything due until `ms` from now, minute by minute. */
async function pass(ms: number): Promise<void> {
  for (const end = world.clock.now + ms; world.clock.now < end; world.clock.now += 60_000)
    await world.service.worker.tick();
}

/** What posts are made with; sleeping lets the time pass. */
function webhookDepsOf({ store, ring, webhookClient, clock, ...world }: World): WebhookDeps {
  const env = { ...world.env, sleep: async (ms: number) => void (clock.now += ms) };
  const subscriptions = createSubscriptions({ store, ring, env, wake: () => undefined });
  const settings = { mode: 'development' as const, publicUrl: null, limits: {}, managed: [] };
  return { store, ring, env, webhookClient, subscriptions, settings };
}

const types = (posts: World['posts'] = world.posts) => posts.map(({ body }) => JSON.parse(body).type as string);

describe('a webhook', () => {
  it('is told of a verification’s life, signed so that the official library believes it', async () => {
    const { secret } = await create();
    const { id, code } = await world.startAndRead();
    await world.service.verify.check(world.caller(), id, { code: wrongCode(code) });
    await world.service.verify.check(world.caller(), id, { code });
    await world.service.worker.tick();
    expect(types().sort()).toEqual(['check.failed', 'verification.approved', 'verification.started']);
    // The library compares with its own clock.
    const library = new Webhook(secret);
    const now = Date.now;
    Date.now = () => world.clock.now;
    try {
      for (const { headers, body } of world.posts)
        expect(library.verify(body, { ...headers })).toMatchObject({ data: { id } });
      const [{ headers, body } = { headers: {}, body: '' }] = world.posts;
      expect(() => library.verify(body.replace('login', 'other'), { ...headers })).toThrow();
      Date.now = () => world.clock.now + 360_000;
      expect(() => library.verify(body, { ...headers })).toThrow();
    } finally {
      Date.now = now;
    }
  });

  it('never carries a code, an address or the digest', async () => {
    await create();
    const { id, code } = await world.startAndRead('+14155552671');
    await world.service.verify.check(world.caller(), id, { code });
    await world.service.worker.tick();
    expect(world.posts.length).toBeGreaterThan(0);
    for (const { body } of world.posts) {
      expect(body).not.toContain(code);
      expect(body).not.toContain('4155552671');
      expect(JSON.parse(body).data).not.toHaveProperty('digest');
    }
  });

  it('gets only what it asked for, of its own mode and application', async () => {
    await create({ events: ['verification.approved'] });
    const { id, code } = await world.startAndRead();
    await world.startAndRead('+14155552672', {}, world.caller('test'));
    await world.service.verify.check(world.caller(), id, { code });
    await world.service.worker.tick();
    expect(types()).toEqual(['verification.approved']);
  });

  it('is told of a message that nobody would carry', async () => {
    await create({ events: ['send.failed', 'verification.failed'] });
    world.sink.answer = () => ({ type: 'failure', kind: 'rejected', retry: 'final', detail: 'no' });
    const { id } = await world.startAndRead();
    await world.service.worker.tick();
    expect(types().sort()).toEqual(['send.failed', 'verification.failed']);
    const send = world.posts.find(({ body }) => body.includes('send.failed'));
    expect(JSON.parse(send?.body ?? '{}').data).toMatchObject({ object: 'send', status: 'failed', verification: id });
  });

  it('keeps a payload under 20 kB whatever the caller attached', async () => {
    await create({ events: ['verification.started'] });
    const metadata = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`key${i}`, '€'.repeat(500)]));
    await world.startAndRead('+14155552671', { metadata });
    await world.service.worker.tick();
    expect(Buffer.byteLength(world.posts[0]?.body ?? '')).toBeLessThan(20_000);
    expect(JSON.parse(world.posts[0]?.body ?? '{}').data.metadata).toEqual({});
  });
});

describe('a receiver', () => {
  it('F13: that is down for three days is tried ten times with the same id, and then left alone', async () => {
    const { id } = await create({ events: ['verification.started'] });
    world.webhookClient.answer = { type: 'answered', status: 503 };
    await world.startAndRead();
    await pass(100 * HOUR_MS);
    expect(world.posts).toHaveLength(10);
    expect(new Set(world.posts.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(world.posts.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(10);
    const log = await world.call('GET', `/v1/webhooks/${id}/deliveries`);
    expect(log.body['data']).toMatchObject([{ status: 'failed', next_attempt_at: null }]);
    expect(log.body['data'][0].attempts).toHaveLength(10);
  });

  it('F13: that comes back gets it, and again when asked for', async () => {
    const { id } = await create({ events: ['verification.started'] });
    world.webhookClient.answer = { type: 'failed', reason: 'no connection (ECONNREFUSED)' };
    await world.startAndRead();
    await pass(60_000);
    world.webhookClient.answer = { type: 'answered', status: 200 };
    await pass(10 * 60_000);
    const tries = world.posts.length;
    const log = await world.call('GET', `/v1/webhooks/${id}/deliveries`);
    expect(log.body['data']).toMatchObject([{ status: 'delivered' }]);
    const again = await world.call('POST', `/v1/webhook-deliveries/${log.body['data'][0].id}/redeliver`);
    expect(again.status).toBe(202);
    await world.service.worker.tick();
    expect(world.posts).toHaveLength(tries + 1);
    expect(world.posts.at(-1)?.headers['webhook-id']).toBe(world.posts[0]?.headers['webhook-id']);
  });

  it('that says 410 is switched off, and on again by its owner', async () => {
    const { id } = await create({ events: ['verification.started'] });
    world.webhookClient.answer = { type: 'answered', status: 410 };
    await world.startAndRead('+14155552671');
    await world.service.worker.tick();
    world.clock.now += 1_000;
    await world.startAndRead('+14155552672');
    await world.service.worker.tick();
    expect(world.posts).toHaveLength(1);
    const seen = await world.call('GET', `/v1/webhooks/${id}`);
    expect(seen.body).toMatchObject({ status: 'disabled', disabled_reason: 'It answered 410 Gone.' });
    expect((await world.call('PATCH', `/v1/webhooks/${id}`, { enabled: true })).body).toMatchObject({
      status: 'enabled',
      disabled_reason: null,
    });
  });

  it('that redirects, or lives where nobody may call, is tried again and never followed', async () => {
    const { id } = await create({ events: ['verification.started'] });
    world.webhookClient.answer = { type: 'answered', status: 302 };
    await world.startAndRead();
    world.webhookClient.answer = { type: 'blocked', reason: 'its address is not on the public internet' };
    await pass(120_000);
    const log = await world.call('GET', `/v1/webhooks/${id}/deliveries`);
    expect(log.body['data'][0]).toMatchObject({ status: 'pending' });
    expect(log.body['data'][0].attempts.map(({ error }: { error: string }) => error)).toEqual([
      'redirects are not followed',
      'its address is not on the public internet',
    ]);
  });

  it('that never answers holds up nobody else', async () => {
    let asked = 0;
    const start = async (count: number): Promise<void> => {
      world.clock.now += 1_000;
      for (let i = 0; i < count; i++)
        await world.call('POST', '/v1/verifications', { to: `+1415555${2_000 + asked++}` });
    };
    await create({ url: 'https://deaf.example/hook', events: ['verification.started'] });
    await start(20);
    // Told of half as many, fewer than one webhook may have under way: its time cannot run out with the other's.
    await create({ url: URL_OF, events: ['verification.started'] });
    const answers: (() => void)[] = [];
    const { post } = world.webhookClient;
    world.webhookClient.post = async (url, headers, body) => {
      if (url.includes('deaf')) await new Promise<void>((resolve) => answers.push(resolve));
      return post(url, headers, body);
    };
    const postsTo = (part: string): number => world.posts.filter(({ url }) => url.includes(part)).length;
    const posts = createPosts(webhookDepsOf(world));
    await start(20);
    await posts.begin();
    await expect.poll(() => postsTo(URL_OF)).toBe(20);
    expect(answers).toHaveLength(32);
    // What was put off comes once the others have ended.
    world.webhookClient.post = post;
    for (const answer of answers) answer();
    await posts.idle();
    world.clock.now += 20_000;
    await posts.begin();
    await posts.idle();
    expect(postsTo('deaf')).toBe(40);
  });

  it('that dies between two workers gets it from the other one, once', async () => {
    await create({ events: ['verification.started'] });
    await world.startAndRead();
    world.posts.length = 0;
    await Promise.all([world.service.worker.tick(), world.service.worker.tick(), world.service.worker.tick()]);
    expect(world.posts.length).toBeLessThanOrEqual(1);
  });
});

describe('the secret', () => {
  it('is shown twice in a webhook’s life only: when it is made and when it is rotated', async () => {
    const { id, secret } = await create();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    for (const path of [`/v1/webhooks/${id}`, '/v1/webhooks']) {
      expect((await world.call('GET', path)).text).not.toContain('whsec_');
    }
    const rotated = await world.call('POST', `/v1/webhooks/${id}/secret`);
    expect(rotated.body['secret']).toMatch(/^whsec_/);
    expect(rotated.body['secret']).not.toBe(secret);
  });

  it('signs for a day beside the new one', async () => {
    const { id } = await create({ events: ['verification.started'] });
    await world.call('POST', `/v1/webhooks/${id}/secret`);
    world.clock.now += 1_000;
    await world.startAndRead('+14155552671');
    await world.service.worker.tick();
    expect(world.posts[0]?.headers['webhook-signature']?.split(' ')).toHaveLength(2);
    world.clock.now += DAY_MS;
    await world.startAndRead('+14155552672');
    await world.service.worker.tick();
    expect(world.posts.at(-1)?.headers['webhook-signature']?.split(' ')).toHaveLength(1);
  });
});

describe('somebody else', () => {
  it('sees nothing of a webhook: neither another application nor a key of the other mode', async () => {
    const { id } = await create();
    const as = { authorization: `Bearer ${world.keys.test}` };
    for (const [method, path] of [
      ['GET', `/v1/webhooks/${id}`],
      ['PATCH', `/v1/webhooks/${id}`],
      ['DELETE', `/v1/webhooks/${id}`],
      ['POST', `/v1/webhooks/${id}/secret`],
      ['POST', `/v1/webhooks/${id}/test`],
      ['GET', `/v1/webhooks/${id}/deliveries`],
    ] as const) {
      const body = method === 'PATCH' ? { enabled: false } : undefined;
      expect((await world.call(method, path, body, as)).status).toBe(404);
    }
    expect((await world.call('GET', '/v1/webhooks', undefined, as)).body['data']).toEqual([]);
  });
});

it.each([
  'http://shop.example/hook',
  'ftp://shop.example/',
  'https://user:pass@shop.example/',
  'https://shop.example/#x',
  '//shop.example',
  'shop.example',
  '',
  `https://shop.example/${'x'.repeat(2_100)}`,
])('an address like %s is refused by name', async (url) => {
  const refused = await world.call('POST', '/v1/webhooks', { url });
  expect(refused.status).toBe(400);
  expect(refused.body['errors']).toMatchObject([{ pointer: '/url' }]);
});

it('a test event can be sent at any time', async () => {
  const { id } = await create();
  expect((await world.call('POST', `/v1/webhooks/${id}/test`)).status).toBe(202);
  await world.service.worker.tick();
  expect(types()).toEqual(['webhook.test']);
});
