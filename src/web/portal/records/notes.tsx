import type { JSX } from 'hono/jsx/jsx-runtime';
import { NOTE_LENGTH } from '../../../core/overrides.ts';
import type { Evidence } from '../../../service/evidence/api.ts';
import { FieldNotes, noteIds } from '../../components/field.tsx';
import { href } from '../../site.ts';
import { OnceField } from '../once-field.tsx';
import { Moment } from '../moment.tsx';
import type { Visit } from '../visit.ts';
import type { NameOf } from '../names.ts';

/** A text that was sent and not taken. */
export interface Typed {
  readonly text: string;
  readonly error: string;
}

type Props = { visit: Visit; evidence: Evidence; nameOf: NameOf; typed: Typed | null };

/** What agents wrote about a record, and the place to add more. */
export function NotesCard({ visit, evidence, nameOf, typed }: Props): JSX.Element {
  const { notes, record } = evidence;
  return (
    <section class="card">
      <h2>Notes</h2>
      {notes.length === 0 ? <p class="small quiet">Nothing was written down.</p> : null}
      {notes.map((note) => (
        <p class="small">
          <bdi>{note.text ?? 'The key of this note is gone; it can no longer be read.'}</bdi>
          <br />
          <span class="quiet">
            <bdi>{nameOf(note.actor)}</bdi>, <Moment visit={visit} at={note.created_at} />
          </span>
        </p>
      ))}
      {visit.may('records.note') ? (
        <form
          class="stack-tight no-print"
          method="post"
          action={href(visit.options, `/desk/records/${record.id}/notes`)}
        >
          <OnceField visit={visit} />
          <TextArea id="note" label="Add a note" typed={typed} />
          <div>
            <button class="btn btn-small">Add note</button>
          </div>
        </form>
      ) : null}
    </section>
  );
}

/** A few lines of text. */
export function TextArea(props: { id: string; label: string; hint?: string; typed: Typed | null }): JSX.Element {
  const { id, label, hint, typed } = props;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <FieldNotes id={id} hint={hint} error={typed?.error} />
      <textarea
        class="input"
        id={id}
        name={id}
        rows={2}
        maxlength={NOTE_LENGTH.max}
        required
        aria-describedby={noteIds(id, hint, typed?.error)}
        aria-invalid={typed === null ? undefined : 'true'}
        autofocus={typed !== null}
      >
        {typed?.text ?? ''}
      </textarea>
    </div>
  );
}
