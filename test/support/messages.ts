import { existsSync, readFileSync } from 'node:fs';

/** One message as `file://` and `webhook://` providers carry it. */
export interface Carried {
  readonly send_id: string;
  readonly channel: string;
  readonly to: string;
  readonly subject: string | null;
  readonly text: string;
  readonly html: string | null;
}

/** Every message a `file://` provider wrote so far. */
export function carriedIn(path: string): readonly Carried[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => (JSON.parse(line) as { data: Carried }).data);
}

/** The code of a message, read as a person does: it stands on its own, digits or the safe alphabet. */
export function codeIn(text: string, length = 6): string {
  const digits = new RegExp(`(?<![0-9A-Za-z])[0-9]{${length}}(?![0-9A-Za-z])`).exec(text)?.[0];
  const safe = new RegExp(`(?<![0-9A-Za-z])[2-9A-HJKMNP-Z]{${length}}(?![0-9A-Za-z])`).exec(text)?.[0];
  const code = digits ?? safe;
  if (code === undefined) throw new Error(`there is no code in: ${text}`);
  return code;
}

/** Waits until `look` gives something, asking again every few milliseconds. For what another process does. */
export async function eventually<T>(
  look: () => T | null | undefined | Promise<T | null | undefined>,
  ms = 10_000,
  what = 'it',
): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined) return found;
    if (Date.now() > end) throw new Error(`${what} did not happen in ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
