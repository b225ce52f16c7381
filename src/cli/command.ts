import type { Output } from './output.ts';

/** One option of a command. `value` names what it takes; without it the option is a switch. */
export interface Option {
  readonly name: string;
  readonly value?: string;
  readonly required?: boolean;
  readonly doc: string;
}

/** Everything a person must know of a command; help and docs/reference/cli.md are made from it. */
export interface Command {
  /** What is typed, e.g. `keys create`. */
  readonly name: string;
  readonly summary: string;
  readonly argument?: { readonly name: string; readonly doc: string };
  readonly options: readonly Option[];
  readonly examples: readonly { readonly line: string; readonly doc: string }[];
  /** Loads the command's code, so that each command starts only what it needs. */
  load(): Promise<Run>;
}

/** What was typed after the command's name. */
export interface Given {
  readonly argument: string | null;
  readonly values: Readonly<Record<string, string>>;
  readonly switches: ReadonlySet<string>;
}

/** Runs a command to its end and returns its exit code. Throws {@link CommandError} to end with a sentence. */
export type Run = (given: Given, output: Output) => Promise<number>;
