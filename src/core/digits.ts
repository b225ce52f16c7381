/** Digits of any script, which a keyboard set to another language types. */
const DIGIT = /\p{Nd}/u;
const DIGITS = /\p{Nd}/gu;
/** Blanks, dashes and invisible marks that stand in copied text and never in a code. */
const FILLER = /[\p{Z}\p{Pd}\p{Cf}\t\r\n]/gu;

/** A code as a person typed or pasted it, with ASCII digits and without blanks, dashes and direction marks. */
export function typedCode(text: string): string {
  return asciiDigits(text.replace(FILLER, ''));
}

/** The text with every digit of another script (Arabic, Persian, Devanagari, fullwidth …) as the ASCII digit of its value. */
export function asciiDigits(text: string): string {
  return text.replace(DIGITS, (digit) => String(valueOf(digit.codePointAt(0) ?? 0)));
}

/** Unicode keeps the ten digits of a script in a row, from 0 to 9; rows may follow each other. */
function valueOf(point: number): number {
  let first = point;
  while (DIGIT.test(String.fromCodePoint(first - 1))) first -= 1;
  return (point - first) % 10;
}
