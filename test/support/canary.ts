import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A text that must not be where it is looked for, in every form it could have slipped in. */
export interface Needle {
  readonly name: string;
  readonly forms: readonly Buffer[];
}

/** The text itself, in hexadecimal, and in base64 at whichever of three places it began. */
export function needle(name: string, text: string): Needle {
  const bytes = Buffer.from(text);
  const plain = [text, text.toLowerCase(), bytes.toString('hex'), encodeURIComponent(text)];
  const forms = [...new Set([...plain, ...base64Forms(text)])];
  return { name, forms: forms.map((form) => Buffer.from(form)) };
}

/** The base64 characters that only the text decides, after 0, 1 or 2 bytes of something else. */
function base64Forms(text: string): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]);
    const whole = bytes
      .subarray(0, bytes.length - (bytes.length % 3))
      .toString('base64')
      .slice(Math.ceil((shift * 4) / 3));
    return [whole, whole.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

export interface Haystack {
  readonly name: string;
  readonly bytes: Buffer;
}

/** `needle in haystack` for every hit. */
export function hits(haystacks: readonly Haystack[], needles: readonly Needle[]): string[] {
  return haystacks.flatMap(({ name, bytes }) =>
    needles
      .filter(({ forms }) => forms.some((form) => bytes.includes(form)))
      .map((found) => `${found.name} in ${name}`),
  );
}

/** The raw bytes of the database, its log and its index, as they lie on the disk now. */
export function databaseFiles(folder: string, when: string): Haystack[] {
  const names = readdirSync(folder).filter((name) => name.startsWith('watchword.db'));
  return names.map((name) => ({ name: `${name} ${when}`, bytes: readFileSync(join(folder, name)) }));
}
