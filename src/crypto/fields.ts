/**
 * Joins fields so that no two lists give the same text: each is preceded by its length in UTF-16 units. Hash the result as
 * `utf16le`, which keeps every string apart, lone surrogates included (UTF-8 would fold those into one).
 */
export function joinFields(fields: readonly string[]): string {
  let joined = '';
  for (const field of fields) joined += `${field.length}:${field}`;
  return joined;
}
