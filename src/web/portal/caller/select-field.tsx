import type { JSX } from 'hono/jsx/jsx-runtime';
import { FieldNotes, noteIds } from '../../components/field.tsx';

interface SelectProps {
  readonly id: string;
  readonly label: string;
  readonly options: readonly (readonly [value: string, word: string])[];
  readonly chosen: string;
  /** What stands first and chooses nothing; absent = something is always chosen. */
  readonly prompt?: string;
  readonly optional?: boolean;
  readonly error?: string | undefined;
}

/** A list to choose one from. */
export function SelectField(props: SelectProps): JSX.Element {
  const { id, label, options, chosen, prompt, optional = false, error } = props;
  return (
    <div class="field">
      <label for={id}>
        {label}
        {optional ? <span class="optional"> (optional)</span> : null}
      </label>
      <FieldNotes id={id} error={error} />
      <select
        class="input"
        id={id}
        name={id}
        required={!optional && prompt !== undefined}
        aria-describedby={noteIds(id, undefined, error)}
        aria-invalid={error === undefined ? undefined : 'true'}
      >
        {prompt === undefined ? null : <option value="">{prompt}</option>}
        {options.map(([value, word]) => (
          <option value={value} selected={value === chosen}>
            {word}
          </option>
        ))}
      </select>
    </div>
  );
}
