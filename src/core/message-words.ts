import { type Details, NO_DETAILS } from './payment.ts';
import type { Label, LanguageTexts, Plural } from './texts/language-texts.ts';
import { LANGUAGES, type Locale } from './texts/languages.ts';

/** What the words of a message are about. `brand` is inert already. */
export interface About {
  readonly locale: Locale;
  readonly brand: string;
  readonly purpose: string;
  /** What is left of the code's life. */
  readonly minutes: number;
  /** Of a payment, inert already. */
  readonly details?: Details;
}

/** How the words are written: as the language is, or in the letters an SMS has room for. */
export type Spelling = (text: string) => string;

/** The words of one message, each plain text of one line. */
export interface Words {
  readonly direction: 'ltr' | 'rtl';
  /** First line of a short message up to the code; the word for “code” stands before it, as autofill expects. */
  readonly label: string;
  /** The same without the purpose. */
  readonly shortLabel: string;
  /** Whom the code may be told to. */
  readonly warning: string;
  /** The same in a few words, null where the long form fits anyway. */
  readonly shortWarning: string | null;
  readonly validity: string;
  /** The time alone, “10 minutes”. */
  readonly time: string;
  /** Amount and payee, one line each; none where they are not known. */
  readonly details: readonly string[];
  /** The same in one line, the payee without a name for it; null where they are not known. */
  readonly shortDetails: string | null;
  readonly subject: string;
  readonly greeting: string;
  /** Sentence above the code of an e-mail: what the code is for. */
  readonly intro: string;
  readonly notYou: string;
  /** Two sentences, each with the characters of the code. */
  spoken(characters: string): readonly string[];
}

/** Behind a name in a line from right to left, so that what follows it keeps that direction. */
const RIGHT_TO_LEFT_MARK = '\u200f';

const plain: Spelling = (text) => text;

/** Fills the words of a language. Values are placed once, never read again: nothing in them can act as a placeholder. */
export function wordsOf(about: About, spelling: Spelling = plain): Words {
  const texts = LANGUAGES[about.locale];
  const direction = texts.direction ?? 'ltr';
  const brand = inDirection(about.brand, direction);
  const say = (text: string, values: Readonly<Record<string, string>> = {}): string =>
    fill(spelling(text), { brand, ...values });
  const isCall = about.purpose === 'caller_check';
  const { brief } = texts;
  // As getters, because no message needs them all.
  return {
    direction,
    get label() {
      return say(labelOf(texts, about.purpose));
    },
    get shortLabel() {
      return say(texts.labels.other);
    },
    get warning() {
      return say(isCall ? texts.callWarning : texts.warning);
    },
    get shortWarning() {
      return brief === undefined ? null : say(isCall ? brief.callWarning : brief.warning);
    },
    get validity() {
      return say(texts.validity, { time: duration(texts, about, spelling) });
    },
    get time() {
      return duration(texts, about, spelling);
    },
    get details() {
      const { amount, payee } = about.details ?? NO_DETAILS;
      return [
        ...(amount === null ? [] : [say(texts.amount, { amount: inDirection(amount, direction) })]),
        ...(payee === null ? [] : [say(texts.payee, { payee: inDirection(payee, direction) })]),
      ];
    },
    get shortDetails() {
      const [first, second] = this.details;
      if (first === undefined) return null;
      return second === undefined ? first : `${first}, ${inDirection(about.details?.payee ?? '', direction)}`;
    },
    get subject() {
      return say(texts.subject);
    },
    get greeting() {
      return say(texts.greeting);
    },
    get intro() {
      return say(introOf(texts, about.purpose));
    },
    get notYou() {
      return say(texts.notYou);
    },
    spoken: (code) => [say(texts.spoken, { code }), say(texts.spokenAgain, { code })],
  };
}

/** A name or a number as it stands in a line of this direction. */
export function inDirection(value: string, direction: 'ltr' | 'rtl'): string {
  return direction === 'rtl' ? value + RIGHT_TO_LEFT_MARK : value;
}

function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{([a-z]+)\}/g, (placeholder, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? placeholder) : placeholder,
  );
}

function labelOf({ labels }: LanguageTexts, purpose: string): string {
  return Object.hasOwn(labels, purpose) ? labels[purpose as Label] : labels.other;
}

function introOf(texts: LanguageTexts, purpose: string): string {
  const intros: Readonly<Record<string, string>> = texts.intros;
  const own = Object.hasOwn(intros, purpose) ? intros[purpose] : undefined;
  if (own !== undefined) return own;
  return Object.hasOwn(texts.labels, purpose) ? labelOf(texts, purpose) : (intros['other'] ?? texts.labels.other);
}

/** Hours from two hours on, rounded down: a message never promises more time than there is. */
function duration(texts: LanguageTexts, { locale, minutes }: About, spelling: Spelling): string {
  const whole = Math.max(1, Math.floor(minutes));
  const [forms, count] = whole < 120 ? [texts.minutes, whole] : [texts.hours, Math.floor(whole / 60)];
  return fill(spelling(formFor(forms, locale, count)), { n: String(count) });
}

function formFor(forms: Plural, locale: Locale, count: number): string {
  return forms[pluralRules(locale).select(count)] ?? forms.other;
}

const rules = new Map<Locale, Intl.PluralRules>();

function pluralRules(locale: Locale): Intl.PluralRules {
  const known = rules.get(locale) ?? new Intl.PluralRules(locale);
  rules.set(locale, known);
  return known;
}
