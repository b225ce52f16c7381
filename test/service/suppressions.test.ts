import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secret } from '../../src/core/redacted.ts';
import { createKeyRing } from '../../src/crypto/index.ts';
import type { DeliveryReport } from '../../src/ports/channel.ts';
import type { Store } from '../../src/ports/store.ts';
import { createHttpWorld, createWorld, Sink, type World, type WorldOptions } from '../support/world.ts';

const PHONE = '+14155552671';
const MAIL = 'ann@recipient.example';
const PATH = '/v1/lists/suppressions';

type HttpWorld = Awaited<ReturnType<typeof createHttpWorld>>;
const worlds: World[] = [];
let world: HttpWorld;
let provider: Sink;
let ids: number;

async function open(options: WorldOptions = {}): Promise<HttpWorld> {
  const opened = await createHttpWorld({
    providers: { sms: [provider], voice: [provider], email: [provider] },
    ...options,
  });
  worlds.push(opened);
  return opened;
}

beforeEach(async () => {
  ids = 0;
  provider = Object.assign(new Sink('acme:1'), { tellsReports: true as const });
  provider.answer = () => ({ type: 'accepted', messageId: `m${++ids}` });
  world = await open({ policies: { silent: { preset: 'customer-login' }, one: { on_open: 'reuse' } } });
});
afterEach(async () => {
  for (const one of worlds.splice(0).toReversed()) await one.close();
});

/** Starts and delivers a message. */
async function begin(to: string, extra: Record<string, unknown> = {}): Promise<string> {
  const started = await world.call('POST', '/v1/verifications', { to, ...extra });
  expect(started.status).toBe(201);
  await world.service.worker.tick();
  return started.body['id'] as string;
}

/** What the provider says about the newest message. */
const report = (suppress: DeliveryReport['suppress']): Promise<void> =>
  world.service.report('acme:1', {
    messageId: `m${ids}`,
    status: 'delivered',
    at: null,
    error: null,
    segments: null,
    price: null,
    suppress,
  });

const start = (to: string, extra: Record<string, unknown> = {}, key = world.keys.live) =>
  world.call('POST', '/v1/verifications', { to, ...extra }, { authorization: `Bearer ${key}` });

const refusedTotals = async () =>
  (await world.store.records.stats(world.application.id, '2000-01-01', '2100-01-01')).filter(({ kind }) =>
    kind.startsWith('refused:'),
  );

describe('a destination of which a provider reports', () => {
  it('stop gets nothing more over any channel, and the refusal counts as one', async () => {
    await begin(PHONE);
    await report('stop');
    for (const channel of ['sms', 'voice']) {
      const refused = await start(PHONE, { channel });
      expect([refused.status, refused.body['code']]).toEqual([422, 'destination_suppressed']);
    }
    expect(await refusedTotals()).toMatchObject([{ kind: 'refused:destination_suppressed', count: 2 }]);
    expect((await world.call('GET', '/v1/verifications')).body['data']).toHaveLength(1);
    expect((await start('+14155552672')).status).toBe(201);
  });

  it('a complaint gets nothing more under any alias', async () => {
    await begin(MAIL);
    await report('complaint');
    expect((await start('Ann+shop@recipient.example')).body['code']).toBe('destination_suppressed');
  });

  it('a bounce of one alias leaves the mailbox itself open, so that a stranger cannot close it', async () => {
    await begin('ann+nosuch@recipient.example');
    await report('bounce');
    expect((await start('ann+nosuch@recipient.example')).status).toBe(422);
    expect((await start(MAIL)).status).toBe(201);
  });

  it('nothing of the kind stays as it is', async () => {
    await begin(PHONE);
    await report(null);
    expect((await start(PHONE)).status).toBe(201);
    expect((await world.call('GET', PATH)).body['data']).toEqual([]);
  });

  it('the same twice is on the list once, without its address', async () => {
    await begin(PHONE);
    await report('stop');
    await report('stop');
    const { body, text } = await world.call('GET', PATH);
    expect(body['data']).toMatchObject([{ object: 'suppression', reason: 'stop', channel: 'sms', by: 'acme:1' }]);
    const [document] = await world.store.documents.list({ kind: 'suppression', limit: 2 });
    expect(text + JSON.stringify(document)).not.toContain('4155552671');
  });
});

describe('a suppressed destination', () => {
  it('is refused a resend, which takes no send and no limit', async () => {
    const id = await begin(PHONE);
    await report('stop');
    world.clock.now += 60_000;
    const refused = await world.call('POST', `/v1/verifications/${id}/sends`);
    expect([refused.status, refused.body['code']]).toEqual([422, 'destination_suppressed']);
    expect((await world.call('GET', `/v1/verifications/${id}`)).body).toMatchObject({ status: 'pending', sends: 1 });
    expect(await world.store.records.sends(id)).toHaveLength(1);
  });

  it('uses up no limit by starts that are refused', async () => {
    world = await open({ limits: { destination_sends: { max: 1 } } });
    await world.call('POST', PATH, { to: PHONE });
    for (let i = 0; i < 3; i++) expect((await start(PHONE)).status).toBe(422);
    await world.call('DELETE', PATH, { to: PHONE });
    expect((await start(PHONE)).status).toBe(201);
  });

  it('gets no message that was queued before', async () => {
    const started = await start(PHONE);
    await world.call('POST', PATH, { to: PHONE });
    await world.service.worker.tick();
    expect(provider.messages).toEqual([]);
    expect(await world.store.records.sends(started.body['id'])).toMatchObject([
      { status: 'dropped', error: 'destination_suppressed' },
    ]);
  });

  it('is not called by a ladder that goes on by itself', async () => {
    provider.answer = async () => {
      await world.call('POST', PATH, { to: PHONE });
      return { type: 'failure', kind: 'rejected', retry: 'final', detail: 'opted out' };
    };
    await start(PHONE, { channels: ['sms', 'voice'] });
    await world.service.worker.tick();
    await world.service.worker.tick();
    expect(provider.messages.map(({ channel }) => channel)).toEqual(['sms']);
  });

  it('still gets the messages of test keys', async () => {
    await world.call('POST', PATH, { to: PHONE });
    expect((await start(PHONE, {}, world.keys.test)).status).toBe(201);
    await world.service.worker.tick();
    expect(world.inbox.messages).toHaveLength(1);
  });

  it('belongs to its application', async () => {
    const made = await world.call('POST', '/v1/applications', { name: 'shop' });
    const shop = await world.service.applications.find(made.body['id']);
    await world.call('POST', PATH, { to: PHONE });
    expect((await start(PHONE, {}, await world.newKey(shop ?? world.application))).status).toBe(201);
  });

  it('stays suppressed when it is erased', async () => {
    await begin(PHONE);
    await report('stop');
    await world.call('POST', '/v1/erasures', { to: PHONE });
    expect((await start(PHONE)).status).toBe(422);
  });

  it('is known under every key of the ring, and lifted under all', async () => {
    const [old, young] = [secret('pX7vQ2mL9rT4wK8zB1nD6hJ3sF5gY0cA'), secret('aB3dE6fG9hJ2kL5mN8pQ1rS4tU7vW0xY')];
    await world.call('POST', PATH, { to: PHONE });
    await world.call('POST', PATH, { to: MAIL, reason: 'bounce' });
    const ring = createKeyRing({ current: young, previous: [old] });
    world = await open({ path: world.path, clock: world.clock, ring });
    for (const to of [PHONE, MAIL]) {
      expect((await start(to)).status).toBe(422);
      expect((await world.call('DELETE', PATH, { to })).status).toBe(200);
      expect((await start(to)).status).toBe(201);
    }
  });
});

describe('under a silent directory', () => {
  beforeEach(async () => {
    await world.call('POST', '/v1/directory', { to: 'known@recipient.example' });
    await world.call('POST', '/v1/directory', { to: 'stop@recipient.example' });
    await world.call('POST', PATH, { to: 'stop@recipient.example', reason: 'stop' });
  });

  /** What differs between any two answers, and nothing else. */
  const bare = (text: string): string =>
    text.replace(/(vrf|req)_[0-9A-Z]{30}/g, '$1_').replace(/[a-z]{1,2}•••@/g, '•••@');
  const silently = (name: string) => start(`${name}@recipient.example`, { purpose: 'silent' });

  it('a suppressed person gets the answer of a known and of an unknown one, and no message', async () => {
    const answers = [await silently('known'), await silently('stop'), await silently('unknown')];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ text }) => bare(text))).size).toBe(1);
    await world.service.worker.tick();
    expect(provider.messages.map(({ to }) => to)).toEqual(['known@recipient.example']);
    expect(await world.store.records.sends(answers[1]?.body['id'])).toMatchObject([
      { status: 'dropped', error: 'destination_suppressed' },
    ]);
    expect(await refusedTotals()).toEqual([]);
  });

  it('so does a resend, also of one that began before', async () => {
    const answers = [await silently('known'), await silently('stop'), await silently('unknown')];
    await world.service.worker.tick();
    await world.call('POST', PATH, { to: 'known@recipient.example', reason: 'complaint' });
    world.clock.now += 120_000;
    const again = await Promise.all(
      answers.map(({ body }) => world.call('POST', `/v1/verifications/${String(body['id'])}/sends`)),
    );
    expect(again.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(new Set(again.map(({ text }) => bare(text))).size).toBe(1);
    await world.service.worker.tick();
    expect(provider.messages).toHaveLength(1);
  });
});

describe('the list', () => {
  it('takes, shows and gives up a destination', async () => {
    const added = await world.call('POST', PATH, { to: PHONE });
    expect(added.status).toBe(201);
    expect(added.body).toMatchObject({ reason: 'manual', channel: null });
    expect(added.body['by']).toMatch(/^key_/);
    const again = await world.call('POST', PATH, { to: { phone: '(415) 555-2671', country: 'US' }, reason: 'stop' });
    expect(again.body).toEqual(added.body);
    const found = await world.call('GET', `${PATH}?to=${encodeURIComponent(PHONE)}`);
    expect(found.body['data']).toEqual([added.body]);
    expect((await world.call('GET', `${PATH}?to=${encodeURIComponent(MAIL)}`)).body['data']).toEqual([]);
    expect((await world.call('DELETE', PATH, { to: PHONE })).body).toEqual({ deleted: true });
    expect((await world.call('DELETE', PATH, { to: PHONE })).status).toBe(404);
    expect((await start(PHONE)).status).toBe(201);
  });

  it('is read page by page, each entry once, of its own application', async () => {
    for (let i = 0; i < 5; i++) await world.call('POST', PATH, { to: `p${i}@recipient.example` });
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await world.call('GET', `${PATH}?limit=2${cursor}`);
      seen.push(...body['data'].map(({ id }: { id: string }) => id));
      cursor = body['has_more'] ? `&cursor=${String(body['next_cursor'])}` : '';
    } while (cursor !== '');
    expect([seen.length, new Set(seen).size]).toEqual([5, 5]);
    expect((await world.call('GET', `${PATH}?cursor=vrf_1`)).body['code']).toBe('invalid_request');
    expect((await world.call('GET', `${PATH}?to=nobody`)).body['code']).toBe('invalid_destination');
  });

  it('is not changed by test keys in production', async () => {
    world = await open({ mode: 'production' });
    const auth = { authorization: `Bearer ${world.keys.test}` };
    await world.call('POST', PATH, { to: PHONE });
    expect((await world.call('POST', PATH, { to: MAIL }, auth)).status).toBe(403);
    expect((await world.call('DELETE', PATH, { to: PHONE }, auth)).status).toBe(403);
    expect((await world.call('GET', PATH, undefined, auth)).body['data']).toHaveLength(1);
  });

  it('holds on another instance within a second', async () => {
    const other = await createWorld({ path: world.path, clock: world.clock, providers: { sms: [provider] } });
    worlds.push(other);
    expect(await other.service.verify.start(other.caller(), { to: PHONE })).toMatchObject({ ok: true });
    await world.call('POST', PATH, { to: PHONE });
    world.clock.now += 1_000;
    expect(await other.service.verify.start(other.caller(), { to: PHONE })).toMatchObject({
      problem: { code: 'destination_suppressed' },
    });
  });
});

it('an application without suppressions asks the store once a second, however many starts there are', async () => {
  let asked = 0;
  const mutate = (store: Store): Store => ({
    ...store,
    documents: {
      ...store.documents,
      list(query) {
        if (query.kind === 'suppression') asked++;
        return store.documents.list(query);
      },
    },
  });
  world = await open({ mutate });
  for (let i = 0; i < 20; i++) await start(`+1415555${2600 + i}`);
  await world.service.worker.tick();
  expect(asked).toBe(1);
  world.clock.now += 1_000;
  await start('+14155552700');
  expect(asked).toBe(2);
});

it('a store that cannot say whether there are suppressions lets nothing out', async () => {
  const mutate = (store: Store): Store => ({
    ...store,
    documents: {
      ...store.documents,
      list: async (query) =>
        query.kind === 'suppression' ? Promise.reject(new Error('away')) : store.documents.list(query),
    },
  });
  world = await open({ mutate });
  expect((await start(PHONE)).status).toBeGreaterThanOrEqual(500);
});
