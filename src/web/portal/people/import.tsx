import type { JSX } from 'hono/jsx/jsx-runtime';
import type { ImportLine } from '../../../service/people/api.ts';
import { Badge } from '../../components/badge.tsx';
import { Table } from '../../components/table.tsx';
import type { FormFields } from '../../form.ts';
import { href } from '../../site.ts';
import { OnceField } from '../once-field.tsx';
import type { Done, Page } from '../page.tsx';
import type { Visit } from '../visit.ts';
import { textOfFile } from './csv-file.ts';
import { ImportForm, type ImportError } from './import-form.tsx';
import { IMPORT_PATH, PEOPLE_CRUMB, PEOPLE_PATH } from './paths.ts';

/** Room for a file of a thousand people. */
export const MAX_IMPORT_BYTES = 512 * 1024;
/** Lines that are listed. */
const SHOWN = 100;
const NO_TEXT = 'This is no text in UTF-8. Save the sheet as “CSV UTF-8” and choose that file.';

export async function importPage(visit: Visit): Promise<Page> {
  return {
    title: 'Import people',
    crumbs: [PEOPLE_CRUMB],
    body: <ImportForm visit={visit} text="" error={null} />,
  };
}

/** First shows what would be added and what is wrong; the second press adds it. */
export async function importPeople(visit: Visit, fields: FormFields): Promise<Done | Page> {
  const file = fields.exact('file');
  const csv = file === '' ? fields.exact('csv') : textOfFile(file);
  if (csv === null) return faulty(visit, fields.exact('csv'), { field: 'file', text: NO_TEXT }, []);
  if (fields.text('act') === 'import') {
    const done = await visit.service.people.import(visit.caller, csv);
    if (!done.ok) return faulty(visit, csv, { field: 'csv', text: done.problem.detail }, []);
    const { clients, representatives } = done.value;
    const text = `${count(clients, 'client')} and ${count(representatives, 'representative')} added.`;
    return { to: PEOPLE_PATH, flash: { tone: 'good', title: 'People imported.', text } };
  }
  const { lines, problem } = await visit.service.people.previewImport(visit.caller, csv);
  if (problem !== null) return faulty(visit, csv, { field: 'csv', text: problem }, []);
  const bad = lines.filter((line) => line.problem !== null);
  if (bad.length > 0) {
    const text = `${count(bad.length, 'line')} to correct. Nothing was imported.`;
    return faulty(visit, csv, { field: 'csv', text }, bad);
  }
  return preview(visit, csv, lines);
}

function count(number: number, word: string): string {
  return number === 1 ? `1 ${word}` : `${number} ${word}s`;
}

function faulty(visit: Visit, csv: string, error: ImportError, bad: readonly ImportLine[]): Page {
  return {
    title: 'Import people',
    crumbs: [PEOPLE_CRUMB],
    error: true,
    status: 422,
    body: (
      <div class="stack-wide">
        <ImportForm visit={visit} text={csv} error={error} />
        {bad.length === 0 ? null : <Lines lines={bad} caption="Lines to correct" />}
      </div>
    ),
  };
}

function preview(visit: Visit, csv: string, lines: readonly ImportLine[]): Page {
  const fresh = lines.filter(({ known }) => !known).length;
  return {
    title: 'Import people',
    lead: `${count(fresh, 'person').replace('persons', 'people')} to add, ${lines.length - fresh} already there.`,
    crumbs: [PEOPLE_CRUMB, { path: IMPORT_PATH, word: 'Import people' }],
    body: (
      <div class="stack-wide">
        <form class="card" method="post" enctype="multipart/form-data" action={href(visit.options, IMPORT_PATH)}>
          <OnceField visit={visit} />
          <input type="hidden" name="act" value="import" />
          <input type="hidden" name="csv" value={csv} />
          <p>Nothing was imported yet. All lines are read without a fault.</p>
          <div class="row">
            <button class="btn btn-main">Import the people</button>
            <a class="btn" href={href(visit.options, IMPORT_PATH)}>
              Start again
            </a>
          </div>
        </form>
        <Lines lines={lines} caption="Lines" />
      </div>
    ),
  };
}

function Lines({ lines, caption }: { lines: readonly ImportLine[]; caption: string }): JSX.Element {
  return (
    <section class="card card-flush">
      <Table
        caption={lines.length > SHOWN ? `${caption}: the first ${SHOWN} of ${lines.length}` : caption}
        columns={['Line', 'State', 'Company', 'Name', 'Fault']}
        rows={lines.slice(0, SHOWN).map(({ line, company, name, problem, known }) => ({
          off: known,
          cells: [
            String(line),
            problem !== null ? (
              <Badge tone="bad" word="Faulty" />
            ) : known ? (
              <Badge tone="calm" word="Already there" />
            ) : (
              <Badge tone="good" word="New" />
            ),
            <bdi>{company}</bdi>,
            <bdi>{name}</bdi>,
            <bdi>{problem ?? '–'}</bdi>,
          ],
        }))}
      />
    </section>
  );
}
