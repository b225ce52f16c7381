import { inertLine, withoutCode } from './brand.ts';
import type { FieldError } from './errors.ts';
import { INVISIBLE } from './plain-text.ts';
import type { StringMap } from './verification.ts';

/** The longest a message shows, in characters. */
const MAX_AMOUNT = 24;
const MAX_PAYEE = 40;

/** Digits, a currency and what stands between them, e.g. `EUR 1 249.90`; nothing that reads as a link. */
const AMOUNT = /^(?=.*\p{N})(?!.*\.\p{L})[\p{L}\p{M}\p{N}\p{Sc}\p{Zs}.,'’+-]*$/u;

/** The purpose whose messages say what the code is for, to the amount and the payee (dynamic linking, PSD2). */
export const PAYMENT = 'payment';

/** What a code for a payment is bound to, as `context` has it; null = not given. */
export interface Details {
  readonly amount: string | null;
  readonly payee: string | null;
}

export const NO_DETAILS: Details = { amount: null, payee: null };

/** The details among the values a code is bound to. */
export function detailsOf(context: StringMap | null): Details {
  const own = (name: 'amount' | 'payee'): string | null =>
    context !== null && Object.hasOwn(context, name) ? (context[name] ?? null) : null;
  return { amount: own('amount'), payee: own('payee') };
}

/** Whether a message must say what a payment is about. */
export function mustShowDetails(purpose: string, context: StringMap | null): boolean {
  const { amount, payee } = detailsOf(context);
  return purpose === PAYMENT && (amount !== null || payee !== null);
}

/** The details as a message shows them: inert, and without the code. */
export function shownDetails({ amount, payee }: Details, code: string): Details {
  return {
    amount: amount === null || isAmount(amount) ? amount : withoutCode(inertLine(amount, MAX_AMOUNT), code),
    payee: payee === null ? null : withoutCode(inertLine(payee, MAX_PAYEE), code),
  };
}

/**
 * Why details cannot be shown as they are: a person must read the very amount and payee that the code is bound to, so that nothing is
 * cut or left out in silence. Pointers into the body of a start.
 */
export function detailProblems({ amount, payee }: Details): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (amount !== null && !isAmount(amount))
    errors.push({
      pointer: '/context/amount',
      code: 'invalid_format',
      detail: `is shown in the message: at most ${MAX_AMOUNT} characters, a number and a currency such as "EUR 49.90"`,
    });
  if (payee !== null && !isPayee(payee))
    errors.push({
      pointer: '/context/payee',
      code: 'invalid_format',
      detail: `is shown in the message: at most ${MAX_PAYEE} visible characters, without angle brackets`,
    });
  return errors;
}

function isAmount(text: string): boolean {
  return text.length <= MAX_AMOUNT && AMOUNT.test(text);
}

function isPayee(text: string): boolean {
  if (text.length > MAX_PAYEE * 2 || Array.from(text).length > MAX_PAYEE) return false;
  return !INVISIBLE.test(text) && !/[<>]/.test(text) && inertLine(text, MAX_PAYEE) !== '';
}
