/** The default alphabet of 3GPP TS 23.038: the position of a sign is its code. Position 27 is the escape. */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const ESCAPE = 0x1b;
const EXTENSION: Readonly<Record<string, number>> = {
  '\f': 0x0a,
  '^': 0x14,
  '{': 0x28,
  '}': 0x29,
  '\\': 0x2f,
  '[': 0x3c,
  '~': 0x3d,
  ']': 0x3e,
  '|': 0x40,
  '€': 0x65,
};

/** The codes of one sign, one or two septets in an octet each; null when the alphabet does not have it. */
export function gsm7Codes(sign: string): readonly number[] | null {
  const code = BASIC.indexOf(sign);
  if (code >= 0 && code !== ESCAPE) return [code];
  const extended = Object.hasOwn(EXTENSION, sign) ? EXTENSION[sign] : undefined;
  return extended === undefined ? null : [ESCAPE, extended];
}
