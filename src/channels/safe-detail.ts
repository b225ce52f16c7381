const MAX_LENGTH = 200;
// A server may send megabytes; only the start is worth reading.
const MAX_READ = 2000;
// oxlint-disable-next-line no-control-regex -- control characters are what is removed
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/**
 * Makes words of a provider fit to keep and show: no control characters, nothing between `<` and `>`, nothing that looks like
 * an address, a phone number or a code, none of `secrets` (any case), at most 200 characters.
 */
export function safeDetail(text: string, secrets: readonly string[]): string {
  let safe = wholeWords(text).replace(CONTROL, ' ');
  for (const secret of [...secrets].filter((value) => value.length >= 3).sort((a, b) => b.length - a.length)) {
    safe = replaceAnyCase(safe, secret, '[…]');
  }
  safe = safe
    .replace(/<[^<>]{0,500}>/g, '<…>')
    .replace(/[^\s<>@]{0,320}@[^\s<>@]{1,320}/g, '[…]')
    .replace(/\d(?:[\s().-]{0,2}\d){5,}|\d{4,}/g, (run) => (isStatus(run) ? run : '[…]'))
    .replace(/\s+/g, ' ')
    .trim();
  return safe.length > MAX_LENGTH ? `${safe.slice(0, MAX_LENGTH - 1)}…` : safe;
}

/** `550 5.1.1` and `550-5.7.26` are status codes, not something to hide. */
function isStatus(run: string): boolean {
  return /^(?:[245]\d\d[ -])?[245]\.\d{1,3}\.\d{1,3}$/.test(run);
}

function wholeWords(text: string): string {
  if (text.length <= MAX_READ) return text;
  const cut = text.slice(0, MAX_READ);
  return cut.slice(0, Math.max(0, cut.lastIndexOf(' ')));
}

function replaceAnyCase(text: string, value: string, replacement: string): string {
  const pattern = value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replace(new RegExp(pattern, 'gi'), replacement);
}
