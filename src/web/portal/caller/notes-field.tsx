import type { JSX } from 'hono/jsx/jsx-runtime';
import { NOTE_LENGTH } from '../../../core/overrides.ts';
import { FieldNotes, noteIds } from '../../components/field.tsx';

interface NotesProps {
  readonly value: string;
  readonly hint: string;
  readonly optional?: boolean;
  readonly error?: string | undefined;
}

/** What an agent writes about a case in free words. */
export function NotesField({ value, hint, optional = false, error }: NotesProps): JSX.Element {
  return (
    <div class="field">
      <label for="note">
        Notes
        {optional ? <span class="optional"> (optional)</span> : null}
      </label>
      <FieldNotes id="note" hint={hint} error={error} />
      <textarea
        class="input"
        id="note"
        name="note"
        rows={optional ? 2 : 4}
        maxlength={NOTE_LENGTH.max}
        required={!optional}
        aria-describedby={noteIds('note', hint, error)}
        aria-invalid={error === undefined ? undefined : 'true'}
      >
        {value}
      </textarea>
    </div>
  );
}
