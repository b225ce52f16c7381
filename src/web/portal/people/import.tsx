import type { JSX } from 'hono/jsx/jsx-runtime';
import type { ImportLine } from '../../../service/people/api.ts';
import { Badge } from '../../components/badge.tsx';
import { FieldNotes, noteIds } from '../../components/field.tsx';
import { Table } from '../../components/table.tsx';
import type { FormFields } from '../../form.ts';
import { href } from '../../site.ts';
import { OnceField } from '../once-field.tsx';
import type { Done, Page } from '../page.tsx';
import type { Visit } from '../visit.ts';
import { PEOPLE_CRUMB, PEOPLE_PATH } from './paths.ts';

/** Room for a file of a thousand people, as a form encodes it. */
export const MAX_IMPORT_BYTES = 512 * 1024;
const IMPORT_PATH = `${PEOPLE_PATH}/import`;
const HINT =
  'The first line names the columns: company, country, reference, first name, last name, role, mobile, email. At most 1,000 people.';
/** Lines that are listed. */
const SHOWN = 100;

export async function importPage(visit: Visit): Promise<Page> {
  return {
    title: 'Import people',
    crumbs: [PEOPLE_CRUMB],
    body: <PasteForm visit={visit} text="" error={undefined} />,
  };
}

/** First shows what would be added and what is wrong; the second press adds it. */
export async function importPeople(visit: Visit, fields: FormFields): Promise<Done | Page> {
  const csv = fields.exact('csv');
  if (fields.text('act') === 'import') {
    const done = await visit.service.people.import(visit.caller, csv);
    if (!done.ok) return faulty(visit, csv, done.problem.detail, []);
    const { clients, representatives } = done.value;
    const text = `${count(clients, 'client')} and ${count(representatives, 'representative')} added.`;
    return { to: PEOPLE_PATH, flash: { tone: 'good', title: 'People imported.', text } };
  }
  const { lines, problem } = await visit.service.people.previewImport(visit.caller, csv);
  if (problem !== null) return faulty(visit, csv, problem, []);
  const bad = lines.filter((line) => line.problem !== null);
  if (bad.length > 0) {
    return faulty(visit, csv, `${count(bad.length, 'line')} to correct. Nothing was imported.`, bad);
  }
  return preview(visit, csv, lines);
}

function count(number: number, word: string): string {
  return number === 1 ? `1 ${word}` : `${number} ${word}s`;
}

function faulty(visit: Visit, csv: string, error: string, bad: readonly ImportLine[]): Page {
  return {
    title: 'Import people',
    crumbs: [PEOPLE_CRUMB],
    error: true,
    status: 422,
    body: (
      <div class="stack-wide">
        <PasteForm visit={visit} text={csv} error={error} />
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
        <form class="card" method="post" action={href(visit.options, IMPORT_PATH)}>
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

function PasteForm({ visit, text, error }: { visit: Visit; text: string; error: string | undefined }): JSX.Element {
  return (
    <form class="card" method="post" action={href(visit.options, IMPORT_PATH)}>
      <div class="field">
        <label for="csv">People as CSV</label>
        <FieldNotes id="csv" hint={HINT} error={error} />
        <textarea
          class="input mono"
          id="csv"
          name="csv"
          rows={12}
          required
          spellcheck={false}
          aria-describedby={noteIds('csv', HINT, error)}
          aria-invalid={error === undefined ? undefined : 'true'}
          autofocus
        >
          {text}
        </textarea>
      </div>
      <div class="row">
        <button class="btn btn-main">Look through it</button>
        <a class="btn" href={href(visit.options, PEOPLE_PATH)}>
          Back
        </a>
      </div>
    </form>
  );
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
