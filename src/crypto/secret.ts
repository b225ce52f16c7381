import { randomBytes } from 'node:crypto';

const LEAST_BYTES = 32;
const GENERATED_BYTES = 48;
const LEAST_DISTINCT = 6;
const LONGEST_PERIOD = 16;
const LEAST_UNKNOWN = 16;

/** Words of sample settings. What is left of a secret without them has to be long enough to be a secret. */
const SAMPLE_WORDS =
  /change|me|replace|this|please|insert|here|your|own|root|super|very|long|secure|secret|password|passphrase|passwd|default|example|sample|placeholder|development|production|testing|test|dev|demo|watchword|admin|letmein|qwertyuiop|qwerty|random|string|characters|bytes|value|token|key|with|must|least|abcdefghijklmnopqrstuvwxyz|0123456789abcdef|1234567890|0123456789|123456789|deadbeef|cafebabe|the|and|not|for|use|in|is|at|to|a/g;

/** A new root secret: 384 random bits as 64 base64url characters. */
export function generateSecret(): string {
  return randomBytes(GENERATED_BYTES).toString('base64url');
}

/** What is wrong with a root secret, as a sentence without the value; null when it may be used. */
export function secretProblem(value: string): string | null {
  if (value.trim() === '') return 'is empty';
  if (value !== value.trim()) return 'starts or ends with white space';
  if (Buffer.byteLength(value) < LEAST_BYTES) return `is shorter than ${LEAST_BYTES} bytes`;
  if (new Set(value).size < LEAST_DISTINCT) return 'uses too few different characters';
  if (isSampleText(value)) return 'is a sample value, not a secret';
  if (isRepetition(value)) return 'repeats the same few characters';
  if (isSequence(value)) return 'is a plain sequence of characters';
  return null;
}

function isSampleText(value: string): boolean {
  const bare = value.toLowerCase().replace(/[^a-z0-9]/g, '');
  const unknown = bare.replace(SAMPLE_WORDS, '');
  return unknown.length < bare.length / 2 && unknown.length < LEAST_UNKNOWN;
}

/** True when a short text, over and over (the last turn may be cut off), gives `value`. */
function isRepetition(value: string): boolean {
  for (let length = 1; length <= LONGEST_PERIOD; length++) {
    if (value.startsWith(value.slice(length))) return true;
  }
  return false;
}

/** True when three steps in four go to the same or a neighbouring character. */
function isSequence(value: string): boolean {
  let neighbours = 0;
  for (let i = 1; i < value.length; i++) {
    if (Math.abs(value.charCodeAt(i) - value.charCodeAt(i - 1)) <= 1) neighbours++;
  }
  return neighbours * 4 >= (value.length - 1) * 3;
}
