const PREFIX = 'xn--';
const BASE = 36;
const FIRST_CODE_POINT = 128;
const LAST_CODE_POINT = 0x10ffff;

/**
 * The Unicode form of an ASCII label (RFC 3492), the label itself when it is no punycode, or null when it is broken.
 * Written here because platforms disagree on which broken labels they let pass.
 */
export function decodeLabel(label: string): string | null {
  if (!label.startsWith(PREFIX)) return label;
  const encoded = label.slice(PREFIX.length);
  const delimiter = encoded.lastIndexOf('-');
  const output = delimiter > 0 ? Array.from(encoded.slice(0, delimiter), (character) => character.charCodeAt(0)) : [];
  return decodeDigits(encoded.slice(delimiter + 1), output);
}

function decodeDigits(digits: string, output: number[]): string | null {
  let codePoint = FIRST_CODE_POINT;
  let [index, bias, at] = [0, 72, 0];
  while (at < digits.length) {
    const before = index;
    for (let [weight, k] = [1, BASE]; ; k += BASE) {
      const digit = digitOf(digits.charAt(at++));
      if (digit === null) return null;
      index += digit * weight;
      const threshold = Math.min(Math.max(k - bias, 1), 26);
      if (digit < threshold) break;
      weight *= BASE - threshold;
    }
    const length = output.length + 1;
    bias = adapt(index - before, length, before === 0);
    codePoint += Math.floor(index / length);
    if (codePoint > LAST_CODE_POINT) return null;
    output.splice(index % length, 0, codePoint);
    index = (index % length) + 1;
  }
  return output.length === 0 ? null : String.fromCodePoint(...output);
}

function digitOf(character: string): number | null {
  if (/^[a-z]$/.test(character)) return character.charCodeAt(0) - 97;
  return /^[0-9]$/.test(character) ? character.charCodeAt(0) - 22 : null;
}

function adapt(delta: number, length: number, first: boolean): number {
  let rest = first ? Math.floor(delta / 700) : Math.floor(delta / 2);
  rest += Math.floor(rest / length);
  let k = 0;
  for (; rest > 455; k += BASE) rest = Math.floor(rest / 35);
  return k + Math.floor((36 * rest) / (rest + 38));
}
