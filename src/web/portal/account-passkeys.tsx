import type { JSX } from 'hono/jsx/jsx-runtime';
import type { PasskeyView } from '../../core/agent-views.ts';
import type { PasskeysService } from '../../service/api.ts';
import { Field, FieldNotes, noteIds } from '../components/field.tsx';
import { href } from '../site.ts';
import { ACCOUNT_PATH, type AccountErrors } from './account-path.ts';
import { Moment } from './moment.tsx';
import { OwnPasswordField } from './own-password-field.tsx';
import type { Visit } from './visit.ts';

export const OWN_PASSKEYS_PATH = `${ACCOUNT_PATH}/passkeys`;

type State = Awaited<ReturnType<PasskeysService['state']>>;

/** Where passkeys cannot be used, what is missing, for who can mend it. */
const MISSING: Readonly<Record<Exclude<State, 'ready'>, string>> = {
  address: 'Passkeys are off: they need WATCHWORD_PUBLIC_URL, an https address with a name.',
  package:
    'Passkeys are off: they need the package @simplewebauthn/server. Run “npm install @simplewebauthn/server@14”.',
};

interface CardProps {
  readonly visit: Visit;
  readonly errors: AccountErrors;
  readonly state: State;
  readonly passkeys: readonly PasskeyView[];
  /** The name that was typed, after an error. */
  readonly name: string;
}

/** Passkeys: add one, remove one, and what is missing where there can be none. */
export function PasskeysCard(props: CardProps): JSX.Element | null {
  const { visit, state, passkeys } = props;
  const isOff = state !== 'ready';
  if (isOff && passkeys.length === 0 && !visit.may('administration')) return null;
  return (
    <section class="card">
      <h2>Passkeys</h2>
      <p>A passkey signs you in with your finger, your face or a PIN: without password and code.</p>
      {passkeys.length === 0 ? null : <RemoveForm {...props} />}
      {isOff ? <p class="hint">{MISSING[state]}</p> : <AddForm {...props} />}
    </section>
  );
}

function AddForm({ visit, errors, name }: CardProps): JSX.Element {
  return (
    <form class="stack" method="post" action={href(visit.options, OWN_PASSKEYS_PATH)}>
      <Field
        id="passkey_name"
        label="Name of the new passkey"
        hint="So that you know which it is: the laptop, the phone."
        value={name}
        error={errors['passkey_name']}
        autocomplete="off"
        maxlength={80}
        first={errors['passkey_name'] !== undefined}
      />
      <OwnPasswordField id="passkey_password" error={errors['passkey_password']} />
      <div class="row">
        <button class="btn btn-main">Add a passkey</button>
      </div>
      <p class="hint">Next your browser asks you. That needs JavaScript.</p>
    </form>
  );
}

function RemoveForm({ visit, errors, passkeys }: CardProps): JSX.Element {
  return (
    <form class="stack" method="post" action={href(visit.options, `${OWN_PASSKEYS_PATH}/remove`)}>
      <fieldset class="field" aria-describedby={noteIds('passkey', undefined, errors['passkey'])}>
        <legend>Your passkeys</legend>
        <FieldNotes id="passkey" error={errors['passkey']} />
        <div class="choices">
          {passkeys.map((passkey) => (
            <OnePasskey visit={visit} passkey={passkey} />
          ))}
        </div>
      </fieldset>
      <OwnPasswordField id="remove_password" label="Your password, to remove one" error={errors['remove_password']} />
      <div class="row">
        <button class="btn btn-danger">Remove the chosen passkey</button>
      </div>
    </form>
  );
}

function OnePasskey({ visit, passkey }: { visit: Visit; passkey: PasskeyView }): JSX.Element {
  const { id, name, created_at: made, last_used_at: used } = passkey;
  return (
    <label class="choice">
      <input type="radio" name="passkey" value={id} />
      <span>
        <bdi>{name}</bdi>
        <small>
          Added <Moment visit={visit} at={made} />
          {used === null ? '' : ', last used '}
          {used === null ? null : <Moment visit={visit} at={used} />}
        </small>
      </span>
    </label>
  );
}
