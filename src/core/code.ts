import type { Policy } from './policy.ts';
import { code, type Code } from './redacted.ts';

/** The two alphabets. `safe` leaves out 0 O 1 I L, so that no character is read for another. */
export const ALPHABETS = {
  digits: '0123456789',
  safe: '23456789ABCDEFGHJKMNPQRSTUVWXYZ',
} as const;

const LONGEST_INPUT = 64;

/**
 * A new code, every value equally likely. `randomInt(n)` must be uniform over [0, n). Codes are strings from here to the
 * phone, so leading zeros live.
 */
export function drawCode(format: Policy['code'], randomInt: (maxExclusive: number) => number): Code {
  const alphabet = ALPHABETS[format.alphabet];
  let value = '';
  for (let i = 0; i < format.length; i++) value += alphabet.charAt(randomInt(alphabet.length));
  return code(value);
}

/**
 * The submitted text as a code, or null when it does not fit: outer ASCII blanks, spaces and hyphens are dropped and
 * letters raised, then every character must be of the alphabet and the length exact. Null costs no check.
 */
export function foldCode(format: Policy['code'], submitted: string): Code | null {
  if (submitted.length > LONGEST_INPUT) return null;
  const alphabet: string = ALPHABETS[format.alphabet];
  let folded = '';
  for (const character of trimAsciiBlanks(submitted)) {
    if (character === ' ' || character === '-') continue;
    const raised = character >= 'a' && character <= 'z' ? character.toUpperCase() : character;
    if (!alphabet.includes(raised)) return null;
    folded += raised;
  }
  return folded.length === format.length ? code(folded) : null;
}

function trimAsciiBlanks(text: string): string {
  return text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
}
