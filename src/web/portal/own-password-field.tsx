import type { JSX } from 'hono/jsx/jsx-runtime';
import { Field } from '../components/field.tsx';

interface OwnPasswordProps {
  readonly id: string;
  readonly label?: string;
  readonly error: string | undefined;
}

/** The password of who is signed in, asked for again before something that a borrowed screen must not do. */
export function OwnPasswordField({ id, label = 'Your password', error }: OwnPasswordProps): JSX.Element {
  return (
    <Field
      id={id}
      label={label}
      type="password"
      error={error}
      autocomplete="current-password"
      first={error !== undefined}
    />
  );
}
