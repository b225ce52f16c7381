import { escapeHtml } from './plain-text.ts';

/** What every e-mail has around its body. */
interface EmailFrame {
  readonly lang: string;
  readonly dir: 'ltr' | 'rtl';
  readonly title: string;
  readonly brand: string;
}

/** A link and what it is for. */
export interface MessageLink {
  readonly text: string;
  readonly url: string;
}

/** The words of an e-mail, as plain text. */
export interface EmailContent extends EmailFrame {
  readonly greeting: string;
  readonly intro: string;
  /** What a payment is about, line by line. */
  readonly details: readonly string[];
  readonly code: string;
  readonly notes: readonly string[];
  readonly links: readonly MessageLink[];
}

const FONT = "font-family:system-ui,-apple-system,'segoe ui',roboto,arial,sans-serif";
const SMALL = 'margin:0;font-size:13px;line-height:1.5';
const MONO = "font-family:ui-monospace,menlo,consolas,'courier new',monospace";
const PARAGRAPH = 'margin:0 0 16px;font-size:16px;line-height:1.5';

/** The HTML part in our own words. */
export function emailHtml(content: EmailContent): string {
  const { greeting, intro, details, code, notes, links } = content;
  const lines = details.length === 0 ? [] : [paragraph(details.map(escapeHtml).join('<br>\n'))];
  const body = [
    paragraph(escapeHtml(greeting)),
    paragraph(escapeHtml(intro)),
    ...lines,
    codeBlock(code),
    ...notes.map((note) => paragraph(escapeHtml(note))),
    ...links.map(linkLine),
  ];
  return emailFrame(content, body.join('\n'));
}

/** HTML made from plain text: a paragraph for each, and a block for the code where it stands alone. */
export function textAsHtml(text: string, code: string): string {
  const paragraphs = text.split(/\n{2,}/).filter((one) => one.trim() !== '');
  return paragraphs
    .map((one) =>
      one.trim() === code ? codeBlock(code) : paragraph(escapeHtml(one.trim()).replaceAll('\n', '<br>\n')),
    )
    .join('\n');
}

/** A link of ours below the words of an e-mail. */
export function linkLine({ text, url }: MessageLink): string {
  return `<p style="${SMALL}">${escapeHtml(text)} <a href="${escapeHtml(url)}" style="word-break:break-all">${escapeHtml(url)}</a></p>`;
}

function paragraph(html: string): string {
  return `<p style="${PARAGRAPH}">${html}</p>`;
}

function codeBlock(code: string): string {
  return `<p dir="ltr" style="${MONO};margin:0 0 16px;padding:16px;border:1px solid #888;border-radius:8px;font-size:32px;line-height:1.2;font-weight:700;letter-spacing:6px;text-align:center">${escapeHtml(code)}</p>`;
}

/**
 * The HTML document around a body: one table of at most 480 px, inline styles, no image, script or remote resource. It sets no
 * colour but that of two lines, so that light and dark mail programs both show their own. Nothing in it (lower case, numbers under
 * four digits) could be read as a code.
 */
export function emailFrame({ lang, dir, title, brand }: EmailFrame, body: string): string {
  return `<!doctype html>
<html lang="${escapeHtml(lang)}" dir="${dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">
<title>${escapeHtml(title)}</title>
</head>
<body style="margin:0;padding:0">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
<tr><td align="center" style="padding:24px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:480px">
<tr><td style="${FONT};text-align:start">
<p style="margin:0 0 24px;padding:0 0 16px;border-bottom:1px solid #888;font-size:18px;line-height:1.3;font-weight:600"><bdi>${escapeHtml(brand)}</bdi></p>
${body}
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
}
