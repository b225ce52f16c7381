import { inertBrand } from './brand.ts';
import { canonicalDomain } from './domain.ts';
import { languageName, type Locale, pickLocale, supportedLocale } from './locale.ts';
import { emailHtml } from './message-html.ts';
import { fullLines, smsText } from './message-sms.ts';
import { type About, type Words, wordsOf } from './message-words.ts';
import { notMeTexts } from './texts/not-me.ts';
import type { ChannelName } from './verification.ts';

export { MAX_BRAND } from './brand.ts';
export { pickLocale, SUPPORTED_LOCALES } from './locale.ts';

/** What a message is made of. `code` may be dots of the same length for a preview. `minutes` is what is left of its life. */
export interface MessageInput {
  readonly channel: ChannelName;
  readonly purpose: string;
  /** A BCP 47 tag. */
  readonly locale: string;
  /** Whose language is used when there are no words in that of `locale`; English without it. */
  readonly fallbackLocale?: string;
  /** The application's name for itself; made harmless here. */
  readonly brand: string;
  readonly code: string;
  readonly minutes: number;
  /** Site that an SMS code is bound to (`https://acme.example` or `acme.example`), null = none. */
  readonly origin: string | null;
  /** Where the reader of an e-mail or SMS says that they did not ask for it; absent = nowhere. */
  readonly notMeUrl?: string | null;
}

/**
 * A finished message. The code stands once in the text and once in the HTML, never in the subject; a bound SMS repeats it
 * in its last line, a voice text speaks it twice. `segments` is null but for SMS. `warnings` are for the operator.
 */
export interface RenderedMessage {
  readonly subject: string | null;
  readonly text: string;
  readonly html: string | null;
  readonly locale: Locale;
  readonly segments: number | null;
  readonly warnings: readonly string[];
}

/** Writes the message of a code. Values are placed, never interpreted: nothing in them can act as a template or as markup. */
export function renderMessage(input: MessageInput): RenderedMessage {
  const locale = pickLocale(input.locale, input.fallbackLocale ?? 'en');
  const { text: brand, warnings: brandWarnings } = inertBrand(input.brand, input.code);
  const about: About = { locale, brand, purpose: input.purpose, minutes: input.minutes };
  const warnings = [...brandWarnings, ...localeWarnings(input.locale, locale)];
  const words = wordsOf(about);
  const notMe = notMeLine(input);
  const plain = { subject: null, html: null, locale, segments: null, warnings };
  switch (input.channel) {
    case 'sms':
      return { ...plain, ...renderSms(about, input, warnings) };
    case 'email':
      return {
        ...plain,
        subject: words.subject,
        text: emailText(words, input.code, notMe),
        html: renderHtml(words, { locale, brand, code: input.code, notMe }),
      };
    case 'voice':
      return { ...plain, text: voiceText(words, input.code) };
    case 'whatsapp':
    case 'telegram':
      return { ...plain, text: fullLines(words, input.code).join('\n') };
  }
}

function localeWarnings(requested: string, used: Locale): readonly string[] {
  return supportedLocale(requested) === null
    ? [`There are no texts in the requested language: the message is in ${languageName(used)}.`]
    : [];
}

function renderSms(
  about: About,
  input: MessageInput,
  warnings: readonly string[],
): Pick<RenderedMessage, 'text' | 'segments' | 'warnings'> {
  const { code, origin } = input;
  const domain = origin === null ? null : boundDomain(origin);
  const notMe = notMeLine(input);
  // The domain stays the last line: browsers look for it there.
  const last = [notMe && `${notMe.short} ${notMe.url}`, domain && `@${domain} #${code}`].filter(Boolean).join('\n');
  const { text, form, segments, encoding } = smsText(about, code, last === '' ? null : last);
  const found = [...warnings];
  if (origin !== null && domain === null)
    found.push('The origin is no domain name: the message is not bound to a site.');
  if (form === 'bare')
    found.push('This SMS has no room for the line that says whom to tell the code: shorten the brand.');
  if (segments > 1)
    found.push(
      `This SMS takes ${segments} segments${encoding === 'ucs2' ? ': it has characters outside the GSM alphabet' : ''}.`,
    );
  return { text, segments, warnings: found };
}

function boundDomain(origin: string): string | null {
  const host = /^(?:https?:\/\/)?([^/:?#@]{1,253})(?::[0-9]{1,5})?\/?$/.exec(origin)?.[1];
  return host === undefined ? null : canonicalDomain(host);
}

interface NotMeLine {
  readonly line: string;
  readonly short: string;
  readonly url: string;
}

function notMeLine({ locale, fallbackLocale, notMeUrl }: MessageInput): NotMeLine | null {
  if (notMeUrl === undefined || notMeUrl === null) return null;
  const { line, short } = notMeTexts(pickLocale(locale, fallbackLocale ?? 'en')).texts;
  return { line, short, url: notMeUrl };
}

function voiceText(words: Words, code: string): string {
  // A stop after every character makes speech engines say them one by one, slowly.
  const characters = Array.from(code).join('. ');
  return [...words.spoken(characters), words.warning, words.validity].join(' ');
}

function emailText(words: Words, code: string, notMe: NotMeLine | null): string {
  const paragraphs = [
    words.greeting,
    words.intro,
    code,
    `${words.validity} ${words.warning}`,
    words.notYou,
    ...(notMe === null ? [] : [`${notMe.line}\n${notMe.url}`]),
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

function renderHtml(
  words: Words,
  {
    locale,
    brand,
    code,
    notMe,
  }: { readonly locale: Locale; readonly brand: string; readonly code: string; readonly notMe: NotMeLine | null },
): string {
  return emailHtml({
    lang: locale,
    dir: words.direction,
    title: words.subject,
    brand,
    greeting: words.greeting,
    intro: words.intro,
    code,
    notes: [words.validity, words.warning, words.notYou],
    link: notMe === null ? null : { text: notMe.line, url: notMe.url },
  });
}
