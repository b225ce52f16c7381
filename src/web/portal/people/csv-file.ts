/** A byte-order mark, and the encoding that it stands for. */
const MARKS = [
  ['fffe', 'utf-16le'],
  ['feff', 'utf-16be'],
] as const;

/** The text of a chosen file, given as a data URI; null when it is neither UTF-8 nor UTF-16 with its mark. */
export function textOfFile(uri: string): string | null {
  const bytes = Buffer.from(uri.slice(uri.indexOf(',') + 1), 'base64');
  const mark = bytes.toString('hex', 0, 2);
  const encoding = MARKS.find(([one]) => one === mark)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
