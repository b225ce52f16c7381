import { LOCALE_ALIASES } from '../locale.ts';
import { type SmsForm, smsText } from '../message-sms.ts';
import { PAYMENT } from '../payment.ts';
import { LANGUAGES, type Locale, SUPPORTED_LOCALES } from './languages.ts';

const PURPOSES = ['login', 'signup', 'payment', 'caller_check', 'address_confirmation', 'recovery'] as const;
/** Eleven characters, as many as a sender's name may have. */
const BRAND = 'Bluegum Pay';
const CODE = '000000';
const DETAILS = { amount: 'EUR 49.90', payee: 'Harbour Books' };

const FORMS: Readonly<Record<SmsForm, string>> = {
  full: 'as it is',
  plain: 'without the accents that GSM lacks',
  brief: 'brief warning',
  bare: 'no warning',
  terse: 'no warning, payment in one line',
};

/** docs/reference/languages.md. */
export function languagesPage(): string {
  const drafts = SUPPORTED_LOCALES.filter((locale) => LANGUAGES[locale].status === 'draft').length;
  return `# Languages

<!-- Made from src/core/texts by npm run generate. -->

Messages of every channel and built-in purpose are written in ${SUPPORTED_LOCALES.length} languages. ${SUPPORTED_LOCALES.length - drafts} were reviewed by speakers; **${drafts} are
drafts made by machine** that nobody has reviewed yet: read yours before you send it, and correct it in \`src/core/texts\`.

The language is that of \`locale\` in the request, else the application's. A tag loses its last part until something fits
(\`zh-Hant-TW\` → \`zh-Hant\`, \`pt-BR\` → \`pt\`); when nothing does, the application's language is used, at last English, and a
preview says so in \`warnings\`.

Every SMS fits one segment with a brand of ${BRAND.length} characters and a code of ${CODE.length}. Where the full text does not fit, it goes out in the
first form that does: without the accents that the GSM alphabet lacks; with a brief warning; with brand, code and minutes only; a
payment with its amount and payee in one line.
The table shows the form for each language (brand “${BRAND}”, code “${CODE}”, 10 minutes) and the size of the longest of its
${PURPOSES.length} purposes, in characters of a segment of 160 (GSM-7) or 70 (UCS-2).

Every language has its plural forms (“forms”: the categories of CLDR that its words for minutes tell apart), a script for
calls, lines for the amount and the payee of a payment, and, where it is written from right to left, marks behind names and
numbers. “Payment” is the form of an SMS with amount and payee (“${DETAILS.amount}”, “${DETAILS.payee}”) and its size; each is one segment.

| tag | language | own name | status | direction | forms | SMS | size | payment |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${SUPPORTED_LOCALES.map(row).join('\n')}

Other names of these languages: ${Object.entries(LOCALE_ALIASES)
    .map(([alias, locale]) => `\`${alias}\` → \`${locale}\``)
    .join(', ')}.
`;
}

function row(locale: Locale): string {
  const { name, english, status, direction, minutes } = LANGUAGES[locale];
  const texts = PURPOSES.map((purpose) => smsText({ locale, brand: BRAND, purpose, minutes: 10 }, CODE, null));
  const forms = [...new Set(texts.map(({ form }) => FORMS[form]))].join(', or ');
  const encodings = [...new Set(texts.map(({ encoding }) => (encoding === 'gsm7' ? 'GSM-7' : 'UCS-2')))].join(', ');
  const size = Math.max(...texts.map(({ units }) => units));
  const payment = smsText({ locale, brand: BRAND, purpose: PAYMENT, minutes: 10, details: DETAILS }, CODE, null);
  const cells = [
    `\`${locale}\``,
    english,
    name,
    status,
    direction ?? 'ltr',
    String(Object.keys(minutes).length),
    forms,
    `${size} ${encodings}`,
    `${FORMS[payment.form]}: ${payment.units}`,
  ];
  return `| ${cells.join(' | ')} |`;
}
