import { isId } from '../../../core/id.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const SID = /^VE([0-9a-f]{32})$/i;
const PREFIX = 'vrf_';
const TIME_LENGTH = 10;
const RANDOM_LENGTH = 20;
const SECOND_DIGITS = 8;
const RANDOM_DIGITS = 24;

/** The `VE…` name of a verification with a short id: 32 bits of seconds, 96 random bits. Each names the other. */
export function sidOfId(id: string): string {
  const seconds = numberOf(id.slice(PREFIX.length, PREFIX.length + TIME_LENGTH)) / 1000n;
  const random = numberOf(id.slice(PREFIX.length + TIME_LENGTH));
  return `VE${hex(seconds, SECOND_DIGITS)}${hex(random, RANDOM_DIGITS)}`;
}

/** The id behind a `VE…` name; null when it is none. */
export function idOfSid(sid: string): string | null {
  const digits = SID.exec(sid)?.[1];
  if (digits === undefined) return null;
  const ms = BigInt(`0x${digits.slice(0, SECOND_DIGITS)}`) * 1000n;
  const random = BigInt(`0x${digits.slice(SECOND_DIGITS)}`);
  const id = `${PREFIX}${textOf(ms, TIME_LENGTH)}${textOf(random, RANDOM_LENGTH)}`;
  return isId('vrf', id) ? id : null;
}

/** A name for the nth message of the verification of a SID. */
export function attemptSid(sid: string, nth: number): string {
  return `VL${sid.slice(2, 30)}${nth.toString(16).padStart(4, '0')}`;
}

function numberOf(text: string): bigint {
  let value = 0n;
  for (const character of text) value = value * 32n + BigInt(ALPHABET.indexOf(character));
  return value;
}

function textOf(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest /= 32n) text = ALPHABET.charAt(Number(rest % 32n)) + text;
  return text;
}

function hex(value: bigint, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
