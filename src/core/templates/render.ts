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
  /** Ends an e-mail, whoever wrote it. */
  readonly link: MessageLink | null;
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
  const { values, dir, lang, link } = filling;
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
      ? textAsHtml(text, value('code'))
      : fillPlaceholders(template.html, (name) => asHtml(name, value(name)));
  const frame = { lang, dir, title: subject, brand: value('brand') };
  if (link === null) return { subject, text, html: emailFrame(frame, body) };
  return {
    subject,
    text: `${text}\n\n${link.text}\n${link.url}`,
    html: emailFrame(frame, `${body}\n${linkLine(link)}`),
  };
}

function asHtml(name: Placeholder, value: string): string {
  return ISOLATED.includes(name) ? `<bdi>${escapeHtml(value)}</bdi>` : escapeHtml(value);
}
