import type { FieldError } from './errors.ts';

export const SHORTEST_PASSWORD = 15;
/** Longer ones are refused unread: hashing is not free. */
const LONGEST_PASSWORD = 256;
/** A part of a name or address from this length on counts as close. */
const CLOSE = 4;

/**
 * What lists of stolen passwords are made of, after digits and signs are taken away and look-alikes undone. A password that is
 * nothing but such words is common however long it is.
 */
const COMMON_WORDS =
  'password passwort passwd pass secret geheim welcome willkommen letmein access admin administrator root user login signin master default change changeme test testing demo guest hello hallo monkey dragon sunshine princess football baseball basketball soccer hockey superman batman pokemon shadow michael jennifer jordan charlie daniel andrew thomas george maggie jessica ashley nicole iloveyou iloveu loveme love you me my the is this it company office work desk agent support helpdesk watchword winter spring summer autumn fall january february march april june july august september october november december monday tuesday wednesday thursday friday saturday sunday london berlin paris qwerty qwertz azerty asdf asdfgh zxcv zxcvbn qwer qwertyuiop asdfghjkl zxcvbnm qazwsx qazwsxedc wsx edc qaz rfv trustno trust starwars freedom whatever computer internet server cheese coffee flower purple orange yellow ginger killer ninja mustang harley ranger buster hunter tigger pepper abc abcd abcde abcdef abcdefg abcdefgh abcdefghijkl alphabet'
    .split(' ')
    .toSorted((a, b) => b.length - a.length);

const LOOKALIKES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** Why a new password cannot be taken, or null. `pointer` names the field. */
export function passwordProblem(
  password: string,
  person: { readonly name: string; readonly email: string },
  pointer = '/password',
): FieldError | null {
  const length = [...password].length;
  if (length < SHORTEST_PASSWORD)
    return { pointer, code: 'too_short', detail: `Use ${SHORTEST_PASSWORD} characters or more.` };
  if (length > LONGEST_PASSWORD)
    return { pointer, code: 'too_long', detail: `Use ${LONGEST_PASSWORD} characters or fewer.` };
  if (/^[\d\s.,-]+$/.test(password)) return { pointer, code: 'only_digits', detail: 'Use more than digits.' };
  if (isCommon(password))
    return {
      pointer,
      code: 'too_common',
      detail: 'This password is too common. Choose one that others would not think of.',
    };
  if (isClose(password, person)) return { pointer, code: 'too_close', detail: 'It is too close to your name.' };
  return null;
}

function isCommon(password: string): boolean {
  const lower = password.toLowerCase();
  if (isRepetition(lower) || isRun(lower)) return true;
  return onlyCommonWords(letters(lower)) || onlyCommonWords(letters(unmasked(lower)));
}

function unmasked(text: string): string {
  return [...text].map((sign) => LOOKALIKES[sign] ?? sign).join('');
}

function letters(text: string): string {
  return text.replace(/[^\p{L}]/gu, '');
}

/** Nothing but a short piece over and over. */
function isRepetition(text: string): boolean {
  return /^(.{1,5}?)\1{2,}.{0,5}$/su.test(text);
}

/** Each character follows the one before, up or down. */
function isRun(text: string): boolean {
  const steps = [...text].map((sign, at, all) =>
    at === 0 ? 0 : (sign.codePointAt(0) ?? 0) - (all[at - 1]?.codePointAt(0) ?? 0),
  );
  return steps.slice(1).filter((step) => Math.abs(step) === 1).length >= steps.length - 3;
}

/** Takes common words away until nothing or little is left. */
function onlyCommonWords(text: string): boolean {
  let rest = text;
  for (const word of COMMON_WORDS) rest = rest.replaceAll(word, '');
  return rest.length <= 2;
}

function isClose(password: string, { name, email }: { readonly name: string; readonly email: string }): boolean {
  const text = letters(password.toLowerCase());
  const parts = [...name.toLowerCase().split(/[^\p{L}]+/u), ...email.toLowerCase().split(/[^\p{L}]+/u)];
  const own = parts.filter((part) => part.length >= CLOSE);
  let rest = text;
  for (const part of own) rest = rest.replaceAll(part, '');
  // A name inside a long sentence is fine; a password that is mostly the name is not.
  return rest.length < text.length && rest.length < 8;
}
