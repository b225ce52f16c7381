import type { JSX } from 'hono/jsx/jsx-runtime';
import type { FieldError, Problem } from '../../../core/errors.ts';
import { ErrorList } from '../../components/field.tsx';

/** What a form was refused for, by field. */
export type Refused = readonly FieldError[];

/** A refusal that names no field is shown at `field`. */
export function refusedOf({ errors, detail, code }: Problem, field: string): Refused {
  return errors ?? [{ pointer: `/${field}`, code, detail }];
}

/** A field's own error: `/mobile` and what is below it. */
export function errorAt(refused: Refused, id: string): string | undefined {
  return refused.find(({ pointer }) => pointer === `/${id}` || pointer.startsWith(`/${id}/`))?.detail;
}

export function Refusals({ refused, title }: { refused: Refused; title: string }): JSX.Element | null {
  const errors = refused.map(({ pointer, detail }) => ({ id: pointer.split('/')[1] ?? '', text: detail }));
  return <ErrorList title={title} errors={errors} />;
}
