import { afterEach, describe, expect, it } from 'vitest';
import { SUPPORTED_LOCALES } from '../../../src/core/locale.ts';
import type { PolicyOverrides } from '../../../src/core/policy.ts';
import { CONFIRM_LINES } from '../../../src/core/texts/confirm-link.ts';
import { BASE, createHostedWorld, type HostedWorld, RETURN } from './browser.ts';

const MARA = 'mara@bluegum.example';
let world: HostedWorld;
afterEach(() => world.close());

async function open(policy: PolicyOverrides = {}) {
  world = await createHostedWorld({ publicUrl: BASE, policies: { login: { confirm_link: 'email', ...policy } } });
}

/** Begun by the API; what its e-mail holds. */
async function mailed(extra: Record<string, unknown> = {}) {
  const { id, message, code } = await world.startAndRead(MARA, extra);
  return { id, code, text: message.text, html: message.html ?? '', path: pathIn(message.text) };
}

function pathIn(text: string): string {
  return /https:\/\/verify\.example(\/confirm\/\S+)/.exec(text)?.[1] ?? '';
}

async function facts(id: string) {
  const { record } = await world.store.verifications.get(id);
  const events = await world.store.records.events(id);
  return { status: record?.status, checks: record?.checks, version: record?.version, events: events.length };
}

describe('a link in an e-mail that confirms with a press', () => {
  it('is there only where the policy wants it, in every language, and holds nothing that could be taken for the code', async () => {
    expect(new Set(SUPPORTED_LOCALES.map((locale) => CONFIRM_LINES[locale])).size).toBe(SUPPORTED_LOCALES.length);
    await open();
    const { text, html, path, code } = await mailed();
    expect(path).toMatch(/^\/confirm\/[A-Za-z]{62}$/);
    expect(html).toContain(`<a href="${BASE}${path}"`);
    expect([text.split(code).length, html.split(code).length]).toEqual([2, 2]);
    expect((await world.startAndRead('+61491570156')).message.text).not.toContain('confirm/');
    await world.close();
    await open({ confirm_link: 'never' });
    expect((await mailed()).path).toBe('');
  });

  it('stands below words of the application’s own, too, and in a preview it is good for nothing', async () => {
    await open();
    const put = await world.service.templates.put(world.caller(), { channel: 'email', text: 'Your code:\n\n{code}' });
    expect(put.ok).toBe(true);
    world.clock.now += 1_000;
    const preview = await world.service.verify.preview(world.caller(), { to: MARA });
    const path = pathIn(preview.ok ? preview.value.text : '');
    expect((await world.browser().go(path)).status).toBe(404);
    expect((await mailed()).text).toMatch(/^Your code:\n\n\d{6}\n\nOr confirm here, without typing the code:\nhttps/);
  });

  it.each([[null], ['<p>{code}</p><p>Or press {link} now</p>']] as const)(
    'stands where a template says {link}, as a link, and not below as well (HTML: %s)',
    async (html) => {
      await open();
      const words = {
        channel: 'email',
        text: 'Press {link} or type {code}.',
        ...(html === null ? {} : { html }),
      } as const;
      expect(await world.service.templates.put(world.caller(), words)).toMatchObject({ ok: true });
      world.clock.now += 1_000;
      const sent = await mailed();
      expect(sent.text).toMatch(/^Press https:\/\/verify\.example\/confirm\/[A-Za-z]{62} or type \d{6}\.$/);
      expect(sent.html.split(`<a href="${BASE}${sent.path}"`)).toHaveLength(2);
      expect(sent.html.split('<a ')).toHaveLength(2);
      expect(sent.html.split('{').length).toBe(1);
      await world.service.applications.putPolicy(world.caller(), 'login', { confirm_link: 'never' });
      world.clock.now += 1_000;
      expect((await mailed()).text).not.toMatch(/Press|confirm\//);
    },
  );

  it.each([
    [{ channel: 'sms', text: '{code} {link}' }, '/text', 'not_for_channel'],
    [{ channel: 'email', text: '{code}', subject: 'Press {link}' }, '/subject', 'not_for_channel'],
    [{ channel: 'email', text: '{code} {link} {link}' }, '/text', 'repeated_link'],
    [{ channel: 'email', text: '{code} {link}/more' }, '/text', 'bad_link'],
    [{ channel: 'email', text: '{code} x={link}' }, '/text', 'bad_link'],
    [{ channel: 'email', text: '{code} {link}', html: '<p>{code}</p>' }, '/html', 'missing_link'],
    [{ channel: 'email', text: '{code}', html: '<p>{code} {link}</p>' }, '/text', 'missing_link'],
    [
      {
        channel: 'email',
        text: '{code} {link}',
        html: '<p>{code} <a href="https://shop.example/">see <b> {link} </b></a></p>',
        allow_links: true,
      },
      '/html',
      'bad_link',
    ],
  ] as const)('is refused where it could mislead: %j', async (template, pointer, code) => {
    await open();
    const put = await world.service.templates.put(world.caller(), template);
    expect(put).toMatchObject({ ok: false, problem: { errors: [{ pointer, code }] } });
  });

  it.each([
    ['a scanner that opens it', { 'sec-fetch-mode': 'no-cors' }],
    ['a browser that prefetches it', { 'sec-purpose': 'prefetch;prerender' }],
    ['a preview of a chat', { 'user-agent': 'bot' }],
  ])('is inert to %s, with GET and HEAD, however often', async (_who, headers) => {
    await open();
    const { id, path } = await mailed();
    const before = await facts(id);
    for (const method of ['GET', 'HEAD', 'GET', 'HEAD'])
      expect((await world.pages.request(BASE + path, { method, headers })).status).toBe(200);
    expect(await facts(id)).toEqual(before);
    expect(before.status).toBe('pending');
  });

  it('confirms by a press, once: pressed again it changes nothing, and the code is used up', async () => {
    await open();
    const { id, path, code } = await mailed({ return_url: RETURN });
    const browser = world.browser();
    const shown = await browser.go(path);
    expect(shown.text).toContain('ma•••@bluegum.example');
    expect(shown.text).not.toContain(code);
    const [first, second] = await Promise.all([browser.ask(path, {}), world.browser().ask(path, {})]);
    const locations = [first.headers.get('location') ?? '', second.headers.get('location') ?? ''];
    expect(locations.filter((location) => location.startsWith(RETURN))).toHaveLength(1);
    const result = new URL(locations.find((location) => location.startsWith(RETURN)) ?? '').searchParams.get('result');
    const verdict = await world.service.receipts.verify(world.caller(), result ?? '');
    expect(verdict.ok && verdict.value.valid).toBe(true);
    const after = await facts(id);
    expect([after.status, after.checks]).toEqual(['approved', 1]);
    await browser.ask(path, {});
    expect(await facts(id)).toEqual(after);
    const late = await world.service.verify.check(world.caller(), id, { code });
    expect(late.ok && late.value.result).toBe('closed');
    // A browser that only has the link sees that it is done, and gets no result.
    expect((await world.browser().go(path)).text).not.toContain('result=');
  });

  it('a form of another site presses nothing', async () => {
    await open();
    const { id, path } = await mailed();
    const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    expect((await world.browser().ask(path, {}, foreign)).status).toBe(403);
    expect((await facts(id)).status).toBe('pending');
  });

  it('of what began on a page of ours goes on in that browser alone: who lures somebody else into pressing gets nothing', async () => {
    await open();
    const began = world.browser();
    await began.go('/otp/request?state=s1');
    await began.go('/otp/request?state=s1', { email: MARA });
    await world.service.worker.tick();
    const path = pathIn(world.sink.last().text);
    const lured = world.browser();
    expect((await lured.go(path)).status).toBe(403);
    expect((await lured.go(path, {})).status).toBe(403);
    const done = await began.ask(path, {});
    const back = new URL(done.headers.get('location') ?? '');
    expect([back.origin, back.searchParams.get('state')]).toEqual(['https://shop.example', 's1']);
  });

  it.each([
    ['altered', (path: string) => (path.endsWith('a') ? `${path.slice(0, -1)}b` : `${path.slice(0, -1)}a`)],
    ['cut short', (path: string) => path.slice(0, -1)],
    ['of another use', (path: string) => path.replace('/confirm/', '/not-me/')],
  ])('does nothing when it is %s', async (_how, bent) => {
    await open();
    const { id, path } = await mailed();
    const before = await facts(id);
    for (const body of [undefined, {}]) expect((await world.browser().go(bent(path), body)).status).toBe(404);
    expect(await facts(id)).toEqual(before);
  });

  it('ends with its code: after a new one, after the time, and after too many wrong codes', async () => {
    await open({ resend_code: 'new', ttl_seconds: 60, resend_cooldown_seconds: [0] });
    const { id, path } = await mailed();
    expect((await world.service.verify.resend(world.caller(), id, {})).ok).toBe(true);
    expect((await world.browser().go(path, {})).status).toBe(404);
    expect((await facts(id)).checks).toBe(0);
    await world.service.worker.tick();
    const newer = pathIn(world.sink.last().text);
    expect(newer).not.toBe(path);
    world.clock.now += 60_000;
    await world.browser().go(newer, {});
    expect((await facts(id)).status).not.toBe('approved');
  });

  it('counts as the check it is: nothing confirms what wrong codes have closed', async () => {
    await open({ max_checks: 1 });
    const { id, path, code } = await mailed();
    await world.service.verify.check(world.caller(), id, { code: code === '000000' ? '000001' : '000000' });
    await world.browser().go(path, {});
    expect((await facts(id)).status).toBe('failed');
  });

  it('is in no table and no log', async () => {
    await open();
    const { path } = await mailed();
    await world.browser().go(path, {});
    const token = path.slice('/confirm/'.length);
    expect(JSON.stringify(world.logs)).not.toContain(token);
    for (const document of await world.store.documents.list({ kind: 'hosted_proof', limit: 100 }))
      expect(JSON.stringify(document)).not.toContain(token);
  });
});
