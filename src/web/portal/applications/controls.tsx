import type { PropsWithChildren } from 'hono/jsx';
import type { JSX } from 'hono/jsx/jsx-runtime';
import { ErrorList, Field, FieldNotes, noteIds } from '../../components/field.tsx';
import { Flash } from '../../components/flash.tsx';
import type { Errors, Typed } from './typed.ts';

interface ControlProps {
  readonly id: string;
  readonly label: string;
  readonly typed: Typed;
  readonly errors: Errors;
  readonly hint?: string | undefined;
  /** Shown only: the configuration file sets it, or what these words say. */
  readonly fixed?: boolean | string;
}

const FIXED = 'Set by the configuration file.';

function hintOf({ hint, fixed = false }: Pick<ControlProps, 'hint' | 'fixed'>): string | undefined {
  if (fixed === false) return hint;
  return fixed === true ? FIXED : fixed;
}

/** The one field that has an error: it is where to go on. With more, the list above them is. */
export function isOnlyError(errors: Errors, id: string): boolean {
  return errors[id] !== undefined && Object.keys(errors).length === 1;
}

/** One line of text that knows what was typed and what is wrong with it. */
export function TextControl(
  props: ControlProps & { maxlength?: number; short?: boolean; needed?: boolean },
): JSX.Element {
  const { id, label, typed, errors, fixed = false, maxlength, short = false, needed = false } = props;
  return (
    <Field
      id={id}
      label={label}
      value={typed[id] ?? ''}
      hint={hintOf(props)}
      error={errors[id]}
      optional={!needed}
      readonly={fixed !== false}
      first={isOnlyError(errors, id)}
      autocomplete="off"
      {...(maxlength === undefined ? {} : { maxlength })}
      {...(short ? { class: 'input-short', inputmode: 'numeric' as const } : {})}
    />
  );
}

/** Several values, one a line. */
export function LinesControl(props: ControlProps & { rows?: number; needed?: boolean }): JSX.Element {
  const { id, label, typed, errors, fixed = false, rows = 3, needed = false } = props;
  const error = errors[id];
  const hint = hintOf(props);
  return (
    <div class="field">
      <label for={id}>
        {label}
        {needed ? null : <span class="optional"> (optional)</span>}
      </label>
      <FieldNotes id={id} hint={hint} error={error} />
      <textarea
        class="input"
        id={id}
        name={id}
        rows={rows}
        readonly={fixed !== false}
        autofocus={isOnlyError(errors, id)}
        spellcheck={false}
        aria-describedby={noteIds(id, hint, error)}
        aria-invalid={error === undefined ? undefined : 'true'}
      >
        {typed[id] ?? ''}
      </textarea>
    </div>
  );
}

/** One of a few words. */
export function SelectControl(
  props: ControlProps & { choices: readonly (readonly [value: string, word: string])[] },
): JSX.Element {
  const { id, label, typed, errors, fixed = false, choices } = props;
  const error = errors[id];
  const hint = hintOf(props);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <FieldNotes id={id} hint={hint} error={error} />
      <select
        class="input"
        id={id}
        name={id}
        disabled={fixed !== false}
        autofocus={isOnlyError(errors, id)}
        aria-describedby={noteIds(id, hint, error)}
        aria-invalid={error === undefined ? undefined : 'true'}
      >
        {choices.map(([value, word]) => (
          <option value={value} selected={value === (typed[id] ?? '')}>
            {word}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Any of a few words. */
export function TicksControl(
  props: ControlProps & { choices: readonly (readonly [value: string, word: string])[] },
): JSX.Element {
  const { id, label, typed, errors, fixed = false, choices } = props;
  const chosen = (typed[id] ?? '').split('\n');
  const error = errors[id];
  const hint = hintOf(props);
  return (
    <fieldset class="field" id={id} aria-describedby={noteIds(id, hint, error)}>
      <legend>{label}</legend>
      <FieldNotes id={id} hint={hint} error={error} />
      <div class="row">
        {choices.map(([value, word]) => (
          <label class="tick">
            <input
              type="checkbox"
              name={id}
              value={value}
              checked={chosen.includes(value)}
              disabled={fixed !== false}
            />
            <span>{word}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** What stands above a form that was not obeyed: two faults or more as a list, one that belongs to no field as a message. */
export function FormErrors({ errors, children }: PropsWithChildren<{ errors: Errors }>): JSX.Element {
  const { form, version, ...rest } = errors;
  const list = Object.entries(rest).map(([id, text]) => ({ id, text }));
  const said = form ?? (version === undefined ? undefined : `${version} ${NOT_SAVED}`);
  return (
    <>
      {said === undefined ? null : <Flash tone={version === undefined ? 'bad' : 'warn'}>{said}</Flash>}
      {children}
      <ErrorList title="These fields need another look" errors={list} />
    </>
  );
}

const NOT_SAVED = 'What you typed stands below and is not saved; saving it now replaces the other change.';
