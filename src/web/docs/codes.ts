import { ERRORS, type ErrorCode } from '../../core/errors.ts';
import { resolve, type OpenApiDocument, type Operation, type OperationAnswer } from './openapi.ts';

export const ERROR_CODES = Object.keys(ERRORS) as readonly ErrorCode[];

/** One refusal of a call. `code` is null where the document names only the status. */
export interface Refusal {
  readonly status: string;
  readonly code: ErrorCode | null;
  readonly description: string;
}

/** The refusals of a call, by status: the codes that the document names for it, whichever way it names them. */
export function refusalsOf(document: OpenApiDocument, operation: Operation): readonly Refusal[] {
  return operation.answers
    .filter((answer) => !/^[123]/.test(answer.status))
    .flatMap((answer) => refusals(document, operation, answer));
}

function refusals(document: OpenApiDocument, operation: Operation, answer: OperationAnswer): readonly Refusal[] {
  const named = new Set([...operation.codes, ...schemaCodes(document, answer), ...words(answer.description)]);
  const codes = ERROR_CODES.filter((code) => named.has(code) && String(ERRORS[code].status) === answer.status);
  if (codes.length === 0) return [{ status: answer.status, code: null, description: answer.description }];
  return codes.map((code) => ({ status: answer.status, code, description: ERRORS[code].title }));
}

function schemaCodes(document: OpenApiDocument, answer: OperationAnswer): readonly string[] {
  const code = resolve(document, answer.schema ?? {}).properties?.['code'];
  if (code === undefined) return [];
  const { enum: values = [], const: only } = resolve(document, code);
  const listed = [...values, only].filter((value) => typeof value === 'string');
  // The schema of every problem lists the whole table, which says nothing about this call.
  return listed.length >= ERROR_CODES.length ? [] : listed;
}

function words(text: string): readonly string[] {
  return text.match(/[a-z_]+/g) ?? [];
}
