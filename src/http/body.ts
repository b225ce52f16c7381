import { joinBytes } from '../core/bytes.ts';
import type { Problem } from '../core/errors.ts';
import { invalid } from './problem.ts';
import type { HeaderReader, Incoming } from './route.ts';
import { parseStrictJson } from './strict-json.ts';

/** The largest body, in bytes (design section 6). */
export const MAX_BODY_BYTES = 16_384;

/** A request body: the exact text, and its value (undefined when there was none). */
export type BodyResult = { readonly ok: true; readonly text: string; readonly value: unknown } | Refused;

interface Refused {
  readonly ok: false;
  readonly problem: Problem;
}

const JSON_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;
const NONE: BodyResult = { ok: true, text: '', value: undefined };
const TOO_LARGE: Refused = {
  ok: false,
  problem: { code: 'payload_too_large', detail: `The body is larger than ${MAX_BODY_BYTES} bytes.` },
};
const WRONG_TYPE: Refused = {
  ok: false,
  problem: { code: 'unsupported_media_type', detail: 'The content type must be application/json in UTF-8.' },
};
const BROKEN_OFF: Refused = { ok: false, problem: invalid('The body broke off.') };
const ENCODED: Refused = {
  ok: false,
  problem: { code: 'unsupported_media_type', detail: 'Encoded (compressed) bodies are not accepted.' },
};

/** Reads and parses a JSON body; a missing one needs no content type. */
export async function readJson(request: Incoming, header: HeaderReader): Promise<BodyResult> {
  const read = await readBytes(request, header);
  if (!read.ok) return read;
  if (read.bytes.byteLength === 0) return NONE;
  return isJsonType(header('content-type') ?? '') ? parseJson(read.bytes) : WRONG_TYPE;
}

export function isJsonType(type: string): boolean {
  return type === 'application/json' || JSON_TYPE.test(type);
}

export type BytesResult = { readonly ok: true; readonly bytes: Uint8Array<ArrayBuffer> } | Refused;

/** The bytes of a body, none when there is none. Never reads more than the limit and one chunk. */
export async function readBytes(request: Incoming, header: HeaderReader): Promise<BytesResult> {
  const announced = header('content-length');
  if (announced === '0') return { ok: true, bytes: new Uint8Array() };
  if (announced !== null && Number(announced) > MAX_BODY_BYTES) return TOO_LARGE;
  const encoding = header('content-encoding');
  if (encoding !== null && encoding.trim().toLowerCase() !== 'identity') return ENCODED;
  let bytes: Uint8Array<ArrayBuffer> | null;
  try {
    bytes = announced === null ? await readStream(request) : bytesOf(await request.arrayBuffer());
  } catch {
    return BROKEN_OFF;
  }
  return bytes === null || bytes.byteLength > MAX_BODY_BYTES ? TOO_LARGE : { ok: true, bytes };
}

const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function bytesOf(body: ArrayBuffer | Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return body instanceof Uint8Array ? body : new Uint8Array(body);
}

/** The text of a body; strict UTF-8. */
export function decodeText(bytes: Uint8Array): { readonly ok: true; readonly text: string } | Refused {
  try {
    return { ok: true, text: DECODER.decode(bytes) };
  } catch {
    const errors = [{ pointer: '', code: 'malformed', detail: 'is not UTF-8' }];
    return { ok: false, problem: invalid('The body is not UTF-8.', errors) };
  }
}

/** The value of a JSON text in bytes. */
export function parseJson(bytes: Uint8Array): BodyResult {
  const decoded = decodeText(bytes);
  if (!decoded.ok) return decoded;
  const { text } = decoded;
  const result = parseStrictJson(text);
  if (result.ok) return { ok: true, text, value: result.value };
  return { ok: false, problem: invalid('The body is not acceptable JSON.', [result.fault]) };
}

/** Null when the body is too large; the rest is not read then. */
async function readStream(request: Incoming): Promise<Uint8Array<ArrayBuffer> | null> {
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joinBytes(chunks);
    length += value.byteLength;
    if (length > MAX_BODY_BYTES) {
      await reader.cancel().catch(() => undefined);
      return null;
    }
    chunks.push(value);
  }
}
