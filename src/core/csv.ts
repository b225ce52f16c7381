/** What a cell of a CSV file may hold; null is written as nothing. */
export type CsvCell = string | number | boolean | null;

/**
 * One cell (RFC 4180). A text a spreadsheet would run (it begins with = + - @, tab or CR) gets a leading quote first.
 */
export function csvCell(value: CsvCell): string {
  const text = value === null ? '' : String(value);
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** One row with its line end. */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}
