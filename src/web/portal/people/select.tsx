import type { JSX } from 'hono/jsx/jsx-runtime';
import { FieldNotes, noteIds } from '../../components/field.tsx';

interface SelectProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly choices: readonly (readonly [value: string, word: string])[];
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly optional?: boolean;
  readonly required?: boolean;
}

/** One of several, by its word. */
export function Select(props: SelectProps): JSX.Element {
  const { id, label, value, choices, hint, error, optional = false, required = false } = props;
  return (
    <div class="field">
      <label for={id}>
        {label}
        {optional ? <span class="optional"> (optional)</span> : null}
      </label>
      <FieldNotes id={id} hint={hint} error={error} />
      <select
        class="input"
        id={id}
        name={id}
        required={required}
        aria-describedby={noteIds(id, hint, error)}
        aria-invalid={error === undefined ? undefined : 'true'}
      >
        {choices.map(([one, word]) => (
          <option value={one} selected={one === value}>
            {word}
          </option>
        ))}
      </select>
    </div>
  );
}
