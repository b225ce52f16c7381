import { EXITS, type CommandError } from './exit.ts';

/** Where a command's words go: people read lines, programs one JSON value on standard output. */
export interface Output {
  readonly json: boolean;
  /** Progress for people; silent under `--json`. */
  say(line: string): void;
  /** What the command found out: `value` under `--json`, else `lines`. */
  result(value: unknown, lines: readonly string[]): void;
  /** What went wrong, to standard error. */
  fail(error: CommandError): void;
}

export interface Streams {
  out(text: string): void;
  err(text: string): void;
}

export function createOutput({ json, streams }: { readonly json: boolean; readonly streams: Streams }): Output {
  return {
    json,
    say: (line) => {
      if (!json) streams.out(`${line}\n`);
    },
    result: (value, lines) =>
      streams.out(json ? `${JSON.stringify(value)}\n` : lines.map((line) => `${line}\n`).join('')),
    fail: (error) => streams.err(json ? `${JSON.stringify({ error: errorObject(error) })}\n` : errorText(error)),
  };
}

function errorObject({ exit, message, cure, details }: CommandError): unknown {
  return { code: exit, exit: EXITS[exit].code, message, cure, details };
}

function errorText({ message, cure, details }: CommandError): string {
  const lines = [
    `watchword: ${message}`,
    ...details.map(({ name, problem }) => `  ${name} ${problem}`),
    ...(cure === null ? [] : [cure]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** Rows as columns, two spaces apart. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
