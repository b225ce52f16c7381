/**
 * The rows of a CSV text (RFC 4180; commas, or semicolons where the first line has more of them), without empty lines. Null when a
 * quote is not closed.
 */
export function readCsv(text: string): readonly (readonly string[])[] | null {
  const source = text.replace(/^\uFEFF/, '');
  const comma = separatorOf(source);
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < source.length; at++) {
    const char = source.charAt(at);
    if (isQuoted) {
      if (char !== '"') cell += char;
      else if (source.charAt(at + 1) === '"') cell += source.charAt(at++);
      else isQuoted = false;
    } else if (char === '"' && cell.trim() === '') {
      isQuoted = true;
      cell = '';
    } else if (char === comma) {
      row.push(cell.trim());
      cell = '';
    } else if (char === '\n' || char === '\r') {
      row.push(cell.trim());
      rows.push(row);
      row = [];
      cell = '';
    } else cell += char;
  }
  rows.push([...row, cell.trim()]);
  return isQuoted ? null : rows.filter((cells) => cells.some((one) => one !== ''));
}

function separatorOf(text: string): string {
  const [first = ''] = text.split(/[\r\n]/, 1);
  return first.split(';').length > first.split(',').length ? ';' : ',';
}
