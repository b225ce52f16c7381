import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { SUPPORTED_LOCALES } from '../../../src/core/locale.ts';
import { LANGUAGES } from '../../../src/core/texts/languages.ts';
import { countryChoices } from '../../../src/web/hosted/countries.ts';
import { languageOf } from '../../../src/web/hosted/locale.ts';
import { pageTexts } from '../../../src/web/hosted/texts/languages.ts';
import { createHostedWorld, type HostedWorld, RETURN } from './browser.ts';

describe('the languages of the pages', () => {
  it('are those of the messages, 40 at least', () => {
    expect(SUPPORTED_LOCALES.length).toBeGreaterThanOrEqual(40);
    for (const locale of SUPPORTED_LOCALES) expect(pageTexts(locale).title).not.toBe('');
  });

  it.each(SUPPORTED_LOCALES)('%s says everything, with the same places to fill, in its own words', (locale) => {
    const english = Object.entries(pageTexts('en'));
    const words = new Map(Object.entries(pageTexts(locale)));
    expect([...words.keys()]).toEqual(english.map(([key]) => key));
    const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).toSorted();
    for (const [key, text] of english) {
      if (key === 'status') continue;
      expect([key, places(words.get(key) ?? '')]).toEqual([key, places(text)]);
      expect(words.get(key)).toMatch(/^\S(?:.*\S)?$/u);
    }
    const same = english.filter(([key, text]) => key !== 'status' && words.get(key) === text);
    if (locale !== 'en') expect(same.length).toBeLessThan(15);
  });

  it('are chosen by the reader, then the browser, then the application, then English', () => {
    const chosen = (choices: (string | null)[], accept: string | null, fallback: string) =>
      languageOf(choices, accept, fallback).locale;
    expect(chosen(['fr', 'de'], 'es', 'it')).toBe('fr');
    expect(chosen([null, 'de'], 'es', 'it')).toBe('de');
    expect(chosen(['xx', null], 'es;q=0.3, pt-BR;q=0.9, *;q=0.1', 'it')).toBe('pt');
    expect(chosen([null, null], 'xx, yy;q=0', 'it')).toBe('it');
    expect(chosen([null, null], 'de;q=0', 'xx')).toBe('en');
    expect(chosen([null, null], `${'x,'.repeat(10_000)}de`, 'nl')).toBe('nl');
    expect(languageOf([null], 'fa-IR', 'en')).toMatchObject({ locale: 'fa', dir: 'rtl' });
    expect(['ar', 'he', 'fa', 'ur'].map((tag) => languageOf([tag], null, 'en').dir)).toEqual(Array(4).fill('rtl'));
  });

  it('name countries, each with its calling code, only those that are allowed', () => {
    expect(countryChoices('de', ['AT', 'JP'])).toEqual([
      { country: 'JP', text: '\u2066+81\u2069 Japan' },
      { country: 'AT', text: '\u2066+43\u2069 Österreich' },
    ]);
    expect(countryChoices('en', null).length).toBeGreaterThan(200);
  });
});

describe('a hosted page', () => {
  let world: HostedWorld;
  afterEach(() => world.close());

  async function asked(query = '') {
    const browser = world.browser();
    await browser.go(`/otp/request${query}`);
    return { browser, page: await browser.go(`/otp/request${query}`, { email: 'mara@bluegum.example' }) };
  }

  it('lists the one return origin as a target of its forms, and is framed by nobody', async () => {
    world = await createHostedWorld();
    const { browser, page } = await asked();
    const policy = (await browser.ask(page.at)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("form-action 'self' https://shop.example");
    expect(policy).toContain("script-src 'self'; style-src 'self'; img-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    const first = (await browser.ask('/otp/request')).headers;
    expect(first.get('referrer-policy')).toBe('same-origin');
    expect(first.get('cache-control')).toBe('no-store');
  });

  it('is framed where the application says so, with cookies that are that site’s alone', async () => {
    world = await createHostedWorld({ application: { frame_ancestors: ['https://shop.example'] } });
    const answer = await world.browser().ask('/otp/request');
    expect(answer.headers.get('content-security-policy')).toContain('frame-ancestors https://shop.example;');
    expect(answer.headers.getSetCookie().join()).toMatch(
      /^__Host-ww_otp=[^;]+; Path=\/; HttpOnly; Secure; SameSite=None; Partitioned$/,
    );
  });

  it('sets cookies that end with the browser, for this host, never for scripts', async () => {
    world = await createHostedWorld();
    const [cookie] = (await world.browser().ask('/otp/request')).headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-ww_otp=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  });

  it('is compressed for who takes that, and the same for who does not', async () => {
    world = await createHostedWorld();
    const plain = await world.browser().ask('/otp/request');
    const zipped = await world.browser().ask('/otp/request', undefined, { 'accept-encoding': 'br, gzip' });
    expect([plain.headers.get('content-encoding'), zipped.headers.get('content-encoding')]).toEqual([null, 'gzip']);
    const bytes = Buffer.from(await zipped.arrayBuffer());
    expect(gunzipSync(bytes).toString()).toBe(await plain.text());
    const none = await world.browser().ask('/otp/request', undefined, { 'accept-encoding': 'gzip;q=0' });
    expect(none.headers.get('content-encoding')).toBeNull();
  });

  it('takes its colour from a stylesheet of its own; colours that cannot be read have none', async () => {
    world = await createHostedWorld({ application: { accent: '#8A1C6B' } });
    const { text } = await world.browser().go('/otp/request');
    expect(text).toContain('href="/assets/accent/8a1c6b.css"');
    const sheet = await world.browser().ask('/assets/accent/8a1c6b.css');
    expect([sheet.status, sheet.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
    for (const bad of ['ffff00.css', '8a1c6b', 'red.css', '8a1c6b.css%0a', '..%2fx.css'])
      expect((await world.browser().ask(`/assets/accent/${bad}`)).status).toBe(404);
  });

  it('shows a brand as text, whatever is in it', async () => {
    world = await createHostedWorld({ application: { brand: 'A & "B" ’n' } });
    const { text } = await world.browser().go('/otp/request');
    expect(text).toContain('<bdi>A &amp; &quot;B&quot; ’n</bdi>');
  });

  it('offers only channels that some provider carries, and says so when there is none', async () => {
    world = await createHostedWorld({ providers: {} });
    const answer = await world.browser().ask('/otp/request');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await answer.text()).toContain('We cannot send codes now');
  });

  it.each([
    ['generic', 'That code cannot be used.'],
    ['reason', 'That code is not right.<'],
    ['reason_remaining', 'That code is not right. Tries left: 4<'],
  ] as const)('tells of a wrong code as %s says', async (reveal, words) => {
    world = await createHostedWorld({ policies: { login: { reveal } } });
    const { browser, page } = await asked();
    const code = await world.code();
    const wrong = code === '000000' ? '000001' : '000000';
    expect((await browser.go(page.at, { code: wrong })).text).toContain(words);
  });

  it('goes on in the words of its own application, and knows none that is not there', async () => {
    world = await createHostedWorld();
    const other = await world.service.applications.create(world.caller(), { name: 'other', brand: 'Other shop' });
    expect(other.ok).toBe(true);
    world.clock.now += 1_500;
    expect((await world.browser().go('/otp/request?app=other')).text).toContain('Other shop');
    expect((await world.browser().go('/otp/request?app=nobody')).status).toBe(404);
    const { browser, page } = await asked();
    expect((await browser.go(`${page.at}&app=other`)).status).toBe(410);
  });

  it('ends a verification of the API with its context, its own purpose and its id as state', async () => {
    world = await createHostedWorld();
    const started = await world.service.verify.start(world.caller('test'), {
      to: 'mara@bluegum.example',
      purpose: 'payment',
      context: { payee: 'Acme' },
      return_url: RETURN,
    });
    if (!started.ok) throw new Error('not started');
    const { hosted_url: url, id } = started.value.verification;
    expect(url).toMatch(/^https:\/\/verify\.example\/v\/[0-9A-Z]{30}\.[\w-]{8}\.[\w-]{43}$/);
    const again = await world.service.verify.get(world.caller('test'), id);
    expect(again.ok && again.value.hosted_url).toBe(url);
    const browser = world.browser();
    const path = new URL(url ?? '').pathname;
    await browser.go(path);
    const page = await browser.go(path, {});
    expect(page.text).not.toContain('Use another number');
    await world.service.worker.tick();
    const end = await browser.ask(page.at, { code: world.inbox.last().code.reveal() });
    const target = new URL(end.headers.get('location') ?? '');
    expect(target.searchParams.get('state')).toBe(id);
    const verdict = await world.service.receipts.verify(world.caller('test'), target.searchParams.get('result') ?? '');
    expect(verdict).toMatchObject({
      ok: true,
      value: { valid: true, claims: { purpose: 'payment', context: { payee: 'Acme' }, test: true } },
    });
  });

  it('says before a link is taken that the code was sent already, in the language of the reader', async () => {
    world = await createHostedWorld();
    const started = await world.service.verify.start(world.caller(), {
      to: 'mara@bluegum.example',
      return_url: RETURN,
    });
    if (!started.ok) throw new Error('not started');
    const { hosted_url: url, to } = started.value.verification;
    const { pathname } = new URL(url ?? '');
    for (const locale of ['en', 'de', 'ar'] as const) {
      const { text } = await world.browser().go(`${pathname}?lang=${locale}`);
      const { intro, sentTo } = pageTexts(locale);
      expect(text).not.toContain(intro);
      expect(text).toContain(sentTo.replace('{to}', `<bdi class="mask">${to.masked}</bdi>`));
    }
  });

  it('offers a way back with the reason when a flow ended without approval', async () => {
    world = await createHostedWorld();
    const { browser, page } = await asked('?state=s1');
    await world.code();
    world.clock.now += 601_000;
    const { text } = await browser.go(page.at);
    expect(text).toContain(`href="${RETURN}&amp;state=s1&amp;error=expired"`);
  });

  it('no view has an address of a page where there is nowhere to return to', async () => {
    world = await createHostedWorld();
    const started = await world.service.verify.start(world.caller(), { to: 'mara@bluegum.example' });
    expect(started.ok && started.value.verification.hosted_url).toBeNull();
  });

  it('in every language holds together', async () => {
    world = await createHostedWorld();
    for (const locale of SUPPORTED_LOCALES) {
      const { text, status } = await world.browser().go(`/otp/request?lang=${locale}`);
      expect([locale, status]).toEqual([locale, 200]);
      expect(text).toContain(`<html lang="${locale}" dir="${LANGUAGES[locale].direction ?? 'ltr'}">`);
    }
  });
});
