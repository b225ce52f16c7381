import { inertBrand } from './brand.ts';
import { canonicalDomain } from './domain.ts';
import { directionOf, languageName, type Locale, pickLocale, supportedLocale } from './locale.ts';
import { emailHtml, type MessageLink } from './message-html.ts';
import { fullLines, lastLineOf, linesBelow, smsText } from './message-sms.ts';
import { type About, type Words, wordsOf } from './message-words.ts';
import { type NotMeLine, notMeLine } from './message-not-me.ts';
import { type Details, NO_DETAILS, PAYMENT, shownDetails } from './payment.ts';
import { smsSize } from './segments.ts';
import { CONFIRM_LINES } from './texts/confirm-link.ts';
import { fillTemplate } from './templates/render.ts';
import type { Values } from './templates/placeholders.ts';
import { asks, type Template } from './templates/template.ts';
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
  /** Where the reader of an e-mail confirms without typing; absent = nowhere. */
  readonly confirmUrl?: string | null;
  /** The eleven characters by which Android hands an SMS to its app, null = none. */
  readonly appHash?: string | null;
  /** What a payment is about; made harmless here. */
  readonly details?: Details;
  /** Words of the application's own, linted when they were saved; ours without. */
  readonly template?: Template | null;
}

/**
 * A finished message. The code stands once in the text and once in the HTML, never in the subject; a bound SMS repeats it
 * in its last line, a voice text speaks it twice. `segments` and `encoding` are null but for SMS. `warnings` are for the operator.
 */
export interface RenderedMessage {
  readonly subject: string | null;
  readonly text: string;
  readonly html: string | null;
  /** A BCP 47 tag. */
  readonly locale: string;
  readonly segments: number | null;
  readonly encoding: 'gsm7' | 'ucs2' | null;
  readonly warnings: readonly string[];
}

/** Everything settled about a message but its words. */
interface Draft {
  readonly input: MessageInput;
  readonly about: About;
  readonly words: Words;
  readonly details: Details;
  readonly domain: string | null;
  /** Below the words of an SMS. */
  readonly lastLine: string | null;
  /** Below an e-mail. */
  readonly links: readonly MessageLink[];
  readonly warnings: readonly string[];
}

/** Writes the message of a code. Values are placed, never interpreted: nothing in them can act as a template or as markup. */
export function renderMessage(input: MessageInput): RenderedMessage {
  const draft = draftOf(input);
  return input.template ? ownMessage(draft, input.template) : builtInMessage(draft);
}

function draftOf(input: MessageInput): Draft {
  const own = input.template?.locale ?? null;
  const locale = pickLocale(
    own !== null && supportedLocale(own) !== null ? own : input.locale,
    input.fallbackLocale ?? 'en',
  );
  const { text: brand, warnings } = inertBrand(input.brand, input.code);
  const details = shownDetails(input.details ?? NO_DETAILS, input.code);
  const { purpose, minutes } = input;
  const about: About = { locale, brand, purpose, minutes, details: purpose === PAYMENT ? details : NO_DETAILS };
  const domain = input.origin === null ? null : boundDomain(input.origin);
  const isSms = input.channel === 'sms';
  const notMe = notMeLine(locale, input.notMeUrl ?? null);
  const bound = lastLineOf({ domain, appHash: input.appHash ?? null }, input.code);
  return {
    input,
    about,
    words: wordsOf(about),
    details,
    domain,
    lastLine: isSms ? linesBelow(notMe, bound) : null,
    links: linksOf(locale, input.confirmUrl ?? null, notMe),
    warnings: [
      ...warnings,
      ...localeWarnings(input, locale),
      ...(isSms && input.origin !== null && domain === null
        ? ['The origin is no domain name: the message is not bound to a site.']
        : []),
    ],
  };
}

function linksOf(locale: Locale, confirmUrl: string | null, notMe: NotMeLine | null): readonly MessageLink[] {
  return [
    ...(confirmUrl === null ? [] : [{ text: CONFIRM_LINES[locale], url: confirmUrl }]),
    ...(notMe === null ? [] : [{ text: notMe.line, url: notMe.url }]),
  ];
}

function localeWarnings({ locale, template }: MessageInput, used: Locale): readonly string[] {
  if (supportedLocale(locale) !== null) return [];
  if (template && (template.locale === null || languageOf(template.locale) === languageOf(locale))) return [];
  return [`There are no texts in the requested language: the message is in ${languageName(used)}.`];
}

function languageOf(tag: string): string {
  return tag.slice(0, 3).split('-')[0]?.toLowerCase() ?? '';
}

function builtInMessage({ input, about, words, lastLine, links, warnings }: Draft): RenderedMessage {
  const { locale, brand } = about;
  const plain = { subject: null, html: null, locale, segments: null, encoding: null, warnings };
  switch (input.channel) {
    case 'sms': {
      const { text, form } = smsText(about, input.code, lastLine);
      const sized = measured(text, input);
      const found = form === 'bare' || form === 'terse' ? [BARE] : [];
      return { ...plain, ...sized, text, warnings: [...warnings, ...found, ...sized.warnings] };
    }
    case 'email':
      return {
        ...plain,
        subject: words.subject,
        text: emailText(words, input.code, links),
        html: renderHtml(words, { locale, brand, code: input.code, links }),
      };
    case 'voice':
      return { ...plain, text: voiceText(words, input.code) };
    case 'whatsapp':
    case 'telegram':
      return { ...plain, text: fullLines(words, input.code).join('\n') };
  }
}

const BARE =
  'This SMS has no room for the line that says whom to tell the code: shorten the brand, or the payee of a payment.';

function ownMessage(draft: Draft, template: Template): RenderedMessage {
  const { input, about, words, lastLine, links, warnings } = draft;
  const lang = template.locale ?? about.locale;
  const filled = fillTemplate(template, {
    values: valuesOf(draft),
    spokenCode: spelledOut(input.code),
    lang,
    dir: template.locale === null ? words.direction : directionOf(template.locale),
    subject: words.subject,
    // What the author put somewhere else is not put below as well.
    links: asks(template).has('link') ? links.filter(({ url }) => url !== input.confirmUrl) : links,
  });
  const text = lastLine === null ? filled.text : `${filled.text}\n${lastLine}`;
  const sized = input.channel === 'sms' ? measured(text, input) : UNMEASURED;
  return { ...filled, ...sized, text, locale: lang, warnings: [...warnings, ...sized.warnings] };
}

function valuesOf({ input, about, words, details, domain }: Draft): Values {
  const minutes = String(Math.max(1, Math.floor(input.minutes)));
  const link = input.confirmUrl ?? null;
  return { code: input.code, brand: about.brand, minutes, time: words.time, ...details, domain, link };
}

const UNMEASURED = { segments: null, encoding: null, warnings: [] } as const;

/** What a text takes as SMS, and what to say of it. */
function measured(
  text: string,
  { code, appHash }: MessageInput,
): Pick<RenderedMessage, 'segments' | 'encoding' | 'warnings'> {
  // Dots of a preview are no GSM characters, the digits they stand for are.
  const { segments, encoding } = smsSize(text.replaceAll(code, '0'.repeat(code.length)));
  if (segments <= 1) return { segments, encoding, warnings: [] };
  const why = encoding === 'ucs2' ? ': it has characters outside the GSM alphabet' : '';
  const warnings = [`This SMS takes ${segments} segments${why}.`];
  if (appHash) warnings.push('Android hands an SMS to its app only up to 140 bytes, which is one segment.');
  return { segments, encoding, warnings };
}

function boundDomain(origin: string): string | null {
  const host = /^(?:https?:\/\/)?([^/:?#@]{1,253})(?::[0-9]{1,5})?\/?$/.exec(origin)?.[1];
  return host === undefined ? null : canonicalDomain(host);
}

function spelledOut(code: string): string {
  // A stop after every character makes speech engines say them one by one, slowly.
  return Array.from(code).join('. ');
}

function voiceText(words: Words, code: string): string {
  const details = words.details.map((line) => `${line}.`);
  return [...words.spoken(spelledOut(code)), ...details, words.warning, words.validity].join(' ');
}

function emailText(words: Words, code: string, links: readonly MessageLink[]): string {
  const details = words.details.length === 0 ? [] : [words.details.join('\n')];
  const paragraphs = [
    words.greeting,
    words.intro,
    ...details,
    code,
    `${words.validity} ${words.warning}`,
    words.notYou,
    ...links.map(({ text, url }) => `${text}\n${url}`),
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

function renderHtml(
  words: Words,
  {
    locale,
    brand,
    code,
    links,
  }: {
    readonly locale: Locale;
    readonly brand: string;
    readonly code: string;
    readonly links: readonly MessageLink[];
  },
): string {
  return emailHtml({
    lang: locale,
    dir: words.direction,
    title: words.subject,
    brand,
    greeting: words.greeting,
    intro: words.intro,
    details: words.details,
    code,
    notes: [words.validity, words.warning, words.notYou],
    links,
  });
}
