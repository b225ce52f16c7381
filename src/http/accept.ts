const CSV = 'text/csv';
const JSON_TYPES = new Set(['application/json', 'application/*', '*/*']);

/** Whether an `Accept` header asks for CSV: it names it, and ranks no JSON above it. */
export function prefersCsv(accept: string | null): boolean {
  if (accept === null || !accept.includes(CSV)) return false;
  const ranked = accept.split(',').map(readRange);
  const csv = Math.max(0, ...ranked.filter(({ type }) => type === CSV).map(({ quality }) => quality));
  const json = Math.max(0, ...ranked.filter(({ type }) => type === 'application/json').map(({ quality }) => quality));
  const first = ranked.find(({ type }) => type === CSV || JSON_TYPES.has(type))?.type;
  return csv > json || (csv > 0 && csv === json && first === CSV);
}

function readRange(range: string): { readonly type: string; readonly quality: number } {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const given = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = given === undefined ? 1 : Number(given.slice(2));
  return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 };
}
