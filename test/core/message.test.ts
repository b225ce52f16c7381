import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_BRAND, pickLocale, renderMessage } from '../../src/core/message.ts';
import type { MessageInput } from '../../src/core/message.ts';
import { smsSize } from '../../src/core/segments.ts';
import { CHANNELS } from '../../src/core/verification.ts';

const PURPOSES = ['login', 'signup', 'payment', 'caller_check', 'address_confirmation', 'recovery', 'parcel_release'];

/** The reviewed languages; test/core/message-languages.test.ts has all of them. */
const REVIEWED = ['en', 'de'] as const;

const base: MessageInput = {
  channel: 'sms',
  purpose: 'login',
  locale: 'en',
  brand: 'Bluegum',
  code: '049153',
  minutes: 10,
  origin: null,
};

function every(test: (input: MessageInput) => void): void {
  for (const channel of CHANNELS)
    for (const purpose of PURPOSES) for (const locale of REVIEWED) test({ ...base, channel, purpose, locale });
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** What a reader of the HTML sees. */
function visible(html: string): string {
  return html.replace(/<head>.*<\/head>/s, '').replace(/<[^>]*>/g, ' ');
}

describe('a message', () => {
  it('holds the code once in the text, whatever the purpose and language', () => {
    every((input) => {
      if (input.channel === 'voice') return;
      expect(count(renderMessage(input).text, input.code)).toBe(1);
    });
  });

  it('S2.32, S3.60: names the brand, the minutes and whom to tell the code, on every channel', () => {
    every((input) => {
      const { text } = renderMessage(input);
      expect(text).toContain('Bluegum');
      expect(text).toContain(input.locale === 'de' ? '10 Minuten' : '10 minutes');
    });
  });

  it.each([
    ['en', 'caller_check', 'Give it only to the agent you called. We never call you to ask for it.'],
    ['en', 'login', 'Nobody from Bluegum will ask you for this code.'],
    ['en', 'anything_else', 'Nobody from Bluegum will ask you for this code.'],
    ['de', 'caller_check', 'Nennen Sie ihn nur, wenn Sie uns selbst angerufen haben.'],
    ['de', 'payment', 'Niemand von Bluegum fragt Sie nach diesem Code.'],
  ])('in %s for %s says whom to tell it to, and nothing that contradicts it', (locale, purpose, sentence) => {
    for (const channel of CHANNELS) {
      const { text } = renderMessage({ ...base, channel, locale, purpose });
      expect(text).toContain(sentence);
      if (purpose === 'caller_check') expect(text).not.toMatch(/Nobody from|Niemand von/);
    }
  });

  it('never promises more time than there is', () => {
    const validity = (minutes: number): string | undefined => renderMessage({ ...base, minutes }).text.split('\n')[2];
    expect(validity(1)).toBe('It works for 1 minute.');
    expect(validity(0.5)).toBe('It works for 1 minute.');
    expect(validity(4.9)).toBe('It works for 4 minutes.');
    expect(validity(119)).toBe('It works for 119 minutes.');
    expect(validity(179)).toBe('It works for 2 hours.');
    expect(validity(1440)).toBe('It works for 24 hours.');
  });

  it('S3.60: has no link, whatever the channel', () => {
    every((input) => {
      const { subject, text, html } = renderMessage(input);
      expect(`${subject} ${text} ${html}`).not.toMatch(/https?:|www\.|href|src=|url\(/i);
    });
  });
});

describe('an SMS', () => {
  it('fits one segment with a brand of 20 characters and a code of 10, for every purpose', () => {
    for (const purpose of PURPOSES)
      for (const locale of REVIEWED) {
        const input = { ...base, purpose, locale, brand: 'B'.repeat(20), code: '0123456789', minutes: 119 };
        const message = renderMessage(input);
        expect(smsSize(message.text).encoding).toBe('gsm7');
        expect(message.segments, message.text).toBe(1);
        expect(message.warnings).toEqual([]);
      }
  });

  it('fits one segment bound to a site too, where the code is typed on the site', () => {
    for (const locale of REVIEWED) {
      const input = { ...base, locale, brand: 'B'.repeat(20), code: '0123456789', origin: 'https://bluegum.example' };
      expect(renderMessage(input).segments).toBe(1);
    }
  });

  it('S0.19, S3.60: has the word code before the code on its first line, for autofill', () => {
    for (const purpose of PURPOSES)
      for (const locale of REVIEWED) {
        const first = renderMessage({ ...base, purpose, locale }).text.split('\n')[0];
        expect(first).toMatch(/^Bluegum .*code: 049153$/i);
      }
  });

  it('ends with the bound code only when an origin is given', () => {
    expect(renderMessage(base).text).not.toContain('@');
    for (const origin of ['https://bluegum.example', 'bluegum.example', 'https://Bluegum.example:8443/']) {
      expect(
        renderMessage({ ...base, origin })
          .text.split('\n')
          .at(-1),
      ).toBe('@bluegum.example #049153');
    }
  });

  it.each([
    'https://bluegum.example/path',
    'localhost',
    'http://127.0.0.1:7070',
    'a@bluegum.example',
    'x\n@y.example',
    '',
  ])('is not bound to what is no domain: %j', (origin) => {
    const message = renderMessage({ ...base, origin });
    expect(message.text).toBe(renderMessage(base).text);
    expect(message.warnings).toHaveLength(1);
  });

  it('counts a preview in dots as the digits it stands for', () => {
    expect(renderMessage({ ...base, code: '••••••' }).segments).toBe(1);
  });

  it('warns when it takes several segments', () => {
    const message = renderMessage({ ...base, brand: '蓝桉银行'.repeat(10) });
    expect(message.segments).toBe(2);
    expect(message.warnings).toEqual(['This SMS takes 2 segments: it has characters outside the GSM alphabet.']);
  });
});

describe('an e-mail', () => {
  it('holds the code once in the text, once in the HTML where it is seen, never in the subject or the head', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.stringMatching(/^[0-9]{4,10}$/), fc.stringMatching(/^[2-9A-HJKMNP-Z]{4,10}$/)),
        fc.constantFrom(...PURPOSES),
        fc.constantFrom(...REVIEWED),
        fc.integer({ min: 1, max: 2880 }),
        (code, purpose, locale, minutes) => {
          const brand = `Blue ${code} gum`;
          const message = renderMessage({ ...base, channel: 'email', code, purpose, locale, minutes, brand });
          expect(message.subject).not.toContain(code);
          expect(count(message.text, code)).toBe(1);
          expect(count(message.html ?? '', code)).toBe(1);
          expect(count(visible(message.html ?? ''), code)).toBe(1);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    ['en', 'Your Bluegum code'],
    ['de', 'Ihr Code von Bluegum'],
  ])('in %s has the subject “%s”, its language and direction', (locale, subject) => {
    const message = renderMessage({ ...base, channel: 'email', locale });
    expect(message.subject).toBe(subject);
    expect(message.html).toContain(`<html lang="${locale}" dir="ltr">`);
  });

  it('says what the code is for', () => {
    const intros = PURPOSES.map((purpose) => renderMessage({ ...base, channel: 'email', purpose }).text.split('\n')[2]);
    expect(new Set(intros).size).toBe(PURPOSES.length);
  });

  it('says that nobody need do anything', () => {
    for (const locale of REVIEWED) {
      const { text, html } = renderMessage({ ...base, channel: 'email', locale });
      const sentence = locale === 'en' ? 'Then you need not do anything.' : 'Dann müssen Sie nichts tun.';
      expect(text).toContain(sentence);
      expect(html).toContain(sentence);
    }
  });

  it('is well-formed HTML without script, image, link or remote resource', () => {
    for (const locale of REVIEWED) {
      const { html } = renderMessage({ ...base, channel: 'email', locale });
      expect(html).not.toMatch(/<(script|img|a|link|iframe|form|style|object)\b/i);
      const open: string[] = [];
      for (const [, slash, name = ''] of (html ?? '').matchAll(/<(\/?)([a-z]+)[^>]*>/g)) {
        if (name === 'meta') continue;
        if (slash === '/') expect(open.pop()).toBe(name);
        else open.push(name);
      }
      expect(open).toEqual([]);
    }
  });
});

describe('a spoken message', () => {
  it('says the characters one by one, twice', () => {
    for (const locale of REVIEWED) {
      const message = renderMessage({ ...base, channel: 'voice', locale });
      expect(count(message.text, '0. 4. 9. 1. 5. 3')).toBe(2);
      expect(message).toMatchObject({ subject: null, html: null, segments: null });
    }
  });
});

describe('a brand', () => {
  const withBrand = (brand: string): string => {
    const { subject, text, html } = renderMessage({ ...base, channel: 'email', brand });
    return `${subject}\n${text}\n${html}`;
  };
  const frame = withBrand('Bluegum');

  it.each([
    ['<a href="https://evil.example">Acme</a>'],
    ['"><img src=x onerror=alert(1)>'],
    ["' onload='x"],
    ['&lt;b&gt;'],
  ])('makes no markup: %j', (brand) => {
    const tags = (html: string): number => count(html, '<');
    expect(tags(withBrand(brand))).toBe(tags(frame));
    expect(withBrand(brand)).not.toMatch(/<[^>]*(?:onerror|onload|href)/);
  });

  it('has its signs escaped in the HTML', () => {
    const { html } = renderMessage({ ...base, channel: 'email', brand: `M&S "x" 'y'` });
    expect(count(html ?? '', 'M&amp;S &quot;x&quot; &#39;y&#39;')).toBe(4);
    expect(html).not.toContain('M&S');
  });

  it.each([
    'evil.tk/x',
    'https://evil.tk',
    'www.evil.tk',
    'evil。tk',
    'x@evil.tk',
    '1.2.3.4',
    'a..evil.tk',
    'Visit.Evil.Com',
  ])('makes no link: %s', (brand) => {
    const message = renderMessage({ ...base, brand });
    expect(message.text).not.toMatch(/[^\s.][.。](?=[^\s.])|:\/\/|@/u);
    expect(message.warnings[0]).toContain('changed');
  });

  it.each(['St. Ives', 'Yahoo!', 'Müller & Söhne', 'H&M', 'Bank №1', 'بنك', "O'Neill"])(
    'is kept as it is: %s',
    (brand) => {
      const message = renderMessage({ ...base, brand });
      expect(message.text.startsWith(`${brand} `)).toBe(true);
      expect(message.warnings.filter((warning) => warning.includes('changed'))).toEqual([]);
    },
  );

  it.each([['{{constructor.constructor("return 1")()}}'], ['${7*7}'], ['__proto__'], ['$& $1 $`']])(
    'is never interpreted: %j',
    (brand) => {
      const { text } = renderMessage({ ...base, brand });
      expect(text).not.toContain('49 ');
      expect(text).toContain(brand.split('.')[0]?.slice(0, 20));
    },
  );

  it('of controls, direction marks and line ends is one plain line', () => {
    const { text, warnings } = renderMessage({ ...base, brand: 'Ac\u202eme\r\n@evil.tk #1\u2028\u200bBank\ud800' });
    expect(text.split('\n')).toHaveLength(3);
    expect(text).toMatch(/^Ac me evil\. tk 1 Bank sign-in code: 049153\n/);
    expect(warnings).toHaveLength(1);
  });

  it('is cut to 40 characters, whole ones', () => {
    const first = (brand: string): string =>
      renderMessage({ ...base, channel: 'telegram', brand }).text.split(' sign-in')[0] ?? '';
    expect(first('x'.repeat(5_000_000))).toBe('x'.repeat(MAX_BRAND));
    expect(first('😀'.repeat(60))).toBe('😀'.repeat(MAX_BRAND));
  });

  it('of nothing still leaves a sentence', () => {
    expect(renderMessage({ ...base, brand: '\u200b ' }).text).toContain('Watchword sign-in code: 049153');
  });

  it('with digits that phones may take for the code is warned of', () => {
    expect(renderMessage({ ...base, brand: 'Studio 1984' }).warnings).toHaveLength(1);
  });

  it('of any text never adds a line, a tag or a second code', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (brand) => {
        for (const channel of ['sms', 'telegram'] as const) {
          const { text } = renderMessage({ ...base, channel, brand });
          const lines = text.split('\n').length;
          expect(channel === 'sms' ? [2, 3] : [3]).toContain(lines);
          expect(count(text, base.code)).toBe(1);
        }
        expect(count(withBrand(brand), '<')).toBe(count(frame, '<'));
      }),
      { numRuns: 300 },
    );
  });
});

describe('the language', () => {
  it.each([
    ['de-AT', 'en', 'de'],
    ['DE', 'en', 'de'],
    ['de_CH', 'en', 'de'],
    ['en-US', 'de', 'en'],
    ['tlh', 'de', 'de'],
    ['tlh', 'xx', 'en'],
    ['pt-BR', 'en', 'pt'],
    ['fr-CA-x-private', 'en', 'fr'],
    ['zh', 'en', 'zh-Hans'],
    ['zh-CN', 'en', 'zh-Hans'],
    ['zh-Hant-TW', 'en', 'zh-Hant'],
    ['zh-TW', 'en', 'zh-Hant'],
    ['zh_HK', 'en', 'zh-Hant'],
    ['zh-Hans-HK', 'en', 'zh-Hans'],
    ['no', 'en', 'nb'],
    ['nb-NO', 'en', 'nb'],
    ['nn-NO', 'en', 'nb'],
    ['sr-RS', 'en', 'sr-Latn'],
    ['sr-Latn-RS', 'en', 'sr-Latn'],
    ['iw-IL', 'en', 'he'],
    ['in', 'en', 'id'],
    ['tl-PH', 'en', 'fil'],
    ['constructor', 'en', 'en'],
    ['__proto__', 'en', 'en'],
    ['-', 'en', 'en'],
    ['den', 'en', 'en'],
    ['', 'de-DE', 'de'],
    [null, 'de', 'de'],
    ['../../etc', 'en', 'en'],
    ['d'.repeat(100_000), 'en', 'en'],
  ])('for %j with fallback %s is %s', (requested, fallback, locale) => {
    expect(pickLocale(requested, fallback)).toBe(locale);
  });

  it('of a message is what was negotiated', () => {
    expect(renderMessage({ ...base, locale: 'de-AT' }).locale).toBe('de');
    expect(renderMessage({ ...base, locale: 'pt-BR' }).locale).toBe('pt');
  });
});
