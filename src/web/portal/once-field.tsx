import type { JSX } from 'hono/jsx/jsx-runtime';
import type { FormFields } from '../form.ts';
import type { Visit } from './visit.ts';

const NAME = 'once';

/** Goes into every form that does something: with it, a second press of the button does nothing more. */
export function OnceField({ visit }: { visit: Visit }): JSX.Element {
  return <input type="hidden" name={NAME} value={visit.newToken()} />;
}

/** What makes this sending of the form one with its repetitions; null when the form has no such field. */
export function onceKey(fields: FormFields): string | null {
  const token = fields.exact(NAME);
  return /^[\w-]{16,64}$/.test(token) ? token : null;
}
