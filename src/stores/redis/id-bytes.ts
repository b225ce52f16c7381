const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const PREFIX_LENGTH = 4;
const TIME_LENGTH = 10;
const VALUES = new Uint8Array(128);
for (let value = 0; value < ALPHABET.length; value++) VALUES[ALPHABET.charCodeAt(value)] = value;

/** How many bytes {@link writeIdBytes} writes. */
export const ID_BYTES = 19;

/** Writes the 150 bits behind an id's prefix as 19 bytes. */
export function writeIdBytes(bytes: Buffer, from: number, id: string): void {
  let held = 0;
  let bits = 0;
  let at = from;
  for (let i = PREFIX_LENGTH; i < id.length; i++) {
    held = (held << 5) | valueAt(id, i);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = held >> bits;
    held &= (1 << bits) - 1;
  }
  bytes[at] = held << (8 - bits);
}

/** Epoch ms at which an id was made; 0 for anything else. */
export function idTime(id: string): number {
  let time = 0;
  for (let i = PREFIX_LENGTH; i < PREFIX_LENGTH + TIME_LENGTH; i++) time = time * 32 + valueAt(id, i);
  return time;
}

/** A number below 64 out of the id's last random characters. */
export function idDigit(id: string): number {
  return ((valueAt(id, id.length - 2) & 1) << 5) | valueAt(id, id.length - 1);
}

function valueAt(id: string, at: number): number {
  return VALUES[id.charCodeAt(at)] ?? 0;
}
