import type { JSX } from 'hono/jsx/jsx-runtime';
import { Icon } from './icon.tsx';

interface FieldProps {
  readonly id: string;
  /** The field's name in the form; its id when absent. */
  readonly name?: string;
  readonly label: string;
  readonly type?: 'text' | 'email' | 'password' | 'search' | 'tel' | 'date' | 'file';
  readonly value?: string | undefined;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly optional?: boolean;
  /** The field that is typed into first. */
  readonly first?: boolean;
  readonly autocomplete?: string;
  readonly maxlength?: number;
  /** Of a file: what may be chosen. */
  readonly accept?: string;
  readonly inputmode?: 'numeric' | 'email' | 'tel' | 'text';
  readonly class?: string;
  /** Shown, not to be changed here. */
  readonly readonly?: boolean;
}

/** A text or file field: label, hint, error, control, linked for screen readers. */
export function Field(props: FieldProps): JSX.Element {
  const {
    id,
    name = id,
    label,
    type = 'text',
    value,
    optional = false,
    first = false,
    autocomplete,
    maxlength,
  } = props;
  const { error, hint } = props;
  const plain =
    type === 'email' || autocomplete === 'username' ? ({ autocapitalize: 'none', spellcheck: false } as const) : {};
  return (
    <div class="field">
      <label for={id}>
        {label}
        {optional ? <span class="optional"> (optional)</span> : null}
      </label>
      <FieldNotes id={id} hint={hint} error={error} />
      <input
        class={props.class === undefined ? 'input' : `input ${props.class}`}
        type={type}
        id={id}
        name={name}
        value={value}
        aria-describedby={noteIds(id, hint, error)}
        aria-invalid={error === undefined ? undefined : 'true'}
        autocomplete={autocomplete}
        accept={props.accept}
        inputmode={props.inputmode}
        maxlength={maxlength}
        required={!optional}
        readonly={props.readonly}
        autofocus={first}
        {...plain}
      />
    </div>
  );
}

/** Hint and error of a field, as `aria-describedby` of its control names them. */
export function FieldNotes(props: { id: string; hint?: string | undefined; error?: string | undefined }): JSX.Element {
  const { id, hint, error } = props;
  return (
    <>
      {hint === undefined ? null : (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error === undefined ? null : (
        <p class="error" id={`${id}-error`}>
          <Icon name="triangle" />
          <span>{error}</span>
        </p>
      )}
    </>
  );
}

/** The ids of a field's notes. */
export function noteIds(id: string, hint: string | undefined, error: string | undefined): string | undefined {
  const ids = [hint === undefined ? [] : `${id}-hint`, error === undefined ? [] : `${id}-error`].flat();
  return ids.length === 0 ? undefined : ids.join(' ');
}

/** From two errors on, above the form: each leads to its field. */
export function ErrorList(props: {
  title: string;
  errors: readonly { readonly id: string; readonly text: string }[];
}): JSX.Element | null {
  const { title, errors } = props;
  if (errors.length < 2) return null;
  return (
    <div class="error-list" role="alert" tabindex={-1} autofocus>
      <h2>{title}</h2>
      <ul class="stack-tight">
        {errors.map(({ id, text }) => (
          <li>
            <a href={`#${id}`}>{text}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}
