import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SUPPORTED_LOCALES } from '../../src/core/locale.ts';
import { lintTemplate } from '../../src/core/templates/lint.ts';
import { templateFrom } from '../../src/core/templates/template.ts';
import { notMeTexts } from '../../src/core/texts/not-me.ts';
import { createHttpWorld } from '../support/world.ts';

const ORIGIN = 'https://otp.acme.example';
const LINK = /https:\/\/otp\.acme\.example\/not-me\/[A-Za-z]{62}/g;
const MAIL = 'ann@recipient.example';
const PHONE = '+14155552671';
const POLICIES = {
  login: { not_me_link: 'email_and_sms' },
  bound: { not_me_link: 'email_and_sms', sms_domain: 'acme.example' },
  plain: {},
} as const;

let world: Awaited<ReturnType<typeof createHttpWorld>>;
beforeEach(async () => {
  world = await createHttpWorld({ policies: POLICIES, publicUrl: ORIGIN });
});
afterEach(() => world.close());

const put = async (template: object) => world.call('PUT', '/v1/templates', template);

describe('the line “this was not me” of a message in the application’s own words', () => {
  it('ends text and HTML of an e-mail, once in each, in the language of the template', async () => {
    const html = '<p>Dein Code:</p><p>{code}</p>';
    expect((await put({ channel: 'email', locale: 'de', text: 'Dein Code: {code}', html })).status).toBe(200);
    const { message, code } = await world.startAndRead(MAIL, { locale: 'de' });
    const { line } = notMeTexts('de').texts;
    expect(message.text.replace(LINK, 'LINK')).toBe(`Dein Code: ${code}\n\n${line}\nLINK`);
    expect(new Set(message.html?.match(LINK)).size).toBe(1);
    expect(message.html).toContain(line);
  });

  it('stands in an SMS above what binds its code', async () => {
    await put({ channel: 'sms', text: '{code} for {brand}.' });
    const { message, code } = await world.startAndRead(PHONE, { purpose: 'bound' });
    const [words, notMe, ...last] = message.text.split('\n');
    expect(words).toBe(`${code} for Watchword.`);
    expect(notMe).toMatch(/^Not you\? https:/);
    expect(last).toEqual([`@acme.example #${code}`]);
  });

  it('is not there where the policy wants none, or on other channels', async () => {
    await put({ channel: 'sms', text: '{code} for {brand}.' });
    await put({ channel: 'voice', text: '{code}, again {code}.' });
    expect((await world.startAndRead(PHONE, { purpose: 'plain' })).message.text).not.toMatch(LINK);
    expect((await world.startAndRead('+14155552672', { channel: 'voice' })).message.text).not.toMatch(LINK);
  });

  it('counts for the linter: an SMS that is too long with it is refused where it will be there, and only there', async () => {
    const text = `{code} ${'x'.repeat(560)}`;
    const refused = await put({ channel: 'sms', purpose: 'login', text });
    expect([refused.status, refused.body['errors'][0]]).toEqual([
      400,
      expect.objectContaining({ pointer: '/text', code: 'too_long' }),
    ]);
    expect((await put({ channel: 'sms', purpose: 'plain', text })).status).toBe(200);
  });

  it('counts for warnings, previews and the message alike', async () => {
    const template = { channel: 'sms', purpose: 'login', text: `{code} ${'x'.repeat(80)}` };
    const saved = await put(template);
    expect(saved.body['warnings']).toEqual(['This SMS takes 2 segments.']);
    const shown = (await world.call('POST', '/v1/templates/preview', template)).body;
    expect(shown).toMatchObject({ segments: 2, encoding: 'gsm7' });
    expect(shown['text']).toMatch(LINK);
    const start = (await world.call('POST', '/v1/preview', { to: PHONE })).body;
    expect(start).toMatchObject({ segments: 2, text: shown['text'] });
    const { id } = await world.startAndRead(PHONE);
    const sends = await world.call('GET', `/v1/verifications/${id}/sends`);
    expect(sends.body['data'][0]).toMatchObject({ segments: 2 });
  });

  it('leads nowhere in a preview', async () => {
    const { body } = await world.call('POST', '/v1/templates/preview', { channel: 'email' });
    const token = /not-me\/([A-Za-z]{62})/.exec(String(body['text']))?.[1] ?? '';
    expect(token).not.toBe('');
    expect(await world.service.notMe.look(token)).toBe(null);
  });
});

it.each(SUPPORTED_LOCALES)('the line in %s passes the linter that other people’s words must pass', (locale) => {
  const { line, short } = notMeTexts(locale).texts;
  const values = {
    code: '000000',
    brand: 'Acme',
    minutes: '10',
    time: '10',
    amount: null,
    payee: null,
    domain: null,
    link: null,
  };
  for (const words of [line, short]) {
    const template = templateFrom({ channel: 'sms', locale, text: `{code} ${words}` });
    if (template === null) throw new Error('no template');
    const found = lintTemplate(template, { values, lastLine: null });
    expect(found.filter(({ code }) => code !== 'segments')).toEqual([]);
  }
});
