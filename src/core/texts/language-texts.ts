/** A counted word by plural category (CLDR, as `Intl.PluralRules` names them); `{n}` is the number, `other` stands in for a missing one. */
export type Plural = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string }>;

/** Purposes that have a word of their own for the code; the others have just “code”. */
export type Label = 'other' | 'login' | 'signup' | 'payment' | 'recovery';
export type BuiltInPurpose = Exclude<Label, 'other'> | 'caller_check' | 'address_confirmation';

/**
 * The words of one language: plain text of one line each. The only placeholders are `{brand}`, `{n}` (in plurals), `{time}` (in
 * `validity`), `{code}` (in `spoken`), `{amount}` and `{payee}` (in the lines of these names). `brief` is what a text message has
 * room for in letters outside the GSM alphabet.
 */
export interface LanguageTexts {
  /** The language's name for itself. */
  readonly name: string;
  readonly english: string;
  /** `reviewed` by a speaker, or a machine's `draft`. */
  readonly status: 'reviewed' | 'draft';
  readonly direction?: 'rtl';
  /** What stands before the code, its colon included. */
  readonly labels: Readonly<Record<Label, string>>;
  /** Sentences above the code of an e-mail, where they differ from the label. */
  readonly intros: Readonly<Partial<Record<BuiltInPurpose | 'other', string>>> &
    Readonly<Record<'caller_check' | 'address_confirmation', string>>;
  /** That nobody asks for the code. */
  readonly warning: string;
  /** For `caller_check`: that the agent one called will ask, and nobody calls to ask. */
  readonly callWarning: string;
  readonly brief?: { readonly warning: string; readonly callWarning: string };
  readonly validity: string;
  readonly minutes: Plural;
  readonly hours: Plural;
  readonly subject: string;
  readonly greeting: string;
  readonly notYou: string;
  /** Lines that say what a payment is about. */
  readonly amount: string;
  readonly payee: string;
  readonly spoken: string;
  readonly spokenAgain: string;
}
