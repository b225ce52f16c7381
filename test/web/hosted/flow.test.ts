import { afterEach, describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../../src/core/texts/languages.ts';
import { pageTexts } from '../../../src/web/hosted/texts/languages.ts';
import { wrongCode } from '../../support/world.ts';
import { BASE, createHostedWorld, type HostedWorld, OTHER_RETURN, RETURN } from './browser.ts';

let world: HostedWorld;
afterEach(() => world.close());

const EMAIL = { channel: 'email', email: 'mara@bluegum.example' };

async function started(browser: ReturnType<HostedWorld['browser']>, query = '', body: Record<string, string> = EMAIL) {
  await browser.go(`/otp/request${query}`);
  return browser.go(`/otp/request${query}`, body);
}

describe('a person who is asked by the application', () => {
  it('gets a code by e-mail, enters it, and goes back with a receipt that works once', async () => {
    world = await createHostedWorld();
    const browser = world.browser();
    const page = await started(browser, '?state=s%201');
    expect(page.at).toMatch(/^\/otp\/verify\?v=vrf_/);
    expect(page.text).toContain('ma•••@bluegum.example');
    const end = await browser.ask(page.at, { code: await world.code() });
    expect(end.status).toBe(303);
    const target = new URL(end.headers.get('location') ?? '');
    expect(target.origin + target.pathname).toBe('https://shop.example/back');
    expect(target.searchParams.get('from')).toBe('verify');
    expect(target.searchParams.get('state')).toBe('s 1');
    const receipt = target.searchParams.get('result') ?? '';
    const first = await world.service.receipts.verify(world.caller(), receipt);
    const second = await world.service.receipts.verify(world.caller(), receipt);
    expect(first).toMatchObject({ ok: true, value: { valid: true, claims: { purpose: 'login' } } });
    expect(second).toMatchObject({ ok: true, value: { valid: false, reason: 'already_used' } });
  });

  it('gets it by text message, with the number as people write it and digits of any script', async () => {
    world = await createHostedWorld();
    const browser = world.browser();
    const page = await started(browser, '', { channel: 'sms', country: 'AU', phone: '٠٤٩١ ٥٧٠ ١٥٦' });
    expect(page.text).toContain('+61 491 ••• ••56');
    const code = await world.code();
    expect(world.sink.last().to).toBe('+61491570156');
    const persian = [...code].map((digit) => String.fromCodePoint(0x6f0 + Number(digit))).join('');
    const typed = `\u200f ${persian.slice(0, 3)}\u00a0${persian.slice(3)} `;
    const end = await browser.ask(page.at, { code: typed });
    expect(end.headers.get('location')).toMatch(/^https:\/\/shop\.example\/back\?from=verify&result=/);
  });

  it.each(['/otp/request/', '/otp/request?app=default', '/otp/request/?app=default'])(
    '%s is the same page',
    async (path) => {
      world = await createHostedWorld();
      const page = await world.browser().go(path);
      expect([page.status, page.text.includes('Send the code')]).toEqual([200, true]);
    },
  );

  it('is told when the code is wrong, and how many tries are left; a reload counts nothing', async () => {
    world = await createHostedWorld();
    const browser = world.browser();
    const page = await started(browser);
    const wrong = wrongCode(await world.code());
    const after = await browser.go(page.at, { code: wrong });
    expect(after.text).toContain('That code is not right. Tries left: 4');
    expect((await browser.go(after.at)).text).toContain('Tries left: 4');
    for (let i = 0; i < 4; i++) await browser.go(page.at, { code: wrong });
    const last = await browser.go(page.at);
    expect(last.text).toContain('Too many wrong codes');
  });

  it('is told what a code looks like, and nothing is counted', async () => {
    world = await createHostedWorld();
    const browser = world.browser();
    const page = await started(browser);
    for (const code of ['', '12', 'abcdef', '1234567', '123456'.repeat(60)])
      expect((await browser.go(page.at, { code })).text).toContain('Enter the code as it stands');
    const { id } = browserFlow(page.at);
    expect((await world.store.verifications.get(id)).record?.checks).toBe(0);
  });

  it('sees that the code has expired, and gets a new one to the same address', async () => {
    world = await createHostedWorld();
    const browser = world.browser();
    const page = await started(browser);
    await world.code();
    world.clock.now += 601_000;
    const late = await browser.go(page.at);
    expect(late.text).toContain('The code has expired');
    const fresh = await browser.go(page.at.replace('verify', 'resend'), {});
    expect(fresh.at).not.toBe(page.at);
    const end = await browser.ask(fresh.at, { code: await world.code() });
    expect(end.headers.get('location')).toContain(RETURN);
  });

  it('asks for another message: too early, then sent, the same code under the default policy', async () => {
    world = await createHostedWorld();
    const browser = world.browser();
    const page = await started(browser);
    const first = await world.code();
    const resend = page.at.replace('verify', 'resend');
    expect((await browser.go(resend, {})).text).toContain('Try again after');
    world.clock.now += 31_000;
    expect((await browser.go(resend, {})).text).toContain('Sent again.');
    expect(await world.code()).toBe(first);
    expect(world.sink.messages).toHaveLength(2);
  });

  it('has the code sent by another channel, where the policy has one and a provider carries it', async () => {
    world = await createHostedWorld({ policies: { login: { channels: ['sms', 'voice', 'email'] } } });
    const browser = world.browser();
    const page = await started(browser, '', { channel: 'sms', country: 'AU', phone: '0491570156' });
    const first = await world.code();
    expect([...page.text.matchAll(/name="channel" value="(\w+)"/g)].map(([, name]) => name)).toEqual(['voice']);
    world.clock.now += 31_000;
    const resend = page.at.replace('verify', 'resend');
    expect((await browser.go(resend, { channel: 'email' })).text).not.toContain('Sent again.');
    await world.service.worker.tick();
    expect(world.sink.messages).toHaveLength(1);
    expect((await browser.go(resend, { channel: 'voice' })).text).toContain('Sent again.');
    expect(await world.code()).toBe(first);
    expect(world.sink.messages.map(({ channel, to }) => [channel, to])).toEqual([
      ['sms', '+61491570156'],
      ['voice', '+61491570156'],
    ]);
    expect((await browser.ask(page.at, { code: first })).headers.get('location')).toContain(RETURN);
  });

  it('is told when no more messages can be sent, and is offered none', async () => {
    world = await createHostedWorld({ policies: { login: { max_sends: 2, resend_cooldown_seconds: [0] } } });
    const browser = world.browser();
    const page = await started(browser);
    const resend = page.at.replace('verify', 'resend');
    expect((await browser.go(resend, {})).text).not.toContain('Send again</button>');
    expect((await browser.go(resend, {})).text).toContain('No more messages');
    await world.service.worker.tick();
    expect(world.sink.messages).toHaveLength(2);
  });

  it.each(['en', 'ar', 'de'] as const)(
    'agrees to a message before it is sent, and is told to share its code with nobody (%s)',
    async (lang) => {
      world = await createHostedWorld();
      const browser = world.browser();
      const request = await browser.go(`/otp/request?lang=${lang}`);
      expect(request.text).toContain(html(pageTexts(lang).consent));
      expect(request.text.indexOf(html(pageTexts(lang).consent))).toBeLessThan(request.text.indexOf('btn-main'));
      const page = await started(browser, `?lang=${lang}`);
      expect(page.text).toContain(html(LANGUAGES[lang].warning.replace('{brand}', 'Harbour')));
    },
  );

  it('keeps what was typed when it is no address, and changes contact with where to go kept', async () => {
    world = await createHostedWorld({ application: { return_urls: [RETURN, OTHER_RETURN] } });
    const browser = world.browser();
    const query = `?return_url=${encodeURIComponent(OTHER_RETURN)}&state=abc`;
    const bad = await started(browser, query, { channel: 'email', email: 'mara@' });
    expect([bad.status, bad.text.includes('value="mara@"')]).toEqual([422, true]);
    expect(bad.text).toContain('<title>Error: Confirm it is you – Harbour</title>');
    const page = await started(browser, query);
    expect(page.text).toContain(`/otp/request?return_url=${encodeURIComponent(OTHER_RETURN)}&amp;state=abc`);
  });

  it('stays here when the application has nowhere to return to, is signed in, and signs out', async () => {
    world = await createHostedWorld({ application: { return_urls: [] } });
    const browser = world.browser();
    const page = await started(browser);
    const done = await browser.go(page.at, { code: await world.code() });
    expect(done.text).toContain('You are confirmed');
    const session = await (await browser.ask('/otp/session')).json();
    expect(session).toMatchObject({ active: true, purpose: 'login', to: { masked: 'ma•••@bluegum.example' } });
    const copied = browser.jar.get('__Host-ww_session') ?? '';
    expect((await browser.go('/otp/logout')).text).toContain('Sign out');
    expect((await browser.go('/otp/logout', {})).text).toContain('You are signed out');
    browser.jar.set('__Host-ww_session', copied);
    expect(await (await browser.ask('/otp/session')).json()).toEqual({ object: 'session', active: false });
  });

  it('knows a sign-in that an older instance wrote, and signs it out', async () => {
    world = await createHostedWorld({ application: { return_urls: [] } });
    const browser = world.browser();
    await browser.go((await started(browser)).at, { code: await world.code() });
    const [kept] = await world.store.documents.list({ kind: 'hosted_session', limit: 1 });
    if (kept === undefined) throw new Error('no session');
    const { method: _method, limitIndexes: _indexes, ...older } = JSON.parse(kept.body) as Record<string, unknown>;
    await world.store.documents.put({ ...kept, version: kept.version + 1, body: JSON.stringify(older) });
    expect(await (await browser.ask('/otp/session')).json()).toMatchObject({ active: true, method: 'code' });
    expect((await browser.go('/otp/logout', { devices: 'all' })).text).toContain('You are signed out');
  });
});

function browserFlow(at: string): { id: string } {
  return { id: new URL(at, BASE).searchParams.get('v') ?? '' };
}

/** A text as it stands in a page. */
function html(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}
