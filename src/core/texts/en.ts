import type { MessageTexts, Span } from './message-texts.ts';

/** Labels and introductions of the purposes that have words of their own. */
const PURPOSES: Readonly<Record<string, { readonly label: string; readonly intro: (brand: string) => string }>> = {
  login: { label: 'sign-in code', intro: (brand) => `This is your code to sign in to ${brand}:` },
  signup: { label: 'sign-up code', intro: (brand) => `This is your code to open your ${brand} account:` },
  payment: { label: 'payment code', intro: (brand) => `This is your code to approve a payment with ${brand}:` },
  caller_check: { label: 'code', intro: (brand) => `This is your code for your call with ${brand}:` },
  address_confirmation: { label: 'code', intro: (brand) => `This is your code to confirm this address with ${brand}:` },
  recovery: { label: 'recovery code', intro: (brand) => `This is your code to get back into your ${brand} account:` },
};
const OTHER = { label: 'code', intro: (brand: string): string => `This is your ${brand} code:` };

export const EN: MessageTexts = {
  direction: 'ltr',
  codeLabel: (brand, purpose) => `${brand} ${words(purpose).label}:`,
  warning: (brand, purpose) =>
    purpose === 'caller_check'
      ? 'Give it only to the agent you called. We never call you to ask for it.'
      : `Nobody from ${brand} will ask you for this code.`,
  validity: (span) => `It works for ${duration(span)}.`,
  subject: (brand) => `Your ${brand} code`,
  greeting: 'Hello,',
  intro: (brand, purpose) => words(purpose).intro(brand),
  notYou: 'Did you not ask for this? Then you need not do anything.',
  spokenCode: (brand, digits) => `Hello. Your ${brand} code is: ${digits}.`,
  spokenAgain: (digits) => `Once more, your code is: ${digits}.`,
};

function words(purpose: string): { readonly label: string; readonly intro: (brand: string) => string } {
  return (Object.hasOwn(PURPOSES, purpose) ? PURPOSES[purpose] : undefined) ?? OTHER;
}

function duration({ unit, count }: Span): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
