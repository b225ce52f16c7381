import { inertBrand } from './brand.ts';
import { canonicalDomain } from './domain.ts';
import { pickLocale } from './locale.ts';
import type { Locale } from './locale.ts';
import { emailHtml } from './message-html.ts';
import { smsSize } from './segments.ts';
import { DE } from './texts/de.ts';
import { EN } from './texts/en.ts';
import type { MessageTexts, Span } from './texts/message-texts.ts';
import type { ChannelName } from './verification.ts';

export { MAX_BRAND } from './brand.ts';
export { pickLocale, SUPPORTED_LOCALES } from './locale.ts';

const TEXTS: Readonly<Record<Locale, MessageTexts>> = { en: EN, de: DE };

/** What a message is made of. `code` may be dots of the same length for a preview. `minutes` is what is left of its life. */
export interface MessageInput {
  readonly channel: ChannelName;
  readonly purpose: string;
  /** A BCP 47 tag. */
  readonly locale: string;
  /** The application's name for itself; made harmless here. */
  readonly brand: string;
  readonly code: string;
  readonly minutes: number;
  /** Site that an SMS code is bound to (`https://acme.example` or `acme.example`), null = none. */
  readonly origin: string | null;
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

/** Everything that the texts of one message share. */
interface Parts {
  readonly texts: MessageTexts;
  readonly input: MessageInput;
  readonly brand: string;
  readonly validity: string;
  readonly warning: string;
}

/** Writes the message of a code. Values are placed, never interpreted: nothing in them can act as a template or as markup. */
export function renderMessage(input: MessageInput): RenderedMessage {
  const locale = pickLocale(input.locale, 'en');
  const texts = TEXTS[locale];
  const { text: brand, warnings } = inertBrand(input.brand, input.code);
  const warning = texts.warning(brand, input.purpose);
  const parts: Parts = { texts, input, brand, validity: texts.validity(span(input.minutes)), warning };
  const plain = { subject: null, html: null, locale, segments: null, warnings };
  switch (input.channel) {
    case 'sms':
      return { ...plain, ...renderSms(parts, warnings) };
    case 'email':
      return { ...plain, subject: texts.subject(brand), text: emailText(parts), html: renderHtml(parts, locale) };
    case 'voice':
      return { ...plain, text: voiceText(parts) };
    case 'whatsapp':
    case 'telegram':
      return { ...plain, text: shortText(parts) };
  }
}

/** Hours from two hours on, rounded down: a message never promises more time than there is. */
function span(minutes: number): Span {
  const whole = Math.max(1, Math.floor(minutes));
  return whole < 120 ? { unit: 'minute', count: whole } : { unit: 'hour', count: Math.floor(whole / 60) };
}

function shortText({ texts, input, brand, validity, warning }: Parts): string {
  return `${texts.codeLabel(brand, input.purpose)} ${input.code}\n${warning}\n${validity}`;
}

function renderSms(parts: Parts, warnings: readonly string[]): Pick<RenderedMessage, 'text' | 'segments' | 'warnings'> {
  const { code, origin } = parts.input;
  const domain = origin === null ? null : boundDomain(origin);
  const text = shortText(parts) + (domain === null ? '' : `\n@${domain} #${code}`);
  // Dots of a preview are no GSM characters, the digits they stand for are.
  const size = smsSize(text.replaceAll(code, '0'.repeat(code.length)));
  const found = [...warnings];
  if (origin !== null && domain === null)
    found.push('The origin is no domain name: the message is not bound to a site.');
  if (size.segments > 1)
    found.push(
      `This SMS takes ${size.segments} segments${size.encoding === 'ucs2' ? ': it has characters outside the GSM alphabet' : ''}.`,
    );
  return { text, segments: size.segments, warnings: found };
}

function boundDomain(origin: string): string | null {
  const host = /^(?:https?:\/\/)?([^/:?#@]{1,253})(?::[0-9]{1,5})?\/?$/.exec(origin)?.[1];
  return host === undefined ? null : canonicalDomain(host);
}

function voiceText({ texts, input, brand, validity, warning }: Parts): string {
  // A stop after every character makes speech engines say them one by one, slowly.
  const digits = Array.from(input.code).join('. ');
  return [texts.spokenCode(brand, digits), texts.spokenAgain(digits), warning, validity].join(' ');
}

function emailText({ texts, input, brand, validity, warning }: Parts): string {
  const paragraphs = [
    texts.greeting,
    texts.intro(brand, input.purpose),
    input.code,
    `${validity} ${warning}`,
    texts.notYou,
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

function renderHtml({ texts, input, brand, validity, warning }: Parts, locale: Locale): string {
  return emailHtml({
    lang: locale,
    dir: texts.direction,
    title: texts.subject(brand),
    brand,
    greeting: texts.greeting,
    intro: texts.intro(brand, input.purpose),
    code: input.code,
    notes: [validity, warning, texts.notYou],
  });
}
