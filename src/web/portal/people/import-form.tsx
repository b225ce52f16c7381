import type { JSX } from 'hono/jsx/jsx-runtime';
import { Field, FieldNotes, noteIds } from '../../components/field.tsx';
import { href } from '../../site.ts';
import type { Visit } from '../visit.ts';
import { IMPORT_PATH, PEOPLE_PATH } from './paths.ts';

/** What is wrong with a file as a whole, or with what was pasted. */
export interface ImportError {
  readonly field: 'file' | 'csv';
  readonly text: string;
}

const HINT =
  'The first line names the columns: company, country, reference, first name, last name, role, mobile, email. At most 1,000 people.';

/** A file, or its text; what was read of a file stands in the text, so that it can be corrected there. */
export function ImportForm(props: { visit: Visit; text: string; error: ImportError | null }): JSX.Element {
  const { visit, text, error } = props;
  const errorOf = (field: ImportError['field']): string | undefined =>
    error?.field === field ? error.text : undefined;
  return (
    <form class="card" method="post" enctype="multipart/form-data" action={href(visit.options, IMPORT_PATH)}>
      <Field
        id="file"
        label="CSV file"
        type="file"
        accept=".csv,.txt,text/csv,text/plain"
        hint={HINT}
        error={errorOf('file')}
        first={error?.field === 'file'}
        optional
      />
      <TextField text={text} error={errorOf('csv')} first={error?.field !== 'file'} />
      <div class="row">
        <button class="btn btn-main">Look through it</button>
        <a class="btn" href={href(visit.options, PEOPLE_PATH)}>
          Back
        </a>
      </div>
    </form>
  );
}

function TextField({ text, error, first }: { text: string; error: string | undefined; first: boolean }): JSX.Element {
  const hint = 'Or paste the lines here. A file that is chosen goes first.';
  return (
    <div class="field">
      <label for="csv">People as CSV</label>
      <FieldNotes id="csv" hint={hint} error={error} />
      <textarea
        class="input mono"
        id="csv"
        name="csv"
        rows={12}
        spellcheck={false}
        aria-describedby={noteIds('csv', hint, error)}
        aria-invalid={error === undefined ? undefined : 'true'}
        autofocus={first}
      >
        {text}
      </textarea>
    </div>
  );
}
