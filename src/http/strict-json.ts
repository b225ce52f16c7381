/** Where and why a text is no strict JSON; the pointer is a JSON pointer, the detail repeats no value. */
export interface JsonFault {
  readonly code: 'malformed' | 'too_deep' | 'duplicate_key' | 'forbidden_key' | 'lone_surrogate';
  readonly pointer: string;
  readonly detail: string;
}

export type JsonResult =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly fault: JsonFault };

/** The deepest nesting of objects and arrays together. */
export const MAX_DEPTH = 8;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
/** Up to here comparing with the keys before is cheaper than a set. */
const FEW_KEYS = 12;

/** An open container: an object with its keys so far, or an array (`keys` null). */
interface Frame {
  readonly keys: string[] | null;
  set: Set<string> | null;
  index: number;
}

/**
 * `JSON.parse` that also refuses duplicate keys at any depth, `__proto__`, nesting beyond eight and lone surrogates:
 * everything two readers of one body could understand differently. Linear in the length of the text.
 */
export function parseStrictJson(text: string): JsonResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, fault: { code: 'malformed', pointer: '', detail: 'is not JSON' } };
  }
  const fault = scan(text);
  return fault === null ? { ok: true, value } : { ok: false, fault };
}

/** Walks valid JSON once; only strings and brackets matter. */
function scan(text: string): JsonFault | null {
  const frames: Frame[] = [];
  let frame: Frame | undefined;
  let keyNext = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === QUOTE) {
      const end = endOfString(text, i);
      const fault =
        keyNext && frame !== undefined
          ? addKey(frames, frame, text.slice(i, end + 1))
          : checkString(frames, text, i, end);
      if (fault !== null) return fault;
      i = end;
    } else if (char === OPEN_OBJECT || char === OPEN_ARRAY) {
      if (frames.length === MAX_DEPTH)
        return { code: 'too_deep', pointer: pointerOf(frames), detail: `is nested deeper than ${MAX_DEPTH} levels` };
      frame = { keys: char === OPEN_OBJECT ? [] : null, set: null, index: 0 };
      frames.push(frame);
      keyNext = char === OPEN_OBJECT;
    } else if (char === CLOSE_OBJECT || char === CLOSE_ARRAY) {
      frames.pop();
      frame = frames[frames.length - 1];
      keyNext = false;
    } else if (char === COMMA) {
      keyNext = frame?.keys != null;
      if (frame !== undefined) frame.index++;
    } else if (char === COLON) {
      keyNext = false;
    }
  }
  return null;
}

/** The index of the closing quote. The text is valid JSON, so there is one. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (text.charCodeAt(end - 1) === BACKSLASH && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

function addKey(frames: readonly Frame[], frame: Frame, quoted: string): JsonFault | null {
  const key = quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1);
  const keys = frame.keys ?? [];
  const repeated = frame.set === null ? keys.includes(key) : frame.set.has(key);
  keys.push(key);
  if (frame.set !== null) frame.set.add(key);
  else if (keys.length > FEW_KEYS) frame.set = new Set(keys);
  if (repeated) return { code: 'duplicate_key', pointer: pointerOf(frames), detail: 'is there twice' };
  if (key === '__proto__') return { code: 'forbidden_key', pointer: pointerOf(frames), detail: 'is not a usable name' };
  if (LONE_SURROGATE.test(key)) return surrogateFault(frames);
  return null;
}

/** Valid UTF-8 has no surrogates, so only a string with an escape can hold one. */
function checkString(frames: readonly Frame[], text: string, start: number, end: number): JsonFault | null {
  const escape = text.indexOf('\\', start);
  if (escape === -1 || escape > end) return null;
  return LONE_SURROGATE.test(String(JSON.parse(text.slice(start, end + 1)))) ? surrogateFault(frames) : null;
}

function surrogateFault(frames: readonly Frame[]): JsonFault {
  return { code: 'lone_surrogate', pointer: pointerOf(frames), detail: 'holds half a surrogate pair' };
}

const LONE_SURROGATE = /\p{Cs}/u;
const LONGEST_NAME = 64;

function pointerOf(frames: readonly Frame[]): string {
  return frames
    .map(({ keys, index }) => (keys === null ? String(index) : (keys.at(-1) ?? '')))
    .map((name) => `/${name.slice(0, LONGEST_NAME).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('')
    .replaceAll(/\p{Cs}/gu, '\ufffd');
}
