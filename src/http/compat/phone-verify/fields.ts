import type { Fields } from '../fields.ts';

/** Longer texts are no number, no code and no token. */
const LONGEST = 2_000;

type Texts<Name extends string> =
  | { readonly ok: true; readonly texts: Readonly<Record<Name, string>> }
  | { readonly ok: false; readonly errors: Readonly<Record<string, readonly string[]>> };

/** Names before version 1.0, still read. */
export const OLD_NAMES: Readonly<Record<string, string>> = { security_code: 'otp', session_token: 'session_code' };

/** The texts of these fields, or what is wrong with each, in the words of Django REST framework. */
export function readTexts<Name extends string>(fields: Fields, names: readonly Name[]): Texts<Name> {
  const texts: Record<string, string> = {};
  const errors: Record<string, readonly string[]> = {};
  for (const name of names) {
    const value = valueOf(fields, name);
    const problem = problemOf(value);
    if (problem === null) texts[name] = String(value).trim();
    else errors[name] = [problem];
  }
  return Object.keys(errors).length > 0
    ? { ok: false, errors }
    : { ok: true, texts: texts as Readonly<Record<Name, string>> };
}

function valueOf(fields: Fields, name: string): unknown {
  const old = OLD_NAMES[name];
  if (Object.hasOwn(fields, name)) return fields[name];
  return old === undefined ? undefined : fields[old];
}

function problemOf(value: unknown): string | null {
  if (value === undefined) return 'This field is required.';
  if (value === null) return 'This field may not be null.';
  if (typeof value !== 'string' && typeof value !== 'number') return 'Not a valid string.';
  const text = String(value).trim();
  if (text === '') return 'This field may not be blank.';
  return text.length > LONGEST ? `Ensure this field has no more than ${LONGEST} characters.` : null;
}
