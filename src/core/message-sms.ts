import type { NotMeLine } from './message-not-me.ts';
import { type About, type Words, wordsOf } from './message-words.ts';
import { smsSize } from './segments.ts';

/**
 * How much of a text message there is room for: `full`, `plain` (without the accents that GSM lacks), `brief` (few words), `bare` (no
 * warning), `terse` (a payment in one line).
 */
export type SmsForm = 'full' | 'plain' | 'brief' | 'bare' | 'terse';

export interface SmsText {
  readonly text: string;
  readonly form: SmsForm;
  readonly encoding: 'gsm7' | 'ucs2';
  readonly segments: number;
  readonly units: number;
}

/**
 * The text of an SMS: of the forms that fit one segment the one that says most; when none does, the one with the fewest segments.
 * `lastLine` is put below and counts too. The code may be dots of the same length.
 */
export function smsText(about: About, code: string, lastLine: string | null): SmsText {
  let best: SmsText | null = null;
  for (const [form, lines] of forms(about, code)) {
    const text = [...lines, ...(lastLine === null ? [] : [lastLine])].join('\n');
    // Dots of a preview are no GSM characters, the digits they stand for are.
    const sized = { text, form, ...smsSize(text.replaceAll(code, '0'.repeat(code.length))) };
    if (sized.segments <= 1) return sized;
    if (best === null || sized.segments < best.segments) best = sized;
  }
  return best ?? { text: code, form: 'bare', ...smsSize(code) };
}

/** What binds an SMS: the site of its code, or the app that gets it. Both must be the last line, so there is one of them. */
export interface SmsBinding {
  readonly domain: string | null;
  readonly appHash: string | null;
}

/**
 * The last line of a bound SMS: `@domain #code` (origin-bound one-time codes, WICG) or the hash of an Android app (SMS Retriever);
 * null = none.
 */
export function lastLineOf({ domain, appHash }: SmsBinding, code: string): string | null {
  return domain === null ? appHash : `@${domain} #${code}`;
}

/** What stands below the words of an SMS; what binds it stays the last line, where browsers and Android look for it. */
export function linesBelow(notMe: NotMeLine | null, bound: string | null): string | null {
  const lines = [...(notMe === null ? [] : [`${notMe.short} ${notMe.url}`]), ...(bound === null ? [] : [bound])];
  return lines.length === 0 ? null : lines.join('\n');
}

function* forms(about: About, code: string): Generator<readonly [SmsForm, readonly string[]]> {
  const words = wordsOf(about);
  yield ['full', fullLines(words, code)];
  const plain = wordsOf(about, spelledPlainly);
  yield ['plain', fullLines(plain, code)];
  for (const { shortLabel, details, shortWarning, validity } of [words, plain])
    if (shortWarning !== null) yield ['brief', [`${shortLabel} ${code}`, ...details, shortWarning, validity]];
  for (const { shortLabel, details, validity } of [words, plain])
    yield ['bare', [`${shortLabel} ${code}`, ...details, validity]];
  for (const { shortLabel, shortDetails, time } of [words, plain])
    if (shortDetails !== null) yield ['terse', [`${shortLabel} ${code}`, shortDetails, time]];
}

/** The lines of a short message that says everything. */
export function fullLines({ label, details, warning, validity }: Words, code: string): readonly string[] {
  return [`${label} ${code}`, ...details, warning, validity];
}

/** The words of the languages without accents: as many as there are texts. */
const spelled = new Map<string, string>();

function spelledPlainly(text: string): string {
  const found = spelled.get(text) ?? withoutAccents(text);
  spelled.set(text, found);
  return found;
}

/** Letters that no decomposition leads back to ASCII, and punctuation. */
const SPELLED: Readonly<Record<string, string>> = {
  đ: 'd',
  Đ: 'D',
  ł: 'l',
  Ł: 'L',
  ı: 'i',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '…': '...',
};

/** Latin letters that GSM lacks, without their marks: the usual spelling of text messages in such languages. */
export function withoutAccents(text: string): string {
  return Array.from(text, (sign) => {
    if (smsSize(sign).encoding === 'gsm7') return sign;
    // Marks of other scripts are not ornament: without them the words are others.
    return SPELLED[sign] ?? (/\p{Script=Latin}/u.test(sign) ? sign.normalize('NFD').replace(/\p{Mn}/gu, '') : sign);
  }).join('');
}
