import { appendFileSync } from 'node:fs';
import { type ServerKind, versionOf } from '../support/servers.ts';

/** The counts of one experiment, as they are printed and as the proof collects them. */
export interface Line {
  readonly kind: 'races' | 'kill server' | 'kill service' | 'roll';
  readonly store: string;
  readonly server: string;
  readonly seed: number;
  readonly seconds: number;
  readonly [count: string]: string | number;
}

/** Prints the counts, and appends them to `WATCHWORD_PROOF_LINES` when the proof asks for them. */
export function tell(line: Line): void {
  const text = JSON.stringify({ ...line, seconds: Math.round(line.seconds * 10) / 10 });
  process.stdout.write(`${text}\n`);
  const file = process.env['WATCHWORD_PROOF_LINES'];
  if (file !== undefined) appendFileSync(file, `${text}\n`);
}

/** Says how far an experiment got, whenever it passes a tenth, while the proof is run. */
export function progress(what: string, before: number, done: number, all: number): void {
  const passed = Math.floor((done * 10) / all) > Math.floor((before * 10) / all);
  if (passed && process.env['WATCHWORD_PROOF_LINES'] !== undefined)
    process.stdout.write(`  ${what}: ${done} of ${all}\n`);
}

/** What ran, for the record: the server's own words, cut to the number. */
export function serverOf(needs: ServerKind | null): string {
  if (needs === null) return `Node ${process.version}`;
  return /\d+\.\d+[\w.-]*/.exec(versionOf(needs))?.[0] ?? 'unknown';
}
