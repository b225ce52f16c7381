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

/** Reads the body of a form that a page of this site sent. Never reads more than the limit and one chunk. */
export async function readForm(request: Request, site: Site, maxBytes: number = MAX_FORM_BYTES): Promise<FormReading> {
  if (!isSameOrigin(request, site)) return { ok: false, status: 403 };
  if (!FORM_TYPE.test(request.headers.get('content-type') ?? '')) return { ok: false, status: 415 };
  const body = await readText(request, maxBytes);
  return body === null ? { ok: false, status: 413 } : { ok: true, fields: fieldsOf(new URLSearchParams(body)) };
}

async function readText(request: Request, maxBytes: number): Promise<string | null> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return null;
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
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
