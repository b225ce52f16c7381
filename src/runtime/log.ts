import type { LogEvent } from '../ports/environment.ts';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
const URGENT = LEVELS.indexOf('warn');

export interface LoggerOptions {
  /** The least important level that is still written. */
  readonly level: LogEvent['level'];
  /** `json`: one object per line, for machines; `text`: a line for people. */
  readonly format: 'json' | 'text';
  readonly now: () => number;
  /** Takes finished lines, several at once. */
  readonly write: (text: string) => void;
}

export interface Logger {
  log(event: LogEvent): void;
  /** Writes what is still buffered. */
  flush(): void;
}

/** Lines of everyday events are collected this long, and up to this many characters, before they are written. */
const COLLECT_MS = 25;
const COLLECT_CHARACTERS = 65_536;

/**
 * The operational log: one line per event, several written at once; warnings and errors at the end of the turn. Control
 * characters in facts are escaped, so that no value can forge a line or drive a terminal.
 */
export function createLogger({ level, format, now, write }: LoggerOptions): Logger {
  const lowest = LEVELS.indexOf(level);
  const line = format === 'json' ? jsonLine : textLine;
  let buffer = '';
  let timer: NodeJS.Timeout | undefined;
  let last = { ms: Number.NaN, text: '' };

  function timestamp(): string {
    const ms = now();
    if (ms !== last.ms) last = { ms, text: new Date(ms).toISOString() };
    return last.text;
  }

  function flush(): void {
    if (buffer === '') return;
    const text = buffer;
    buffer = '';
    clearTimeout(timer);
    timer = undefined;
    write(text);
  }

  function log(event: LogEvent): void {
    const level = LEVELS.indexOf(event.level);
    if (level < lowest) return;
    buffer += line(event, timestamp());
    if (level >= URGENT) setImmediate(flush);
    else if (buffer.length > COLLECT_CHARACTERS) flush();
    else timer ??= setTimeout(flush, COLLECT_MS);
  }

  return { log, flush };
}

function jsonLine(event: LogEvent, time: string): string {
  return `{"time":"${time}",${printable(JSON.stringify(event)).slice(1)}\n`;
}

function textLine({ event, level, ...facts }: LogEvent, time: string): string {
  const pairs = Object.entries(facts)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => ` ${name}=${printable(wordOf(value))}`);
  return `${time.slice(11, 19)} ${level === 'info' ? '' : `${level} `}${event}${pairs.join('')}\n`;
}

function wordOf(value: unknown): string {
  const text = String(value);
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}

/** JSON escapes C0 already; DEL, C1 and the line separators must not reach a terminal either. */
function printable(text: string): string {
  return UNPRINTABLE.test(text) ? text.replaceAll(EVERY_UNPRINTABLE, escaped) : text;
}

const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const EVERY_UNPRINTABLE = new RegExp(UNPRINTABLE, 'g');

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
