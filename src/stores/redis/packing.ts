/** Writes small numbers and texts one behind the other. */
export class PackWriter {
  #bytes = Buffer.allocUnsafe(256);
  #at = 0;

  byte(value: number): void {
    this.#bytes[this.#at++] = value;
  }

  /** An unsigned integer of `size` bytes, big-endian. */
  fixed(value: number, size: number): void {
    this.#bytes.writeUIntBE(value, this.#at, size);
    this.#at += size;
  }

  /** Any safe integer; small ones take a byte, whatever their sign. */
  integer(value: number): void {
    let rest = value < 0 ? -2 * value - 1 : 2 * value;
    while (rest >= 128) {
      this.byte((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    this.byte(rest);
  }

  bytes(value: Buffer): void {
    this.#at += value.copy(this.#bytes, this.#at);
  }

  done(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }
}

/** Reads back what {@link PackWriter} wrote. */
export class PackReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  byte(): number {
    return this.#bytes[this.#at++] ?? 0;
  }

  fixed(size: number): number {
    const value = this.#bytes.readUIntBE(this.#at, size);
    this.#at += size;
    return value;
  }

  integer(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) break;
      scale *= 128;
    }
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  bytes(count: number): Buffer {
    const bytes = this.#bytes.subarray(this.#at, this.#at + count);
    this.#at += count;
    return bytes;
  }
}

const NIBBLES = '0123456789+• .-';
const END = 15;

/** A masked number as half bytes; null when it has other characters. */
export function packMask(masked: string): Buffer | null {
  if (masked.length > 30) return null;
  const packed = Buffer.alloc((masked.length >> 1) + 1, 0xff);
  for (let i = 0; i < masked.length; i++) {
    const value = NIBBLES.indexOf(masked.charAt(i));
    if (value === -1) return null;
    const at = i >> 1;
    const byte = packed[at] ?? 0;
    packed[at] = i % 2 === 0 ? (value << 4) | (byte & 15) : (byte & 0xf0) | value;
  }
  return packed;
}

/** The text back from {@link packMask}. */
export function unpackMask(packed: Buffer): string {
  let masked = '';
  for (const byte of packed) {
    for (const value of [byte >> 4, byte & 15]) if (value !== END) masked += NIBBLES.charAt(value);
  }
  return masked;
}

/** The bytes of a base64url text of exactly this many bytes; null for any other text. */
export function exactBase64(text: string, bytes: number): Buffer | null {
  const decoded = Buffer.from(text, 'base64url');
  return decoded.length === bytes && decoded.toString('base64url') === text ? decoded : null;
}
