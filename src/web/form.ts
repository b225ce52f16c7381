import { joinBytes } from '../core/bytes.ts';
import { isMultipart, multipartFields } from './multipart.ts';
import { isSameOrigin } from './same-origin.ts';
import type { Site } from './site.ts';

/** The largest form, in bytes, where a page does not ask for more. */
const MAX_FORM_BYTES = 16_384;
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

/** What a page's form sent, or why it is not obeyed: 403 another site's, 413 too large, 415 no form. */
export type FormReading =
  { readonly ok: true; readonly fields: FormFields } | { readonly ok: false; readonly status: 403 | 413 | 415 };

/** Fields of one form. A field named twice counts once, by its first value. */
export interface FormFields {
  /** Without blanks around it; '' when the field is missing. */
  text(name: string): string;
  /** Exactly as typed (passwords); '' when the field is missing. */
  exact(name: string): string;
  has(name: string): boolean;
  /** Every value of a field, such as a group of checkboxes. */
  all(name: string): readonly string[];
  /** Everything as it came, in order. */
  entries(): readonly (readonly [name: string, value: string])[];
}

/** What a page takes of its form. */
export interface FormBounds {
  /** The largest form in bytes, where it is more than a few fields. */
  readonly maxBytes?: number;
  /** Files may be among its fields: each is a data URI. */
  readonly files?: boolean;
}

/** Reads the body of a form that a page of this site sent. Never reads more than the limit and one chunk. */
export async function readForm(request: Request, site: Site, bounds: FormBounds = {}): Promise<FormReading> {
  const { maxBytes = MAX_FORM_BYTES, files = false } = bounds;
  if (!isSameOrigin(request, site)) return { ok: false, status: 403 };
  const type = request.headers.get('content-type') ?? '';
  const withFiles = files && isMultipart(type);
  if (!withFiles && !FORM_TYPE.test(type)) return { ok: false, status: 415 };
  const body = await readBytes(request, maxBytes);
  if (body === null) return { ok: false, status: 413 };
  const values = withFiles ? await multipartFields(body, type) : new URLSearchParams(new TextDecoder().decode(body));
  return values === null ? { ok: false, status: 415 } : { ok: true, fields: fieldsOf(values) };
}

async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | null> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return null;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return null;
    chunks.push(chunk);
  }
  return joinBytes(chunks);
}

function fieldsOf(values: URLSearchParams): FormFields {
  return {
    text: (name) => (values.get(name) ?? '').trim(),
    exact: (name) => values.get(name) ?? '',
    has: (name) => values.has(name),
    all: (name) => values.getAll(name),
    entries: () => [...values],
  };
}
