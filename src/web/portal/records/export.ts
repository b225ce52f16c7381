import { csvLine, type CsvCell } from '../../../core/csv.ts';
import { zonedText } from '../../../core/zoned-day.ts';
import type { DeskSearch } from '../../../service/api.ts';
import type { DeskRecordView } from '../../../service/desk/api.ts';
import { securityHeaders } from '../../answer.ts';
import type { FormFields } from '../../form.ts';
import type { Answer } from '../route.ts';
import type { Visit } from '../visit.ts';
import { exportInput } from './find-records.ts';
import { inUse, readFilters } from './filters.ts';
import { CHANNEL_WORDS } from '../../components/channel-words.ts';
import { countryWord } from '../country-name.ts';
import { namesOf } from '../names.ts';
import { statusWords } from '../status.tsx';

const PAGE = 500;

type Column = readonly [name: string, read: (record: DeskRecordView, by: string, timeZone: string) => CsvCell];

const COLUMNS: readonly Column[] = [
  ['Record', ({ id }) => id],
  ['Started', ({ created_at: at }, _by, timeZone) => zonedText(Date.parse(at), timeZone)],
  ['Status', (record) => statusWords(record).word],
  ['Detail', (record) => statusWords(record).detail],
  ['Destination', ({ to }) => to.masked],
  ['Country', ({ to }) => countryWord(to.country)],
  ['Channel', ({ channel }) => CHANNEL_WORDS[channel]],
  ['Purpose', ({ purpose }) => purpose],
  ['Reason', ({ reason }) => reason],
  ['Ticket', ({ reference }) => reference],
  ['By', (_record, by) => by],
  ['Sends', ({ sends }) => sends],
  ['Tries', ({ checks }) => checks],
  ['Verified', ({ approved_at: at }, _by, timeZone) => (at === null ? null : zonedText(Date.parse(at), timeZone))],
  ['Ended', ({ closed_at: at }, _by, timeZone) => (at === null ? null : zonedText(Date.parse(at), timeZone))],
];

/** All records of a view as CSV, read only as fast as the browser takes them. By POST, because it is noted. */
export async function exportRecords(visit: Visit, fields: FormFields): Promise<Answer> {
  const filters = readFilters((name) => fields.text(name));
  const input = await exportInput(visit, filters);
  await visit.service.evidence.noteExport(visit.caller, inUse(filters).join(' '));
  const timeZone = visit.application.time_zone;
  const name = `records-${zonedText(visit.options.now(), timeZone).slice(0, 10)}.csv`;
  return new Response(stream(lines(visit, input)), {
    status: 200,
    headers: {
      ...securityHeaders(visit.options),
      'Content-Type': 'text/csv; charset=utf-8; header=present',
      'Content-Disposition': `attachment; filename="${name}"`,
      'Cache-Control': 'no-store',
    },
  });
}

async function* lines(visit: Visit, input: Awaited<ReturnType<typeof exportInput>>): AsyncGenerator<string, undefined> {
  const { time_zone: timeZone } = visit.application;
  // Spreadsheets take a file without the mark for another encoding, and show the dots of a mask as something else.
  yield `\uFEFF${csvLine([...COLUMNS.map(([name]) => name), 'Time zone'])}`;
  for await (const records of pages(visit, input)) {
    const nameOf = await namesOf(
      visit,
      records.map(({ actor }) => actor),
    );
    yield records
      .map((record) => csvLine([...COLUMNS.map(([, read]) => read(record, nameOf(record.actor), timeZone)), timeZone]))
      .join('');
  }
}

async function* pages(
  visit: Visit,
  input: Awaited<ReturnType<typeof exportInput>>,
): AsyncGenerator<readonly DeskRecordView[], undefined> {
  const { desk } = visit.service;
  if (input === 'none') return;
  if ('id' in input) {
    const found = await desk.record(visit.caller, input.id);
    if (found.ok) yield [found.value];
    return;
  }
  let next: DeskSearch | null = { ...input, limit: PAGE };
  while (next !== null) {
    const found = await desk.search(visit.caller, next);
    if (!found.ok) return;
    yield found.value.data;
    const { next_cursor: cursor } = found.value;
    next = cursor === null ? null : { ...next, cursor };
  }
}

function stream(chunks: AsyncGenerator<string, undefined>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
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
