import type { JSX } from 'hono/jsx/jsx-runtime';
import { visible } from '../visible.ts';

/** Where a code stands in a message, surest place first. */
const PLACES: readonly RegExp[] = [
  // The last line of an SMS that is bound to a site.
  /^@\S+ #([0-9A-Z]{4,10})\s*$/m,
  // Alone on a line of an e-mail.
  /^([0-9A-Z]{4,10})$/m,
  // At the end of the first line of an SMS.
  /^[^\n]*\s([0-9A-Z]{4,10})(?:\n|$)/,
  // Said character by character.
  /(?<![\p{L}\p{N}])([0-9A-Z](?:[.,] [0-9A-Z]){3,9})(?![\p{L}\p{N}])/u,
  // Anywhere else: the first group of digits.
  /(?<![\p{L}\p{N}+.:/@-])(\d{4,10})(?![\p{L}\p{N}])/u,
];

/** The code in a message as it stands there, or null when nothing looks like one. The inbox keeps only what was sent. */
export function findCode(text: string): string | null {
  for (const place of PLACES) {
    const found = place.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  return null;
}

/** The characters to submit: a spoken code is written “5. 5. 0. 1”. */
export function submittable(found: string): string {
  return found.replace(/[., ]/g, '');
}

/** A message with every occurrence of its code marked. */
export function MessageText({ text, code }: { text: string; code: string | null }): JSX.Element {
  if (code === null) return <>{visible(text)}</>;
  return (
    <>
      {text.split(code).map((part, index) => (
        <>
          {index === 0 ? null : <mark>{code}</mark>}
          {visible(part)}
        </>
      ))}
    </>
  );
}
