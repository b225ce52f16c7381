import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findingsFor, lintProblem } from '../../src/core/templates/as-sent.ts';
import { templateFrom } from '../../src/core/templates/template.ts';
import { PRESETS } from '../../src/core/policy.ts';
import { CHANNELS, type ChannelName } from '../../src/core/verification.ts';
import { createHttpWorld } from '../support/world.ts';

let world: Awaited<ReturnType<typeof createHttpWorld>>;
beforeAll(async () => {
  world = await createHttpWorld({ limits: { destination_sends: { max: 1_000 } } });
});
afterAll(() => world.close());

const TO: Readonly<Record<ChannelName, string>> = {
  sms: '+14155552671',
  voice: '+14155552671',
  whatsapp: '+14155552671',
  telegram: '+14155552671',
  email: 'ann@example.com',
};

async function refusal(template: object): Promise<readonly [number, string, string]> {
  const { status, body } = await world.call('PUT', '/v1/templates', template);
  const [first = { pointer: '', code: '' }] = (body['errors'] ?? []) as { pointer: string; code: string }[];
  return [status, first.pointer, first.code];
}

/** Text that would act if anything walked properties, ran code or formatted it. */
const LOGIC = [
  '{constructor.prototype}',
  '{constructor}',
  '{__proto__}',
  '{toString}',
  '{code.length}',
  '{code[0]}',
  '{code!r}',
  '{0}',
  '{}',
  '{ brand }',
  '{BRAND}',
  '{Code}',
  '{{code}}',
  '{{constructor.constructor("return process")()}}',
  '{{#each this}}x{{/each}}',
  '{% for x in y %}',
  '${7*7}',
  '#{7*7}',
  '<%= 7 * 7 %> {',
  '{code',
  'brand}',
  '{name}',
];

/** What phones and mail programs make a link of, or what hides one. */
const LINKS = [
  'https://evil.tk',
  'http://evil.tk/x',
  'evil.tk',
  'www.evil.tk',
  'EVIL.TK',
  'аррӏе.com',
  'xn--80ak6aa92e.com',
  'evil。tk',
  'evil．tk',
  '{brand}.tk',
  '{payee}.com/x',
  'x@evil.tk',
  '//evil.tk',
  '1.2.3.4',
  'mailto:evil',
  'tel:+1900',
  'javascript:alert(1)',
  'evil.tk?c={code}',
];

describe('A21: logic in a template', () => {
  it.each(LOGIC)('is refused on every channel and in every part: %s', async (attack) => {
    for (const channel of CHANNELS)
      expect(await refusal({ channel, text: `{code} ${attack}` })).toEqual([400, '/text', 'unknown_placeholder']);
    const mail = { channel: 'email', text: '{code}' };
    expect(await refusal({ ...mail, subject: attack })).toEqual([400, '/subject', 'unknown_placeholder']);
    const [status, pointer] = await refusal({ ...mail, html: `<p>{code}</p><p>${attack}</p>` });
    expect([status, pointer]).toEqual([400, '/html']);
  });

  it.each(['%s %n %x {code}', '%(code)s {code}', '$& $1 $` {code}', '\\u007bbrand\\u007d {code}', '&lbrace;x {code}'])(
    'that is no placeholder of ours is sent as it stands: %s',
    async (text) => {
      expect(await refusal({ channel: 'sms', text })).toEqual([200, '', '']);
      const { message, code } = await world.startAndRead(TO.sms);
      expect(message.text).toBe(text.replace('{code}', () => code));
      await world.call('DELETE', '/v1/templates/tpl_sms.-.-');
    },
  );

  it('in a value is only text: values are placed once', async () => {
    const before = world.application.brand;
    await world.call('PATCH', `/v1/applications/${world.application.id}`, { brand: '{code} {payee} {{x}} $1' });
    await world.call('PUT', '/v1/templates', {
      channel: 'sms',
      purpose: 'payment',
      text: '{brand}|{payee}|{amount}|{code}',
    });
    const context = { amount: '1 EUR', payee: '{code}{brand}${7*7}' };
    const { message, code } = await world.startAndRead(TO.sms, { purpose: 'payment', context });
    expect(message.text).toBe(`{code} {payee} {{x}} $1|{code}{brand}\${7*7}|1 EUR|${code}`);
    await world.call('DELETE', '/v1/templates/tpl_sms.-.payment');
    await world.call('PATCH', `/v1/applications/${world.application.id}`, { brand: before });
  });
});

describe('A20: links, markup and headers in a template', () => {
  it.each(LINKS)('a link is refused where none is allowed: %s', async (link) => {
    for (const channel of CHANNELS)
      expect(await refusal({ channel, text: `{code} ${link}` })).toEqual([400, '/text', 'link']);
    const mail = { channel: 'email', text: '{code}' };
    expect(await refusal({ ...mail, subject: link })).toEqual([400, '/subject', 'link']);
    expect(await refusal({ ...mail, html: `<p>{code}</p><p>${link}</p>` })).toEqual([400, '/html', 'link']);
    // Pieces that a reader sees as one word.
    if (/^\w+\.\w+$/.test(link))
      expect((await refusal({ ...mail, html: `<p>{code} ${link.replace('.', '<b>.</b>')}</p>` }))[2]).toBe('link');
  });

  it.each(LINKS)('and where links are, only a plain https one is taken: %s', async (link) => {
    const template = { channel: 'sms', text: `{code} ${link}`, allow_links: true };
    expect((await refusal(template)).slice(1)).toEqual(link === 'https://evil.tk' ? ['', ''] : ['/text', 'bad_link']);
    await world.call('DELETE', '/v1/templates/tpl_sms.-.-');
  });

  it.each(['https://a.example/{code}', 'https://{brand}.example', 'https://u@a.example', 'https://a.example:8/x'])(
    'a link with a placeholder, a user or a port is refused: %s',
    async (link) => {
      expect((await refusal({ channel: 'sms', text: `{code} ${link} x`, allow_links: true }))[0]).toBe(400);
    },
  );

  it.each([
    '<script>alert(1)</script>',
    '<img src="https://evil.tk/x">',
    '<a href="https://evil.tk">x</a>',
    '<p onclick="x">y</p>',
    '<p style="background:url(https://evil.tk)">y</p>',
    '<p style="position:fixed">y</p>',
    '<p style="display:none">y</p>',
    '<p title="x">y</p>',
    '<p class=x>y</p>',
    '<p',
    '<p>x',
    'x</p>',
    '<b><i>x</b></i>',
    '<!-- x -->',
    '<![CDATA[x]]>',
    '<style>p{}</style>',
    '<form><input></form>',
    '<svg/onload=alert(1)>',
    '<P>x</P>',
    '&#123;code&#125;',
    'evil&#46;tk',
    '<p dir="{brand}">x</p>',
    '<meta http-equiv="refresh">',
    '</td></tr></table>',
  ])('HTML that may do more than look is refused: %s', async (html) => {
    const [status, pointer] = await refusal({ channel: 'email', text: '{code}', html: `<p>{code}</p>${html}` });
    expect([status, pointer]).toEqual([400, '/html']);
  });

  it('HTML with links may have plain ones, and no other', async () => {
    const mail = { channel: 'email', text: '{code}', allow_links: true };
    const of = (href: string): Promise<readonly [number, string, string]> =>
      refusal({ ...mail, html: `<p>{code}</p><a href="${href}">x</a>` });
    expect(await of('https://shop.example/help')).toEqual([200, '', '']);
    for (const href of [
      'http://shop.example',
      'javascript:alert(1)',
      '//evil.tk',
      'https://аррӏе.com',
      'https://x.example/{code}',
    ])
      expect((await of(href)).slice(0, 2)).toEqual([400, '/html']);
    await world.call('DELETE', '/v1/templates/tpl_email.-.-');
  });

  it.each([
    'a\r\nBcc: x@evil.tk',
    'a\nb',
    'a\rb',
    'a\u0000b',
    'a\u2028b',
    'a\u202eb',
    'a\u200bb',
    'a\u2066b',
    '\t',
    ' ',
  ])('a subject has no line end, control or invisible character: %j', async (subject) => {
    expect((await refusal({ channel: 'email', text: '{code}', subject })).slice(0, 2)).toEqual([400, '/subject']);
  });

  it.each(['a\rb', 'a\u0000b', 'a\u001bb', 'a\u2028b', 'a\u202eb', 'a\u200bb', 'a\u2066b', 'a\ufe0fb', 'a\u{e0041}b'])(
    'a text has none either, but for its line ends: %j',
    async (part) => {
      for (const channel of CHANNELS)
        expect((await refusal({ channel, text: `{code}${part}` })).slice(0, 2)).toEqual([400, '/text']);
    },
  );

  it.each([
    [{ text: 'no code' }, '/text', 'missing_code'],
    [{ text: '{code} {code}' }, '/text', 'repeated_code'],
    [{ text: '{code} @shop.example #{code}' }, '/text', 'link'],
    [{ channel: 'email', text: '{code}', subject: '{code}' }, '/subject', 'code_in_subject'],
    [{ channel: 'email', text: '{code}', html: '<p>x</p>' }, '/html', 'missing_code'],
    [{ channel: 'email', text: '{code}', html: '<p>{code}{code}</p>' }, '/html', 'repeated_code'],
    [{ text: '{code}', subject: 'x' }, '/subject', 'not_for_channel'],
    [{ text: '{code}', html: 'x' }, '/html', 'not_for_channel'],
    [{ text: `{code}${'я'.repeat(400)}` }, '/text', 'too_long'],
    [{ text: `{code}${'x'.repeat(1_000)}` }, '/text', 'too_long'],
    [{ channel: 'voice', text: '{code} {code} {code}' }, '/text', 'repeated_code'],
    [{ text: '{code} {domain}' }, '/text', 'link'],
  ])('words that are no message of a code are refused: %j', async (template, pointer, code) => {
    expect(await refusal({ channel: 'sms', ...template })).toEqual([400, pointer, code]);
  });

  it.each([
    '{"text": 1}',
    '{"text": "{code}", "extra": 1}',
    '{"text": ""}',
    '{"text": "{code}", "channel": "fax"}',
    '[]',
  ])('a body of another shape is refused: %s', async (body) => {
    const bent = body.startsWith('{')
      ? body.replace('{', '{"channel": "sms", ').replace(/("channel".*)"channel": "sms", /, '$1')
      : body;
    expect((await world.call('PUT', '/v1/templates', bent)).status).toBe(400);
  });
});

describe('A20: values of a start in every channel', () => {
  const ATTACKS = [
    `"><img src=x onerror=alert(1)>`.replace(/[<>]/g, ''),
    'Acme evil.tk/x',
    'https://evil.tk',
    'x@evil.tk',
    'A&B \'quoted\' "double"',
    '{{constructor}}',
    'аррӏе.com',
    '#999999 @evil',
  ];

  it.each(ATTACKS)('the payee is inert: %j', async (payee) => {
    const context = { amount: 'EUR 5', payee };
    await world.call('PUT', '/v1/templates', {
      channel: 'email',
      purpose: 'payment',
      subject: '{payee}',
      text: '{code} {amount} {payee}',
      html: '<p>{code}</p><p>{amount} {payee}</p>',
    });
    for (const purpose of ['payment', 'login'])
      for (const channel of CHANNELS) {
        const { message, code } = await world.startAndRead(TO[channel], { purpose, channel, context });
        const shown = `${message.subject ?? ''}\n${message.text}`;
        expect(shown).not.toMatch(/[\p{L}\p{N}][.。](?=\p{L}\p{L})|:\/\/|@/u);
        expect(message.subject ?? '').not.toMatch(/[\r\n]/);
        if (channel !== 'voice') expect(message.text.split(code)).toHaveLength(2);
        const body = (message.html ?? '').replace(/^[\s\S]*<\/head>/, '');
        expect(body).not.toMatch(/<(?:img|script|a)\b|<[^>]*onerror|:\/\//i);
        if (channel === 'email')
          expect(body.split('<')).toHaveLength((body.match(/<\/?[a-z]+[^<>]*>/g) ?? []).length + 1);
      }
    await world.call('DELETE', '/v1/templates/tpl_email.-.payment');
  });
});

describe('the linter', () => {
  const sender = { brand: 'Acme', locale: 'en', policy: PRESETS.default, notMeUrl: null };
  const lint = (text: string, channel: ChannelName = 'sms', html: string | null = null): boolean => {
    const template = templateFrom({ channel, text, html });
    return template !== null && lintProblem(findingsFor(template, sender)) === null;
  };

  it('takes what ordinary people write', () => {
    for (const text of [
      '{brand} code: {code}. It works for {time}.',
      '{code} – z.B. für Acme Co., Ltd. (10:30, 5.50 EUR)',
      'Votre code : {code}\nNe le donnez à personne !',
      'رمز {brand}\u200f هو {code}',
      'کد شما {code} می\u200cباشد',
      'आपका कोड {code} है',
      '您的验证码是{code}，请勿泄露。',
      '👋 {code}',
    ])
      expect(lint(text), text).toBe(true);
  });

  it('judges any text in a moment', () => {
    const nasty = ['a.', '{', '<', '<p a="', '&', '@', ':/', '. ', '{code', 'a-', '<p style="color:', 'x.y'];
    for (const part of nasty) {
      const text = part.repeat(Math.floor(10_000 / part.length));
      const before = performance.now();
      lint(text.slice(0, 1_000));
      lint('{code}', 'email', text);
      expect(performance.now() - before, part).toBeLessThan(100);
    }
  });

  it('lets nothing through that is filled with more than it asked for', () => {
    const piece = fc.constantFrom(
      '{code}',
      '{brand}',
      '{',
      '}',
      '.',
      'tk',
      ' ',
      '<',
      '>',
      '/',
      '"',
      'a',
      '\n',
      '{time}',
      '&',
      'b',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        if (!lint(text)) return;
        expect(text.split('{code}')).toHaveLength(2);
        expect(text.replace(/\{(?:code|brand|time)\}/g, '')).not.toMatch(/[{}]/);
      }),
      { numRuns: 2_000 },
    );
  });
});
