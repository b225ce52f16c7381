import { emailFrame, linkLine, type MessageLink, textAsHtml } from '../message-html.ts';
import { inDirection } from '../message-words.ts';
import { escapeHtml } from '../plain-text.ts';
import { fillPlaceholders, type Placeholder, type Values } from './placeholders.ts';
import type { TemplateContent } from './template.ts';

/** What a template is filled with. `spokenCode` stands for the code where the message is read aloud. */
export interface Filling {
  readonly values: Values;
  readonly spokenCode: string;
  /** Language and direction of the message. */
  readonly lang: string;
  readonly dir: 'ltr' | 'rtl';
  /** Where the template has no subject of its own. */
  readonly subject: string;
  /** End an e-mail, whoever wrote it. */
  readonly links: readonly MessageLink[];
}

export interface FilledTemplate {
  readonly subject: string | null;
  readonly text: string;
  readonly html: string | null;
}

/** Names and numbers, which keep their own direction within a line. */
const ISOLATED: readonly Placeholder[] = ['brand', 'amount', 'payee'];

/** The message of a template. Values are placed once, and escaped in HTML; nothing in them is read again. */
export function fillTemplate(template: TemplateContent, filling: Filling): FilledTemplate {
  const { values, dir, lang, links } = filling;
  const value = (name: Placeholder): string => values[name] ?? '';
  const inLine = (name: Placeholder): string => (ISOLATED.includes(name) ? inDirection(value(name), dir) : value(name));
  if (template.channel === 'voice')
    return {
      subject: null,
      text: fillPlaceholders(template.text, (name) => (name === 'code' ? filling.spokenCode : value(name))),
      html: null,
    };
  const text = fillPlaceholders(template.text, inLine);
  if (template.channel !== 'email') return { subject: null, text, html: null };
  const subject = template.subject === null ? filling.subject : fillPlaceholders(template.subject, inLine);
  const body =
    template.html === null
      ? withAnchor(textAsHtml(text, value('code')), values.link ?? null)
      : fillPlaceholders(template.html, (name) => asHtml(name, value(name)));
  const frame = { lang, dir, title: subject, brand: value('brand') };
  return {
    subject,
    text: [text, ...links.map((link) => `${link.text}\n${link.url}`)].join('\n\n'),
    html: emailFrame(frame, [body, ...links.map(linkLine)].join('\n')),
  };
}

/** A text's link, which stands alone in it, made one that can be followed. */
function withAnchor(html: string, url: string | null): string {
  return url === null ? html : html.replace(escapeHtml(url), () => anchor(url));
}

function anchor(url: string): string {
  return `<a href="${escapeHtml(url)}" style="word-break:break-all">${escapeHtml(url)}</a>`;
}

function asHtml(name: Placeholder, value: string): string {
  if (name === 'link') return anchor(value);
  return ISOLATED.includes(name) ? `<bdi>${escapeHtml(value)}</bdi>` : escapeHtml(value);
}
