import type { AddressFault } from './address-problem.ts';
import { INVISIBLE, trimBlanks } from './plain-text.ts';

const MAX_LENGTH = 32;

/** What no number may hold, in the order in which the cause is most likely meant. */
const FORBIDDEN: readonly (AddressFault & { readonly pattern: RegExp })[] = [
  {
    pattern: INVISIBLE,
    code: 'control_character',
    detail: 'The number has a control or invisible character. Type it anew.',
  },
  {
    pattern: /\d *(?:;? *ext|x|#|;isub)/i,
    code: 'has_extension',
    detail: 'The number has an extension. Codes can only go to a direct number: give it without extension.',
  },
  { pattern: /[,;|&]|\+.*\+/, code: 'several_recipients', detail: 'Give one number only.' },
  {
    pattern: /\p{L}/u,
    code: 'has_letters',
    detail: 'The number has letters. Write digits only; an e-mail address needs an @.',
  },
];

const SPELLING = /^(\+|00)?([0-9 ()./-]*[0-9][0-9 ()./-]*)$/;

/** Digits only; `international` says whether they begin with a calling code (`+` or `00` was written). */
export interface PhoneSpelling {
  readonly digits: string;
  readonly international: boolean;
}

/**
 * Reads how a number is written: ASCII digits, spaces, `- ( ) . /` and a leading `+` or `00`, at most 32 characters. The
 * rest is refused before any parser sees it.
 */
export function readPhoneSpelling(raw: string): PhoneSpelling | AddressFault {
  if (raw.length > MAX_LENGTH) {
    return { code: 'too_long', detail: 'The number is too long. Write one number with at most 15 digits.' };
  }
  const text = trimBlanks(raw);
  if (text === '') return { code: 'too_short', detail: 'The number is missing. Write it with + and its calling code.' };
  const forbidden = FORBIDDEN.find((rule) => rule.pattern.test(text));
  if (forbidden !== undefined) return { code: forbidden.code, detail: forbidden.detail };
  const match = SPELLING.exec(text);
  if (match === null) {
    return { code: 'not_a_number', detail: 'This is no phone number. Write + and digits, such as +14155552671.' };
  }
  return { digits: (match[2] ?? '').replace(/[^0-9]/g, ''), international: match[1] !== undefined };
}
