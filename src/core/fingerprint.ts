const PRIME = 0x01_00_01_93;

/**
 * A short name of what a form showed, so that the form can tell that it changed meanwhile (FNV-1a twice over, 64 bits). Keys in any
 * order give the same name. No secret: whoever makes two contents agree only fools a form of their own.
 */
export function fingerprint(value: unknown): string {
  const text = canonical(value);
  return [0x81_1c_9d_c5, 0x5b_d1_e9_95].map((seed) => fnv(text, seed).toString(16).padStart(8, '0')).join('');
}

/** What a form of these fields showed of a resource. */
export function versionOf(view: object, fields: readonly string[]): string {
  return fingerprint(Object.fromEntries(Object.entries(view).filter(([name]) => fields.includes(name))));
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`).join()}}`;
}

function fnv(text: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME) >>> 0;
  return hash;
}
