import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { renderMessage, SUPPORTED_LOCALES } from '../../src/core/message.ts';
import type { MessageInput } from '../../src/core/message.ts';
import { smsText, withoutAccents } from '../../src/core/message-sms.ts';
import { smsSize } from '../../src/core/segments.ts';
import { languagesPage } from '../../src/core/texts/languages-page.ts';
import { LANGUAGES, type Locale } from '../../src/core/texts/languages.ts';
import type { Plural } from '../../src/core/texts/language-texts.ts';
import { CHANNELS } from '../../src/core/verification.ts';

const PURPOSES = ['login', 'signup', 'payment', 'caller_check', 'address_confirmation', 'recovery', 'parcel_release'];
const BRAND = 'Bluegum Pay';
const CODE = '049153';
const LOCALES = SUPPORTED_LOCALES.map((locale) => [locale] as const);

/** The script of each language whose letters are not Latin. */
const SCRIPTS: Readonly<Partial<Record<Locale, string>>> = {
  ru: 'Cyrillic',
  uk: 'Cyrillic',
  bg: 'Cyrillic',
  el: 'Greek',
  ar: 'Arabic',
  fa: 'Arabic',
  ur: 'Arabic',
  he: 'Hebrew',
  hi: 'Devanagari',
  bn: 'Bengali',
  th: 'Thai',
  'zh-Hans': 'Han',
  'zh-Hant': 'Han',
  ja: 'Han}\\p{Script_Extensions=Hiragana}\\p{Script_Extensions=Katakana',
  ko: 'Hangul',
};

function render(changes: Partial<MessageInput>): ReturnType<typeof renderMessage> {
  const input = {
    channel: 'sms',
    purpose: 'login',
    locale: 'en',
    brand: BRAND,
    code: CODE,
    minutes: 10,
    origin: null,
  } as const;
  return renderMessage({ ...input, ...changes });
}

/** Every message of one language. */
function messages(locale: Locale): readonly (ReturnType<typeof renderMessage> & { readonly channel: string })[] {
  return CHANNELS.flatMap((channel) =>
    PURPOSES.map((purpose) => ({ channel, ...render({ channel, purpose, locale }) })),
  );
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** Every string of a language's table, with where it stands. */
function strings(value: unknown, path = ''): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value as object).flatMap(([name, member]) => strings(member, `${path}.${name}`));
}

it('there are at least forty, two of them reviewed, the others marked as drafts', () => {
  expect(SUPPORTED_LOCALES.length).toBeGreaterThanOrEqual(40);
  expect(SUPPORTED_LOCALES.filter((locale) => LANGUAGES[locale].status === 'reviewed')).toEqual(['en', 'de']);
  for (const locale of SUPPORTED_LOCALES) expect(Intl.getCanonicalLocales(locale)).toEqual([locale]);
});

describe.each(LOCALES)('the texts of %s', (locale) => {
  const texts = LANGUAGES[locale];

  it('have the placeholders they need and no other', () => {
    const only = (text: string, ...names: readonly string[]): void =>
      expect([...text.matchAll(/\{([^}]*)\}?/g)].map(([, name]) => name).sort(), text).toEqual([...names].sort());
    for (const label of Object.values(texts.labels)) {
      only(label, 'brand');
      expect(label).toMatch(/[:：]$/u);
    }
    for (const intro of Object.values(texts.intros)) only(intro, 'brand');
    for (const form of [...Object.values(texts.minutes), ...Object.values(texts.hours)])
      expect(form).toMatch(/^[^{}]*(?:\{n\})?[^{}]*$/);
    only(texts.validity, 'time');
    only(texts.subject, 'brand');
    only(texts.spoken, 'brand', 'code');
    only(texts.spokenAgain, 'code');
    only(texts.amount, 'amount');
    only(texts.payee, 'payee');
    only(texts.warning, 'brand');
    for (const text of [texts.callWarning, texts.greeting, texts.notYou, ...Object.values(texts.brief ?? {})])
      only(text);
  });

  it('are one line each, composed characters, no controls, nothing like a link or a code', () => {
    for (const [path, text] of strings(texts)) {
      expect(text, path).toBe(text.normalize('NFC').trim());
      expect(text, path).not.toMatch(/[\p{Cc}\p{Cs}\p{Co}\p{Cn}\ufffd]|[0-9]{3}|https?:|www\.|[@#<>]|  /u);
    }
  });

  it('are in one script', () => {
    const script = SCRIPTS[locale] ?? 'Latin';
    const letters = new RegExp(`^[\\p{Script_Extensions=${script}}\\P{L}]*$`, 'u');
    const { english: _english, status: _status, direction: _direction, ...words } = texts;
    for (const [path, text] of strings(words)) expect(text.replace(/\{[a-z]+\}/g, ''), path).toMatch(letters);
  });

  it('say what a payment is about in every message, on lines of their own but where an SMS has no room, and nothing else does', () => {
    const details = { amount: 'EUR 49.90', payee: 'Harbour Books' };
    const mark = texts.direction === 'rtl' ? '\u200f' : '';
    const [amount, payee] = (['amount', 'payee'] as const).map((name) =>
      texts[name].replace(`{${name}}`, details[name] + mark),
    );
    for (const channel of CHANNELS) {
      const { text, html } = render({ channel, locale, purpose: 'payment', details });
      const plain = channel === 'sms' ? withoutAccents : (line: string): string => line;
      const inOneLine = channel === 'sms' ? [`${amount}, ${details.payee}${mark}`] : [];
      for (const line of [amount ?? '', payee ?? '']) {
        const ways = [plain(line), line, ...inOneLine];
        expect(ways.filter((one) => text.includes(one)).length, text).toBeGreaterThan(0);
        if (html !== null) expect(html).toContain(line);
      }
      expect(render({ channel, locale, purpose: 'login', details }).text).not.toContain('49.90');
      expect(render({ channel, locale, purpose: 'payment' }).text).not.toMatch(/undefined|\bnull\b|\{/);
    }
  });

  it('fit one segment with the amount and the payee of a payment, and show both', () => {
    const details = { amount: 'EUR 49.90', payee: 'Harbour Books' };
    const { text, segments } = render({ locale, purpose: 'payment', details });
    expect(segments, text).toBe(1);
    for (const shown of [BRAND, CODE, details.amount, details.payee, '10']) expect(text).toContain(shown);
    for (const one of [
      { amount: 'EUR 49.90', payee: null },
      { amount: null, payee: 'Harbour Books' },
    ])
      expect(render({ locale, purpose: 'payment', details: one }).segments).toBe(1);
  });

  it('have a form for every number', () => {
    const rules = new Intl.PluralRules(locale);
    const covered = (forms: Plural, from: number, to: number): void => {
      if (Object.keys(forms).length === 1) return;
      for (let n = from; n <= to; n++) expect(Object.keys(forms), String(n)).toContain(rules.select(n));
    };
    covered(texts.minutes, 1, 119);
    covered(texts.hours, 2, 48);
  });

  it('become messages that hold the code once, or twice when spoken, and nothing unfilled', () => {
    for (const { channel, subject, text, html, warnings } of messages(locale)) {
      if (channel === 'voice') expect(count(text, '0. 4. 9. 1. 5. 3')).toBe(2);
      else expect(count(text, CODE)).toBe(1);
      if (html !== null) expect(count(html, CODE)).toBe(1);
      expect(`${subject} ${text}`).not.toMatch(/[{}\ufffd]|undefined|NaN|\[object/);
      expect(text).toContain(BRAND);
      expect(text).toContain('10');
      expect(warnings).toEqual([]);
    }
  });

  it('fit one segment of SMS with a brand of 11 characters, the code on the first line and early', () => {
    for (const purpose of PURPOSES) {
      const { text, segments } = render({ purpose, locale });
      expect(segments, text).toBe(1);
      const first = text.split('\n')[0] ?? '';
      expect(first.indexOf(CODE), first).toBeGreaterThan(BRAND.length);
      expect(first.endsWith(CODE), first).toBe(true);
      expect(first.indexOf(CODE)).toBeLessThanOrEqual(46);
    }
  });

  it('fit one segment even with the longest code, the longest time and a bound site', () => {
    for (const purpose of PURPOSES) {
      const long = { purpose, locale, code: '0123456789' };
      for (const minutes of [119, 1440, 2880]) expect(render({ ...long, minutes }).segments).toBe(1);
      expect(render({ ...long, code: CODE, origin: 'https://pay.example' }).segments).toBe(1);
    }
  });

  it('say in every message whom to tell the code, and for a call the opposite', () => {
    const own = (text: string): readonly string[] => text.split('{brand}');
    for (const channel of CHANNELS.filter((one) => one !== 'sms')) {
      const text = render({ channel, locale }).text;
      const call = render({ channel, locale, purpose: 'caller_check' }).text;
      for (const part of own(texts.warning)) expect(text).toContain(part);
      expect(call).toContain(texts.callWarning);
      expect(own(texts.warning).every((part) => call.includes(part))).toBe(false);
    }
    const [second, ofCall] = ['login', 'caller_check'].map(
      (purpose) => render({ locale, purpose }).text.split('\n')[1],
    );
    expect(second).not.toBe(ofCall);
    for (const purpose of PURPOSES) expect(render({ locale, purpose }).text.split('\n')).toHaveLength(3);
  });

  it('say what the code is for', () => {
    const intros = PURPOSES.map((purpose) => render({ channel: 'email', locale, purpose }).text.split('\n')[2]);
    expect(new Set(intros).size).toBe(PURPOSES.length);
  });

  it('have a subject with the brand and without the code, and HTML of their language and direction', () => {
    const { subject, html } = render({ channel: 'email', locale });
    expect(subject).toContain(BRAND);
    expect(subject).not.toContain(CODE);
    expect(html).toContain(`<html lang="${locale}" dir="${texts.direction ?? 'ltr'}">`);
  });
});

describe('languages written from right to left', () => {
  it('are those whose script is', () => {
    const found = SUPPORTED_LOCALES.filter((locale) => LANGUAGES[locale].direction === 'rtl');
    expect(found.toSorted()).toEqual(['ar', 'fa', 'he', 'ur']);
  });

  it('begin every line with one of their own letters and mark the brand', () => {
    for (const locale of ['ar', 'fa', 'he', 'ur'] as const)
      for (const message of messages(locale)) {
        if (message.channel === 'voice') continue;
        for (const line of message.text.split('\n').filter((one) => one !== '' && one !== CODE)) {
          const first = /\p{L}/u.exec(line)?.[0] ?? '';
          expect(first, line).toMatch(/[\p{Script=Arabic}\p{Script=Hebrew}]/u);
        }
        expect(count(message.text, BRAND)).toBe(count(message.text, `${BRAND}\u200f`));
      }
  });
});

describe('the time a code works for', () => {
  const time = (locale: Locale, minutes: number): string =>
    render({ channel: 'telegram', locale, minutes }).text.split('\n')[2] ?? '';

  it.each([
    ['en', ['1 minute.', '2 minutes.', '5 minutes.', '10 minutes.', '60 minutes.']],
    ['de', ['1 Minute.', '2 Minuten.', '5 Minuten.', '10 Minuten.', '60 Minuten.']],
    ['fr', ['1 minute.', '2 minutes.', '5 minutes.', '10 minutes.', '60 minutes.']],
    ['ro', ['1 minut.', '2 minute.', '5 minute.', '10 minute.', '60 de minute.']],
    ['pl', ['1 minutę.', '2 minuty.', '5 minut.', '10 minut.', '60 minut.']],
    ['cs', ['1 minutu.', '2 minuty.', '5 minut.', '10 minut.', '60 minut.']],
    ['sk', ['1 minútu.', '2 minúty.', '5 minút.', '10 minút.', '60 minút.']],
    ['sl', ['1 minuto.', '2 minuti.', '5 minut.', '10 minut.', '60 minut.']],
    ['hr', ['1 minutu.', '2 minute.', '5 minuta.', '10 minuta.', '60 minuta.']],
    ['sr-Latn', ['1 minut.', '2 minuta.', '5 minuta.', '10 minuta.', '60 minuta.']],
    ['ru', ['1 минуту.', '2 минуты.', '5 минут.', '10 минут.', '60 минут.']],
    ['uk', ['1 хвилину.', '2 хвилини.', '5 хвилин.', '10 хвилин.', '60 хвилин.']],
    ['lt', ['1 minutę.', '2 minutes.', '5 minutes.', '10 minučių.', '60 minučių.']],
    ['lv', ['1 minūti.', '2 minūtes.', '5 minūtes.', '10 minūtes.', '60 minūtes.']],
    ['fi', ['1 minuutin.', '2 minuuttia.', '5 minuuttia.', '10 minuuttia.', '60 minuuttia.']],
    ['ar', ['دقيقة واحدة.', 'دقيقتين.', '5 دقائق.', '10 دقائق.', '60 دقيقة.']],
    ['he', ['דקה אחת.', '2 דקות.', '5 דקות.', '10 דקות.', '60 דקות.']],
  ] as const)('has the right form in %s', (locale, forms) => {
    const texts = [1, 2, 5, 10, 60].map((minutes) => time(locale, minutes));
    texts.forEach((text, index) => expect(text.endsWith(` ${forms[index]}`), text).toBe(true));
  });

  it.each([
    ['ru', 21, '21 минуту.'],
    ['pl', 22, '22 minuty.'],
    ['lt', 21, '21 minutę.'],
    ['sl', 101, '101 minuto.'],
    ['sl', 104, '104 minute.'],
    ['ar', 11, '11 دقيقة.'],
    ['ru', 240, '4 часа.'],
    ['he', 120, 'שעתיים.'],
  ] as const)('has the right form in %s for %i minutes', (locale, minutes, form) => {
    expect(time(locale, minutes).endsWith(` ${form}`), time(locale, minutes)).toBe(true);
  });
});

describe('a text message', () => {
  const about = { locale: 'es', brand: BRAND, purpose: 'login', minutes: 10 } as const;

  it('loses accents rather than its warning', () => {
    expect(smsText(about, CODE, null)).toMatchObject({
      form: 'plain',
      encoding: 'gsm7',
      text: `Codigo de acceso de ${BRAND}: ${CODE}\nNadie de ${BRAND} le pedirá este código.\nVálido durante 10 minutos.`
        .replace('á', 'a')
        .replace('ó', 'o')
        .replace('á', 'a'),
    });
  });

  it('keeps the letters of its brand', () => {
    const { text, form, segments } = smsText({ ...about, brand: 'Peñón' }, CODE, null);
    expect(text).toContain('Peñón');
    expect([form, segments]).toEqual(['bare', 1]);
  });

  it('loses its warning rather than a second segment, and takes what costs least when nothing fits', () => {
    const form = (brand: string): string => smsText({ ...about, locale: 'ru', brand }, CODE, null).form;
    expect(['Acme', 'A'.repeat(22), 'A'.repeat(40)].map(form)).toEqual(['brief', 'bare', 'brief']);
    const { segments } = smsText({ ...about, locale: 'ru', brand: 'Я'.repeat(60) }, CODE, null);
    expect(segments).toBe(2);
  });

  it('keeps every mark of a script that is not Latin', () => {
    for (const locale of SUPPORTED_LOCALES) {
      const { name } = LANGUAGES[locale];
      if (SCRIPTS[locale] === undefined) expect(smsSize(withoutAccents(name)).encoding, name).toBe('gsm7');
      else expect(withoutAccents(name)).toBe(name);
    }
    expect(withoutAccents('“Żółć” – Đặng ığ…')).toBe('"Zolc" - Dang ig...');
  });
});

describe('a language without texts', () => {
  it('falls back to the given one, else to English, and says so', () => {
    const warning = 'There are no texts in the requested language: the message is in';
    expect(render({ locale: 'tlh' })).toMatchObject({ locale: 'en', warnings: [`${warning} English.`] });
    expect(render({ locale: 'tlh', fallbackLocale: 'fr-CA' })).toMatchObject({
      locale: 'fr',
      warnings: [`${warning} French.`],
    });
    expect(render({ locale: 'pt-BR', fallbackLocale: 'fr' })).toMatchObject({ locale: 'pt', warnings: [] });
  });
});

it('docs/reference/languages.md is fresh (else: npm run generate)', () => {
  expect(readFileSync('docs/reference/languages.md', 'utf8')).toBe(languagesPage());
});
