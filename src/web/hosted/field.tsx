import type { PropsWithChildren } from 'hono/jsx';
import type { JSX } from 'hono/jsx/jsx-runtime';
import { Icon } from '../components/icon.tsx';

type FieldProps = PropsWithChildren<{
  readonly id: string;
  readonly label: string;
  readonly error?: string | null;
  readonly class?: string;
}>;

/** Label, error and control, in this order; the control (the children) names the error by {@link describedBy}. */
export function Field({ id, label, error, class: extra, children }: FieldProps): JSX.Element {
  return (
    <div class={extra === undefined ? 'field' : `field ${extra}`}>
      <label for={id}>{label}</label>
      {error ? (
        <p class="error" id={`${id}-error`}>
          <Icon name="triangle" />
          <span>{error}</span>
        </p>
      ) : null}
      {children}
    </div>
  );
}

/** Attributes of a control that tell of its error. */
export function describedBy(id: string, error: string | null): Readonly<Record<string, string | boolean>> {
  return error === null ? {} : { 'aria-describedby': `${id}-error`, 'aria-invalid': 'true', autofocus: true };
}
