const GSM_BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const GSM_EXTENSION = '\f^{}\\[~]|€';

/** Units of one GSM-7 character: 1, or 2 behind the escape. */
const GSM_UNITS: ReadonlyMap<string, number> = new Map([
  ...Array.from(GSM_BASIC, (sign) => [sign, 1] as const),
  ...Array.from(GSM_EXTENSION, (sign) => [sign, 2] as const),
]);

/** Capacity in units: of a message alone, and of one part of several (the rest holds the part number). */
const CAPACITY = { gsm7: { alone: 160, part: 153 }, ucs2: { alone: 70, part: 67 } } as const;

export interface SmsSize {
  /** `gsm7`: the default alphabet of 3GPP TS 23.038 and its extension table; `ucs2`: anything else. */
  readonly encoding: 'gsm7' | 'ucs2';
  /** Septets or UTF-16 code units. */
  readonly units: number;
  /** Messages billed; 0 for empty text. */
  readonly segments: number;
}

/** What a text takes as SMS. A character of two units is never split between parts. */
export function smsSize(text: string): SmsSize {
  const signs = Array.from(text);
  const encoding = signs.every((sign) => GSM_UNITS.has(sign)) ? 'gsm7' : 'ucs2';
  const sizes = signs.map((sign) => (encoding === 'gsm7' ? (GSM_UNITS.get(sign) ?? 1) : sign.length));
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const { alone, part } = CAPACITY[encoding];
  return { encoding, units, segments: units <= alone ? Math.min(units, 1) : countParts(sizes, part) };
}

function countParts(sizes: readonly number[], capacity: number): number {
  let parts = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > capacity) {
      parts++;
      used = 0;
    }
    used += size;
  }
  return parts;
}
