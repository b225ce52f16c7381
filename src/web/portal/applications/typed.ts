import type { FieldError, Problem } from '../../../core/errors.ts';
import { fieldErrors } from '../../../schema/index.ts';
import type { FormFields } from '../../form.ts';

/** What stands in the fields of a form, by name: as it is shown first, or as it was typed. Several values are one a line. */
export type Typed = Readonly<Record<string, string>>;

/** What is wrong with a form, by field: a sentence. */
export type Errors = Readonly<Record<string, string>>;

export function typedIn(fields: FormFields, names: readonly string[]): Typed {
  return Object.fromEntries(names.map((name) => [name, fields.all(name).join('\n').trim()]));
}

/** Words or numbers that stand one a line or between commas. */
export function listed(text: string): readonly string[] {
  return text
    .split(/[\n,]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Values that may hold commas, one a line. */
export function lines(text: string): readonly string[] {
  return text
    .split('\n')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** A number as it was typed; what is none stays text, for the schema to refuse. */
export function number(text: string): number | string {
  return /^-?\d+$/.test(text) ? Number(text) : text;
}

interface Schema<T> {
  safeParse(
    value: unknown,
  ): { success: true; data: T } | { success: false; error: { issues: Parameters<typeof fieldErrors>[0] } };
}

/** The input that a form makes, or what is wrong with it. */
export function parsed<T>(schema: Schema<T>, input: object): { readonly value: T } | { readonly errors: Errors } {
  const result = schema.safeParse(input);
  return result.success ? { value: result.data } : { errors: errorsOf(fieldErrors(result.error.issues, input)) };
}

/** Field errors by the first part of their pointers; the first of a field counts. */
export function errorsOf(errors: readonly FieldError[]): Errors {
  const found: Record<string, string> = {};
  for (const { pointer, detail } of errors) {
    const name = pointer.split('/')[1] ?? '';
    found[name] ??= sentence(detail);
  }
  return found;
}

/** Of a refusal: its fields, or the sentence for the form as a whole under `form`. */
export function errorsOfProblem({ errors, detail }: Problem): Errors {
  return errors === undefined || errors.length === 0 ? { form: sentence(detail) } : errorsOf(errors);
}

function sentence(detail: string): string {
  const text = detail.charAt(0).toUpperCase() + detail.slice(1);
  return /[.?]$/.test(text) ? text : `${text}.`;
}
