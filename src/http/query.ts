import type { z } from 'zod';
import type { FieldError, Problem } from '../core/errors.ts';
import { fieldErrors } from '../schema/index.ts';
import { invalid } from './problem.ts';

export type QueryResult =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: Problem };

/** Reads the query of a URL by a strict schema: unknown and repeated names are refused, at `#query/<name>`. */
export function readQuery(url: string, schema: z.ZodType): QueryResult {
  const start = url.indexOf('?');
  const values: Record<string, string> = Object.create(null);
  const repeated: FieldError[] = [];
  for (const [name, value] of new URLSearchParams(start === -1 ? '' : url.slice(start + 1))) {
    if (name in values)
      repeated.push({ pointer: `#query/${name.slice(0, 64)}`, code: 'repeated', detail: 'is there twice' });
    values[name] = value;
  }
  const parsed = schema.safeParse(values);
  if (parsed.success && repeated.length === 0) return { ok: true, value: parsed.data };
  const errors =
    repeated.length > 0 ? repeated.slice(0, 20) : fieldErrors(parsed.error?.issues ?? [], values, '#query');
  return { ok: false, problem: invalid('The query is not valid.', errors) };
}
