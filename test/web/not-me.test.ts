import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secret } from '../../src/core/redacted.ts';
import { createKeyRing } from '../../src/crypto/index.ts';
import { createPages } from '../../src/web/index.ts';
import { createHttpWorld, type WorldOptions } from '../support/world.ts';
import { pagesOptions } from './fake-service.ts';

const ORIGIN = 'https://otp.acme.example';
const MAIL = 'ann@recipient.example';
const FORM = 'application/x-www-form-urlencoded';
const POLICIES = {
  login: { not_me_link: 'email' },
  both: { not_me_link: 'email_and_sms' },
  dropped: { not_me_link: 'email', retention_days: 0 },
} as const;

type World = Awaited<ReturnType<typeof open>>;
let world: World;

async function open(options: WorldOptions = {}) {
  const http = await createHttpWorld({ policies: POLICIES, publicUrl: ORIGIN, ...options });
  const pages = createPages(http.service, pagesOptions({ publicUrl: ORIGIN, mode: 'production' }));
  const page = async (path: string, init: RequestInit = {}) => {
    const response = await pages.request(`${ORIGIN}${path}`, init);
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const post = (path: string, act: string, headers: Record<string, string> = {}) =>
    page(path, {
      method: 'POST',
      body: `act=${act}`,
      headers: { 'content-type': FORM, 'sec-fetch-site': 'same-origin', origin: ORIGIN, ...headers },
    });
  return { ...http, page, post };
}

beforeEach(async () => {
  world = await open();
});
afterEach(() => world.close());

const linkIn = (text: string): string | null => /https:\/\/otp\.acme\.example(\/not-me\/\S+)/.exec(text)?.[1] ?? null;

/** Starts, delivers, and reads the link of the message. */
async function begin(to = MAIL, extra: Record<string, unknown> = {}) {
  const { id, code, message } = await world.startAndRead(to, extra);
  return { id, code, message, path: linkIn(message.text) ?? '' };
}
const stored = async (id: string) => (await world.store.verifications.get(id)).record;
const typesOf = async (id: string) => (await world.store.records.events(id)).map(({ type }) => type);
const suppressed = async () => (await world.call('GET', '/v1/lists/suppressions')).body['data'];

describe('the link of a message', () => {
  it('stands once in text and HTML of an e-mail, in letters that are no code', async () => {
    const { message, code, path } = await begin();
    expect(path).toMatch(/^\/not-me\/[A-Za-z]{62}$/);
    expect(message.text.split(path)).toHaveLength(2);
    expect(message.html).toContain(`<a href="${ORIGIN}${path}"`);
    expect(message.text.split(code)).toHaveLength(2);
    expect(message.html?.split(code)).toHaveLength(2);
  });

  it('is in an SMS only where the policy wants it there, and nowhere without', async () => {
    expect((await begin('+14155552671')).path).toBe('');
    const { message, path } = await begin('+14155552671', { purpose: 'both' });
    expect(message.text).toContain(`Not you? ${ORIGIN}${path}`);
    expect((await begin(MAIL, { purpose: 'other' })).path).toBe('');
    expect((await begin('+14155552672', { purpose: 'both', channel: 'voice' })).path).toBe('');
  });

  it('is not made where nobody knows where the pages are', async () => {
    await world.close();
    world = await open({ publicUrl: null });
    expect((await begin()).path).toBe('');
  });

  it('shows in a preview with a token that is good for nothing', async () => {
    const { body } = await world.call('POST', '/v1/preview', { to: MAIL });
    const path = linkIn(String(body['text'])) ?? '';
    expect(path).toMatch(/^\/not-me\//);
    expect((await world.page(path)).status).toBe(404);
  });
});

describe('opening the link', () => {
  it('changes nothing, however often, and shows one form with what it is about', async () => {
    const { id, path } = await begin();
    const before = await stored(id);
    const events = await typesOf(id);
    for (let i = 0; i < 5; i++) {
      const { status, text, headers } = await world.page(path);
      expect(status).toBe(200);
      expect(text.match(/<form method="post"/g)).toHaveLength(1);
      expect(text.match(/btn-main/g)).toHaveLength(1);
      expect(text).toContain('a•••@recipient.example');
      expect(text).not.toMatch(/<script|ann@recipient/);
      expect(headers.get('x-robots-tag')).toBe('noindex');
      expect(headers.get('cache-control')).toBe('no-store');
      await world.page(path, { method: 'HEAD' });
    }
    expect(await stored(id)).toEqual(before);
    expect(await typesOf(id)).toEqual(events);
  });

  it.each([
    ['de', 'de', 'ltr', 'Code ungültig machen'],
    ['ar', 'ar', 'rtl', 'إلغاء الرمز'],
    ['fi', 'en', 'ltr', 'Cancel the code'],
  ])('in %s is in %s, written %s', async (locale, lang, dir, button) => {
    const { path } = await begin(MAIL, { locale });
    const { text } = await world.page(path);
    expect(text).toContain(`<html lang="${lang}" dir="${dir}">`);
    expect(text).toContain(button);
  });

  it('that was never made, is cut or changed, too old or of an erased record looks the same, and asks no store', async () => {
    const { path, id } = await begin();
    const other = await begin('bob@recipient.example');
    const gone = await world.page(`/not-me/${'a'.repeat(62)}`);
    expect(gone.status).toBe(404);
    const { get } = world.store.verifications;
    let asked = 0;
    world.store.verifications.get = (...given) => {
      asked += 1;
      return get(...given);
    };
    const swapped = path.slice(0, -32) + other.path.slice(-32);
    const flipped = path.slice(0, -1) + (path.endsWith('a') ? 'b' : 'a');
    for (const bad of [swapped, flipped, path.slice(0, -1), `${path}a`, '/not-me/x', `/not-me/${id}`, '/not-me/%00'])
      expect(await world.page(bad).then(({ status, text }) => [status, text])).toEqual([404, gone.text]);
    for (const bad of [swapped, flipped]) expect((await world.post(bad, 'cancel')).text).toBe(gone.text);
    expect(asked).toBe(0);
    world.store.verifications.get = get;
    world.clock.now += 3 * 86_400_000 + 1;
    expect(await world.page(path).then(({ status, text }) => [status, text])).toEqual([404, gone.text]);
    expect((await world.post(path, 'suppress')).text).toBe(gone.text);
    expect(await suppressed()).toEqual([]);
  });
});

describe('the button', () => {
  it('ends the verification, counts it once, and leads back to a page that says so', async () => {
    const { id, code, path } = await begin();
    const answer = await world.post(path, 'cancel');
    expect([answer.status, answer.headers.get('location')]).toEqual([303, path]);
    expect((await world.page(path)).text).toContain('The code is canceled');
    await Promise.all([1, 2, 3].map(() => world.post(path, 'cancel')));
    expect(await stored(id)).toMatchObject({ status: 'canceled', statusReason: 'not_me' });
    expect((await typesOf(id)).filter((type) => type === 'not_me')).toHaveLength(1);
    const events = await world.store.records.events(id);
    expect(events.find(({ type }) => type === 'not_me')).toMatchObject({
      actor: { type: 'hosted' },
      data: { status: 'pending' },
    });
    expect((await world.call('POST', `/v1/verifications/${id}/checks`, { code })).body['result']).toBe('closed');
    expect(await suppressed()).toEqual([]);
    expect((await world.call('POST', '/v1/verifications', { to: MAIL })).status).toBe(201);
  });

  it('raced by itself counts once', async () => {
    const { id, path } = await begin();
    await Promise.all(Array.from({ length: 8 }, () => world.post(path, 'cancel')));
    expect((await typesOf(id)).filter((type) => type === 'not_me' || type === 'canceled')).toHaveLength(2);
  });

  it('beside it also has the address get nothing more', async () => {
    const { path } = await begin();
    await world.post(path, 'suppress');
    expect(await suppressed()).toMatchObject([{ reason: 'stop', by: 'not_me_link', channel: 'email' }]);
    expect((await world.call('POST', '/v1/verifications', { to: MAIL })).body['code']).toBe('destination_suppressed');
    const { text } = await world.page(path);
    expect(text).toContain('No more codes');
    expect(text).not.toContain('<form');
  });

  it('works as well where nothing is kept of a closed record', async () => {
    const { id, path } = await begin(MAIL, { purpose: 'dropped' });
    await world.post(path, 'suppress');
    expect(await stored(id)).toMatchObject({ status: 'canceled', sealedTo: null });
    expect(await suppressed()).toHaveLength(1);
  });

  it('pressed when it is too late takes no approval back, but is kept', async () => {
    const { id, code, path } = await begin();
    await world.call('POST', `/v1/verifications/${id}/checks`, { code });
    expect((await world.page(path)).text).toContain('This code no longer works');
    await world.post(path, 'cancel');
    expect(await stored(id)).toMatchObject({ status: 'approved' });
    expect(await typesOf(id)).toContain('not_me');
  });

  it.each([
    ['of another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['of no page', { origin: 'null' }],
    ['that is no form', { 'content-type': 'application/json' }],
  ])('%s does nothing', async (_name, headers) => {
    const { id, path } = await begin();
    expect((await world.post(path, 'suppress', headers)).status).toBe(403);
    expect(await stored(id)).toMatchObject({ status: 'pending' });
    expect(await suppressed()).toEqual([]);
  });

  it('of a message made before the secret was changed still works', async () => {
    const { id, path } = await begin();
    const [old, young] = [secret('pX7vQ2mL9rT4wK8zB1nD6hJ3sF5gY0cA'), secret('aB3dE6fG9hJ2kL5mN8pQ1rS4tU7vW0xY')];
    const next = await open({
      store: world.store,
      clock: world.clock,
      ring: createKeyRing({ current: young, previous: [old] }),
    });
    expect((await next.post(path, 'cancel')).status).toBe(303);
    expect(await stored(id)).toMatchObject({ status: 'canceled' });
    const stranger = await open({
      store: world.store,
      clock: world.clock,
      ring: createKeyRing({ current: young, previous: [] }),
    });
    expect((await stranger.page(path)).status).toBe(404);
  });
});
