import type { LogEvent } from '../ports/environment.ts';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

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

/**
 * The operational log: one line per event, collected during a turn of the event loop and written at its end. Control
 * characters in facts are escaped, so that no value can forge a line or drive a terminal.
 */
export function createLogger({ level, format, now, write }: LoggerOptions): Logger {
  const lowest = LEVELS.indexOf(level);
  const line = format === 'json' ? jsonLine : textLine;
  let buffer = '';
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
    write(text);
  }

  function log(event: LogEvent): void {
    if (LEVELS.indexOf(event.level) < lowest) return;
    if (buffer === '') setImmediate(flush);
    buffer += line(event, timestamp());
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
