import { INVISIBLE, trimBlanks } from './plain-text.ts';

/** The longest brand a message shows, in characters. */
export const MAX_BRAND = 40;

/** Shown when nothing of a brand is left. */
const NAMELESS = 'Watchword';

const EVERY_INVISIBLE = new RegExp(INVISIBLE.source, 'gu');

/** A brand fit for a message, and what the operator should know of it. */
export interface InertBrand {
  readonly text: string;
  readonly warnings: readonly string[];
}

/**
 * Makes an application's name harmless in a message: one line, no control, bidirectional or invisible characters, at most
 * {@link MAX_BRAND} characters, and nothing that a mail or phone program turns into a link or mention: a dot inside a word
 * gets a space behind it (`evil.tk` → `evil. tk`), `://` loses its slashes, `@`, `#` and angle brackets go. A brand that
 * happens to hold this very code loses it, so that the code stands nowhere but in its own place. `code` '' = the message has none.
 */
export function inertBrand(given: string, code: string): InertBrand {
  const plain = inertLine(given, MAX_BRAND);
  const text = withoutCode(plain, code) || NAMELESS;
  const warnings: string[] = [];
  if (plain !== given)
    warnings.push(`The brand was changed for this message: ${MAX_BRAND} plain characters, without links.`);
  if (/[0-9]{4}/.test(plain)) warnings.push('The brand has four digits in a row: phones may take them for the code.');
  return { text, warnings };
}

/** A value without the code that happens to stand in it; '' = there is none. */
export function withoutCode(plain: string, code: string): string {
  if (code === '') return plain;
  return trimBlanks(plain.split(code).join(' ').replace(/ {2,}/g, ' '));
}

/** A value as one plain line of at most `max` characters in which no program finds a link, as {@link inertBrand} says. */
export function inertLine(given: string, max: number): string {
  // Cut first: what follows is linear, but a value of a megabyte should not be walked at all.
  const visible = given.slice(0, max * 4).replace(EVERY_INVISIBLE, ' ');
  const linkless = visible
    .replace(/:\/+/g, ': ')
    .replace(/[@#<>\uff20\uff03]/g, ' ')
    .replace(/([.\u2024\u3002\uff0e\uff61])(?=[^\s.])/gu, '$1 ')
    .replace(/\s+/g, ' ');
  return Array.from(linkless.trim()).slice(0, max).join('').trim();
}
