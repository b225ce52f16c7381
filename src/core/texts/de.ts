import type { MessageTexts, Span } from './message-texts.ts';

/** Labels and introductions of the purposes that have words of their own. */
const PURPOSES: Readonly<Record<string, { readonly label: string; readonly intro: (brand: string) => string }>> = {
  login: { label: 'Anmelde-Code', intro: (brand) => `Mit diesem Code melden Sie sich bei ${brand} an:` },
  signup: { label: 'Code', intro: (brand) => `Mit diesem Code eröffnen Sie Ihr Konto bei ${brand}:` },
  payment: { label: 'Zahlungs-Code', intro: (brand) => `Mit diesem Code geben Sie eine Zahlung bei ${brand} frei:` },
  caller_check: { label: 'Code', intro: (brand) => `Das ist Ihr Code für Ihren Anruf bei ${brand}:` },
  address_confirmation: {
    label: 'Code',
    intro: (brand) => `Mit diesem Code bestätigen Sie diese Adresse bei ${brand}:`,
  },
  recovery: { label: 'Code', intro: (brand) => `Mit diesem Code kommen Sie wieder in Ihr Konto bei ${brand}:` },
};
const OTHER = { label: 'Code', intro: (brand: string): string => `Das ist Ihr Code von ${brand}:` };

export const DE: MessageTexts = {
  direction: 'ltr',
  codeLabel: (brand, purpose) => `${brand} ${words(purpose).label}:`,
  warning: (brand, purpose) =>
    purpose === 'caller_check'
      ? 'Nennen Sie ihn nur, wenn Sie uns selbst angerufen haben. Wir rufen nie an, um danach zu fragen.'
      : `Niemand von ${brand} fragt Sie nach diesem Code.`,
  validity: (span) => `Er gilt ${duration(span)}.`,
  subject: (brand) => `Ihr Code von ${brand}`,
  greeting: 'Guten Tag,',
  intro: (brand, purpose) => words(purpose).intro(brand),
  notYou: 'Haben Sie das nicht angefordert? Dann müssen Sie nichts tun.',
  spokenCode: (brand, digits) => `Guten Tag. Ihr Code von ${brand} lautet: ${digits}.`,
  spokenAgain: (digits) => `Noch einmal, Ihr Code lautet: ${digits}.`,
};

function words(purpose: string): { readonly label: string; readonly intro: (brand: string) => string } {
  return (Object.hasOwn(PURPOSES, purpose) ? PURPOSES[purpose] : undefined) ?? OTHER;
}

function duration({ unit, count }: Span): string {
  if (unit === 'hour') return count === 1 ? '1 Stunde' : `${count} Stunden`;
  return count === 1 ? '1 Minute' : `${count} Minuten`;
}
