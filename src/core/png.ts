import { joinBytes } from './bytes.ts';

/** The largest picture that is taken, bytes and pixels each way: a page with it stays under 20 kB. */
export const LOGO_BOUNDS = { bytes: 3_500, pixels: 512, least: 16 } as const;

/** How a PNG begins as a data URI (RFC 2397). */
export const PNG_URI = 'data:image/png;base64,';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;
/** What pictures are made of; anything else (texts, profiles, animation) has no business on a page. */
const CHUNKS: readonly string[] = [
  'IHDR',
  'PLTE',
  'tRNS',
  'gAMA',
  'cHRM',
  'sRGB',
  'sBIT',
  'pHYs',
  'bKGD',
  'IDAT',
  'IEND',
];
const CHUNK_FRAME = 12;

/**
 * The same picture without the texts, profiles and marks that programs leave in a PNG. What is no whole PNG stays as it is, and so does
 * a part without which the picture cannot be drawn: its name begins with a large letter.
 */
export function pictureOnly(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept: Uint8Array[] = [bytes.subarray(0, SIGNATURE.length)];
  let at: number = SIGNATURE.length;
  while (at + CHUNK_FRAME <= bytes.length) {
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const end = at + CHUNK_FRAME + view.getUint32(at);
    if (CHUNKS.includes(name) || !/^[a-z]/.test(name)) kept.push(bytes.subarray(at, end));
    at = end;
  }
  return at === bytes.length ? joinBytes(kept) : bytes;
}

/** What is wrong with bytes that should be a small PNG (W3C PNG 3), null = nothing. Nothing is unpacked. */
export function pngProblem(bytes: Uint8Array): string | null {
  if (bytes.length > LOGO_BOUNDS.bytes) return `has more than ${LOGO_BOUNDS.bytes} bytes`;
  if (!SIGNATURE.every((byte, at) => bytes[at] === byte)) return 'is no PNG';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const names: string[] = [];
  let at: number = SIGNATURE.length;
  while (at + CHUNK_FRAME <= bytes.length && names.at(-1) !== 'IEND') {
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (!CHUNKS.includes(name)) return 'has more in it than a picture';
    names.push(name);
    at += CHUNK_FRAME + view.getUint32(at);
  }
  if (names[0] !== 'IHDR' || names.at(-1) !== 'IEND' || at !== bytes.length || !names.includes('IDAT'))
    return 'is no whole PNG';
  const sides = [view.getUint32(16), view.getUint32(20)];
  return sides.every((side) => side >= LOGO_BOUNDS.least && side <= LOGO_BOUNDS.pixels)
    ? null
    : `must be ${LOGO_BOUNDS.least} to ${LOGO_BOUNDS.pixels} pixels each way`;
}
