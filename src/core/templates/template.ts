import { supportedLocale } from '../locale.ts';
import { type Details, PAYMENT } from '../payment.ts';
import type { ChannelName } from '../verification.ts';
import { type Placeholder, placeholdersIn } from './placeholders.ts';

/** The words of an application's own message. `subject` and `html` are for e-mail; null = made from the text. */
export interface TemplateContent {
  readonly channel: ChannelName;
  /** Null = any. */
  readonly purpose: string | null;
  /** A canonical BCP 47 tag; null = any. */
  readonly locale: string | null;
  readonly subject: string | null;
  readonly text: string;
  readonly html: string | null;
  /** Whether links may stand in it. */
  readonly allow_links: boolean;
}

export interface Template extends TemplateContent {
  readonly id: string;
}

/** A template as the API and the configuration file take it: absent and null mean the same. */
export interface TemplateInput {
  readonly channel: ChannelName;
  readonly purpose?: string | null;
  readonly locale?: string | null;
  readonly subject?: string | null;
  readonly text: string;
  readonly html?: string | null;
  readonly allow_links?: boolean;
}

/** What is known of a message when its template is chosen. */
export interface Wanted {
  readonly channel: ChannelName;
  readonly purpose: string;
  readonly locale: string;
  /** The application's language. */
  readonly fallbackLocale: string;
  readonly details: Details;
  readonly domain: string | null;
  /** Whether the message has a link to confirm with. */
  readonly link: boolean;
}

/** The id says what a template is for, so that there is one of each: `tpl_sms.de-AT.payment`, with `-` for any. */
function templateId({ channel, locale, purpose }: Pick<TemplateContent, 'channel' | 'locale' | 'purpose'>): string {
  return `tpl_${channel}.${locale ?? '-'}.${purpose ?? '-'}`;
}

/** The template that an input describes; null when its language tag is none. */
export function templateFrom(input: TemplateInput): Template | null {
  const { channel, purpose = null, subject = null, text, html = null, allow_links: allowLinks = false } = input;
  const given = input.locale ?? null;
  const locale = given === null ? null : canonicalLocale(given);
  if (locale === null && given !== null) return null;
  const content = { channel, purpose, locale, subject, text, html, allow_links: allowLinks };
  return { id: templateId(content), ...content };
}

/** A language tag as it is written and compared (`de-at` → `de-AT`), null when it is none. */
export function canonicalLocale(tag: string): string | null {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    return null;
  }
}

/**
 * The template of a message: of its purpose before those of any; there the one of its language, then the language with less of its
 * tag (`de-AT`, `de`), then that of any language. One that lacks a value, or would keep a payment's details to itself, is passed over.
 */
export function chooseTemplate(templates: readonly Template[], wanted: Wanted): Template | null {
  const fitting = templates.filter((template) => template.channel === wanted.channel && serves(template, wanted));
  if (fitting.length === 0) return null;
  const locales = [...languages(wanted.locale, wanted.fallbackLocale), null];
  for (const purpose of [wanted.purpose, null])
    for (const locale of locales) {
      const found = fitting.find((template) => template.purpose === purpose && template.locale === locale);
      if (found !== undefined) return found;
    }
  return null;
}

/**
 * The language of a verification: as asked for where the application has a template or there are texts, else the application's own,
 * at last English.
 */
export function settleLocale(
  templates: readonly Template[],
  purpose: string,
  requested: string | null,
  fallback: string,
): string {
  const own = new Set(
    templates.filter((one) => one.purpose === null || one.purpose === purpose).map(({ locale }) => locale),
  );
  for (const tag of requested === null ? [fallback] : [requested, fallback]) {
    const found = (own.size === 0 ? undefined : tagsOf(tag).find((one) => own.has(one))) ?? supportedLocale(tag);
    if (found !== null) return found;
  }
  return 'en';
}

/** What the templates of a start ask of its context that is not there. */
export function missingDetails(template: TemplateContent, details: Details): readonly ('amount' | 'payee')[] {
  const asked = asks(template);
  return (['amount', 'payee'] as const).filter((name) => asked.has(name) && details[name] === null);
}

/** What a template asks for in any of its parts. */
export function asks({ subject, text, html }: TemplateContent): ReadonlyMap<Placeholder, number> {
  return placeholdersIn([subject ?? '', text, html ?? ''].join('\n'));
}

function serves(template: TemplateContent, { purpose, details, domain, link }: Wanted): boolean {
  const asked = asks(template);
  if ((asked.has('domain') && domain === null) || (asked.has('link') && !link)) return false;
  const shown = placeholdersIn(template.text);
  const inHtml = template.html === null ? shown : placeholdersIn(template.html);
  return (['amount', 'payee'] as const).every((name) =>
    details[name] === null ? !asked.has(name) : purpose !== PAYMENT || (shown.has(name) && inHtml.has(name)),
  );
}

/** Where there are no texts in the language, the application's stands in, for its templates too. */
function languages(locale: string, fallback: string): readonly string[] {
  return supportedLocale(locale) === null ? [...tagsOf(locale), ...tagsOf(fallback)] : tagsOf(locale);
}

/** A tag, then with less and less of it (RFC 4647 section 3.4), then what it is called here (`no` → `nb`). */
function tagsOf(tag: string): readonly string[] {
  const parts = (canonicalLocale(tag) ?? 'en').split('-');
  const tags = parts.map((_part, index) => parts.slice(0, parts.length - index).join('-'));
  const known = supportedLocale(tag);
  return known === null || tags.includes(known) ? tags : [...tags, known];
}
