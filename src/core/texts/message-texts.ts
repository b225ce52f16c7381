/**
 * The words of one language. Every function returns plain text of one line; `brand` is inert already. Words of an SMS stay
 * in the GSM-7 alphabet and fit one segment with a brand of 20 characters and a code of 10.
 */
export interface MessageTexts {
  readonly direction: 'ltr' | 'rtl';
  /** First line of a short message up to the code; the word for “code” stands before it, as autofill expects. */
  readonly codeLabel: (brand: string, purpose: string) => string;
  /** Whom the code may be told to. */
  readonly warning: (brand: string, purpose: string) => string;
  readonly validity: (span: Span) => string;
  readonly subject: (brand: string) => string;
  readonly greeting: string;
  /** Sentence above the code of an e-mail: what the code is for. */
  readonly intro: (brand: string, purpose: string) => string;
  readonly notYou: string;
  readonly spokenCode: (brand: string, digits: string) => string;
  readonly spokenAgain: (digits: string) => string;
}

/** A time a code works for, whole units. */
export interface Span {
  readonly unit: 'minute' | 'hour';
  readonly count: number;
}
