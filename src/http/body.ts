import type { Problem } from '../core/errors.ts';
import { invalid } from './problem.ts';
import type { HeaderReader } from './route.ts';
import { parseStrictJson } from './strict-json.ts';

/** The largest body, in bytes (design section 6). */
export const MAX_BODY_BYTES = 16_384;

/** A request body: the exact text, and its value (undefined when there was none). */
export type BodyResult =
  | { readonly ok: true; readonly text: string; readonly value: unknown }
  | { readonly ok: false; readonly problem: Problem };

const JSON_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;
const NONE: BodyResult = { ok: true, text: '', value: undefined };
const TOO_LARGE: BodyResult = {
  ok: false,
  problem: { code: 'payload_too_large', detail: `The body is larger than ${MAX_BODY_BYTES} bytes.` },
};
const WRONG_TYPE: BodyResult = {
  ok: false,
  problem: { code: 'unsupported_media_type', detail: 'The content type must be application/json in UTF-8.' },
};
const BROKEN_OFF: BodyResult = { ok: false, problem: invalid('The body broke off.') };
const ENCODED: BodyResult = {
  ok: false,
  problem: { code: 'unsupported_media_type', detail: 'Encoded (compressed) bodies are not accepted.' },
};

/** Reads and parses a JSON body; a missing one needs no content type. Never reads more than the limit and one chunk. */
export async function readJson(request: Request, header: HeaderReader): Promise<BodyResult> {
  const announced = header('content-length');
  if (announced === '0') return NONE;
  if (announced !== null && Number(announced) > MAX_BODY_BYTES) return TOO_LARGE;
  const encoding = header('content-encoding');
  if (encoding !== null && encoding.trim().toLowerCase() !== 'identity') return ENCODED;
  let bytes: Uint8Array | null;
  try {
    bytes = announced === null ? await readStream(request) : new Uint8Array(await request.arrayBuffer());
  } catch {
    return BROKEN_OFF;
  }
  if (bytes === null || bytes.byteLength > MAX_BODY_BYTES) return TOO_LARGE;
  if (bytes.byteLength === 0) return NONE;
  const type = header('content-type');
  if (type !== 'application/json' && !JSON_TYPE.test(type ?? '')) return WRONG_TYPE;
  return parse(bytes);
}

const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function parse(bytes: Uint8Array): BodyResult {
  let text: string;
  try {
    text = DECODER.decode(bytes);
  } catch {
    return {
      ok: false,
      problem: invalid('The body is not UTF-8.', [{ pointer: '', code: 'malformed', detail: 'is not UTF-8' }]),
    };
  }
  const result = parseStrictJson(text);
  if (result.ok) return { ok: true, text, value: result.value };
  return { ok: false, problem: invalid('The body is not acceptable JSON.', [result.fault]) };
}

/** Null when the body is too large; the rest is not read then. */
async function readStream(request: Request): Promise<Uint8Array | null> {
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return concat(chunks, length);
    length += value.byteLength;
    if (length > MAX_BODY_BYTES) {
      await reader.cancel().catch(() => undefined);
      return null;
    }
    chunks.push(value);
  }
}

function concat(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return all;
}
