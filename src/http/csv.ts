import { csvLine, type CsvCell } from '../core/csv.ts';
import type { VerificationView } from '../core/views.ts';

const ROWS_PER_CHUNK = 100;

/** The columns of the export: the field names of a verification, nested ones with a dot. */
const COLUMNS: readonly (readonly [name: string, read: (row: VerificationView) => CsvCell])[] = [
  ['id', (row) => row.id],
  ['application', (row) => row.application],
  ['status', (row) => row.status],
  ['status_reason', (row) => row.status_reason],
  ['to.type', (row) => row.to.type],
  ['to.masked', (row) => row.to.masked],
  ['to.country', (row) => row.to.country],
  ['to.line_type', (row) => row.to.line_type],
  ['purpose', (row) => row.purpose],
  ['channel', (row) => row.channel],
  ['locale', (row) => row.locale],
  ['sends', (row) => row.sends],
  ['sends_remaining', (row) => row.sends_remaining],
  ['checks', (row) => row.checks],
  ['checks_remaining', (row) => row.checks_remaining],
  ['created_at', (row) => row.created_at],
  ['expires_at', (row) => row.expires_at],
  ['next_send_at', (row) => row.next_send_at],
  ['approved_at', (row) => row.approved_at],
  ['closed_at', (row) => row.closed_at],
  ['context', (row) => (row.context === null ? null : JSON.stringify(row.context))],
  ['metadata', (row) => JSON.stringify(row.metadata)],
  ['reference', (row) => row.reference],
  ['hosted_url', (row) => row.hosted_url],
  ['test', (row) => row.test],
];

/** Rows as CSV with a header row, read only as fast as the client takes them. */
export function csvStream(rows: AsyncIterable<VerificationView>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const chunks = csvChunks(rows);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done === true) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        await chunks.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

async function* csvChunks(rows: AsyncIterable<VerificationView>): AsyncGenerator<string, undefined> {
  let chunk = csvLine(COLUMNS.map(([name]) => name));
  let count = 0;
  for await (const row of rows) {
    chunk += csvLine(COLUMNS.map(([, read]) => read(row)));
    if (++count % ROWS_PER_CHUNK === 0) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}
