import type { Problem } from '../../core/errors.ts';
import { decodeText, isJsonType, parseJson, readBytes } from '../body.ts';
import { invalid } from '../problem.ts';
import type { Exchange } from '../route.ts';

/** Named values of a body, as it had them. */
export type Fields = Readonly<Record<string, unknown>>;

export type BodyKind = 'json' | 'form' | 'multipart';

export type FieldsResult =
  { readonly ok: true; readonly fields: Fields } | { readonly ok: false; readonly problem: Problem };

const NO_FIELDS: FieldsResult = { ok: true, fields: {} };
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;
const MULTIPART_TYPE = /^multipart\/form-data\s*;/i;
const WRONG_TYPE: Problem = { code: 'unsupported_media_type', detail: 'This content type is not read here.' };

/** The fields of a body in one of the kinds that a dialect takes; none when there is no body. */
export async function readFields(
  { request, header }: Pick<Exchange, 'request' | 'header'>,
  takes: readonly BodyKind[],
): Promise<FieldsResult> {
  const read = await readBytes(request, header);
  if (!read.ok) return read;
  const type = header('content-type') ?? '';
  if (read.bytes.byteLength === 0) return NO_FIELDS;
  if (isJsonType(type) && takes.includes('json')) return jsonFields(read.bytes);
  if (FORM_TYPE.test(type) && takes.includes('form')) return formFields(read.bytes);
  if (MULTIPART_TYPE.test(type) && takes.includes('multipart')) return multipartFields(read.bytes, type);
  return { ok: false, problem: WRONG_TYPE };
}

function jsonFields(bytes: Uint8Array): FieldsResult {
  const parsed = parseJson(bytes);
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { ok: true, fields: value as Fields }
    : { ok: false, problem: invalid('The body is no JSON object.', [NO_OBJECT]) };
}

/** How a dialect knows that the JSON was well-formed, but no object. */
export const NO_OBJECT = { pointer: '', code: 'invalid_type', detail: 'must be an object' };

function formFields(bytes: Uint8Array): FieldsResult {
  const decoded = decodeText(bytes);
  return decoded.ok ? distinct(new URLSearchParams(decoded.text)) : decoded;
}

async function multipartFields(bytes: Uint8Array<ArrayBuffer>, type: string): Promise<FieldsResult> {
  try {
    const form = await new Response(bytes, { headers: { 'content-type': type } }).formData();
    return distinct([...form].map(([name, value]) => [name, typeof value === 'string' ? value : ''] as const));
  } catch {
    return { ok: false, problem: malformed('is no multipart form') };
  }
}

/** A field named twice is refused: two readers could take different ones. */
function distinct(pairs: Iterable<readonly [string, string]>): FieldsResult {
  const fields: Record<string, string> = Object.create(null);
  for (const [name, value] of pairs) {
    if (name in fields) return { ok: false, problem: malformed('names a field twice') };
    fields[name] = value;
  }
  return { ok: true, fields };
}

function malformed(detail: string): Problem {
  return invalid(`The body ${detail}.`, [{ pointer: '', code: 'malformed', detail }]);
}
