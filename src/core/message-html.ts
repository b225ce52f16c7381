import { escapeHtml } from './plain-text.ts';

/** The words of an e-mail, as plain text. */
export interface EmailContent {
  readonly lang: string;
  readonly dir: 'ltr' | 'rtl';
  readonly title: string;
  readonly brand: string;
  readonly greeting: string;
  readonly intro: string;
  readonly code: string;
  readonly notes: readonly string[];
  readonly link: { readonly text: string; readonly url: string } | null;
}

const FONT = "font-family:system-ui,-apple-system,'segoe ui',roboto,arial,sans-serif";
const SMALL = 'margin:0;font-size:13px;line-height:1.5';
const MONO = "font-family:ui-monospace,menlo,consolas,'courier new',monospace";
const PARAGRAPH = 'margin:0 0 16px;font-size:16px;line-height:1.5';

/**
 * The HTML part: one table of at most 480 px, inline styles, no image, script or remote resource, and no link but the one that ends what was not asked for. It sets no colour
 * but that of two lines, so that light and dark mail programs both show their own. Nothing in the frame (lower case, numbers
 * under four digits) could be read as a code.
 */
export function emailHtml(content: EmailContent): string {
  const notes = content.notes.map((note) => `<p style="${PARAGRAPH}">${escapeHtml(note)}</p>`).join('\n');
  const { link } = content;
  const last =
    link === null
      ? ''
      : `\n<p style="${SMALL}">${escapeHtml(link.text)} <a href="${escapeHtml(link.url)}" style="word-break:break-all">${escapeHtml(link.url)}</a></p>`;
  return `<!doctype html>
<html lang="${escapeHtml(content.lang)}" dir="${content.dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">
<title>${escapeHtml(content.title)}</title>
</head>
<body style="margin:0;padding:0">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
<tr><td align="center" style="padding:24px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:480px">
<tr><td style="${FONT};text-align:start">
<p style="margin:0 0 24px;padding:0 0 16px;border-bottom:1px solid #888;font-size:18px;line-height:1.3;font-weight:600"><bdi>${escapeHtml(content.brand)}</bdi></p>
<p style="${PARAGRAPH}">${escapeHtml(content.greeting)}</p>
<p style="${PARAGRAPH}">${escapeHtml(content.intro)}</p>
<p dir="ltr" style="${MONO};margin:0 0 16px;padding:16px;border:1px solid #888;border-radius:8px;font-size:32px;line-height:1.2;font-weight:700;letter-spacing:6px;text-align:center">${escapeHtml(content.code)}</p>
${notes}${last}
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
}
