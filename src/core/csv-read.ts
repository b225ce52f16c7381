/** A row that is not empty, and the line of the text on which it begins, counted from 1. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * The rows of a CSV text (RFC 4180; with commas, or with semicolons or tabs where the first line has more of them), without empty
 * ones. Null when a quote is not closed.
 */
export function readCsv(text: string): readonly CsvRow[] | null {
  const source = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const separator = separatorOf(source);
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  let line = 1;
  let begin = 1;
  for (let at = 0; at < source.length; at++) {
    const char = source.charAt(at);
    if (char === '\n') line++;
    if (isQuoted) {
      if (char !== '"') cell += char;
      else if (source.charAt(at + 1) === '"') cell += source.charAt(at++);
      else isQuoted = false;
    } else if (char === '"' && cell.trim() === '') {
      isQuoted = true;
      cell = '';
    } else if (char === separator) {
      cells.push(cell.trim());
      cell = '';
    } else if (char === '\n') {
      rows.push({ line: begin, cells: [...cells, cell.trim()] });
      cells = [];
      cell = '';
      begin = line;
    } else cell += char;
  }
  rows.push({ line: begin, cells: [...cells, cell.trim()] });
  return isQuoted ? null : rows.filter((row) => row.cells.some((one) => one !== ''));
}

function separatorOf(text: string): string {
  const [first = ''] = text.split('\n', 1);
  const count = (separator: string): number => first.split(separator).length;
  return [';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best), ',');
}
