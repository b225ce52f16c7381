import type { JSX } from 'hono/jsx/jsx-runtime';
import { Field } from '../../components/field.tsx';
import { href } from '../../site.ts';
import { OnceField } from '../once-field.tsx';
import type { Visit } from '../visit.ts';
import { FormErrors, isOnlyError, TicksControl } from './controls.tsx';
import type { Errors, Typed } from './typed.ts';

/** What the form of a new key shows first. */
export const NEW_KEY: Typed = { name: '', ends: '', mode: 'test', scopes: 'send\ncheck' };

const SCOPES = [
  ['send', 'send'],
  ['check', 'check'],
  ['read', 'read'],
  ['admin', 'admin'],
] as const;

type FormProps = { visit: Visit; path: string; typed: Typed; errors: Errors };

/** The form that makes a key. */
export function KeyForm({ visit, path, typed, errors }: FormProps): JSX.Element {
  return (
    <form class="card" method="post" action={href(visit.options, path)}>
      <h2>New key</h2>
      <FormErrors errors={errors} />
      <OnceField visit={visit} />
      <div class="fields-2">
        <Field
          id="name"
          label="Name"
          value={typed['name']}
          hint="What uses it, so that you know what stops when you revoke it."
          error={errors['name']}
          first={isOnlyError(errors, 'name')}
          maxlength={80}
          autocomplete="off"
        />
        <Field
          id="ends"
          type="date"
          label="Last day"
          value={typed['ends']}
          hint="Without one the key has no end."
          error={errors['ends']}
          first={isOnlyError(errors, 'ends')}
          optional
        />
      </div>
      <fieldset class="field">
        <legend>Mode</legend>
        <div class="choices">
          <Mode typed={typed} value="live" word="Live" small="Sends through your providers" />
          <Mode typed={typed} value="test" word="Test" small="Only into the inbox, never a provider" />
        </div>
      </fieldset>
      <TicksControl id="scopes" label="Scopes" typed={typed} errors={errors} choices={SCOPES} />
      <Field
        id="password"
        type="password"
        label="Your password"
        hint="Only for a key with the scope admin."
        error={errors['password']}
        first={isOnlyError(errors, 'password')}
        autocomplete="current-password"
        optional
      />
      <div class="row">
        <button class="btn btn-main">Create key</button>
      </div>
    </form>
  );
}

function Mode(props: { typed: Typed; value: string; word: string; small: string }): JSX.Element {
  const { typed, value, word, small } = props;
  return (
    <label class="choice">
      <input type="radio" name="mode" value={value} checked={typed['mode'] === value} />
      <span>
        {word}
        <small>{small}</small>
      </span>
    </label>
  );
}
