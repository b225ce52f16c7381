// Argentina writes a 9 before mobile numbers dialled from abroad; without it the same subscriber answers.
const ARGENTINA = '54';
// Brazil put a 9 before its 8-digit mobile numbers; both lengths reach the same subscriber.
const BRAZIL = '55';

/** Mail providers that ignore dots in the local part, each with the domain its aliases share. */
const DOTLESS_PROVIDERS: Readonly<Record<string, string>> = { 'gmail.com': 'gmail.com', 'googlemail.com': 'gmail.com' };

/** The limit key of a phone number: spellings that reach one subscriber share it. */
export function foldPhone(callingCode: string, national: string): string {
  return `tel:+${callingCode}${foldNational(callingCode, national)}`;
}

function foldNational(callingCode: string, national: string): string {
  if (callingCode === ARGENTINA && national.length === 11 && national.startsWith('9')) return national.slice(1);
  if (callingCode === BRAZIL && national.length === 11 && national.charAt(2) === '9') {
    return national.slice(0, 2) + national.slice(3);
  }
  return national;
}

/**
 * The limit key of a mailbox: case, `+tag` and the dots that a provider ignores are folded away. `domain` is already
 * lower-case punycode.
 */
export function foldEmail(local: string, domain: string): string {
  const lower = local.toLowerCase();
  const plus = lower.indexOf('+');
  const untagged = plus > 0 ? lower.slice(0, plus) : lower;
  const provider = Object.hasOwn(DOTLESS_PROVIDERS, domain) ? DOTLESS_PROVIDERS[domain] : undefined;
  return provider === undefined ? `mailto:${untagged}@${domain}` : `mailto:${untagged.replaceAll('.', '')}@${provider}`;
}
