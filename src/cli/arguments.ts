import { parseArgs } from 'node:util';
import { nearest } from '../config/nearest.ts';
import type { Command, Given, Option } from './command.ts';
import { CommandError } from './exit.ts';

/** Options that every command takes. */
export const COMMON_OPTIONS: readonly Option[] = [
  { name: 'json', doc: 'Print one JSON value for programs.' },
  { name: 'help', doc: 'Explain the command.' },
];

export interface Words {
  readonly command: Command;
  /** What follows the command's name. */
  readonly rest: readonly string[];
}

/** Finds the command by its one or two words; the longest name wins. */
export function findCommand(commands: readonly Command[], words: readonly string[]): Words {
  for (const count of [2, 1]) {
    const name = words.slice(0, count).join(' ');
    const command = commands.find((candidate) => candidate.name === name);
    if (command !== undefined) return { command, rest: words.slice(count) };
  }
  throw unknownCommand(commands, words);
}

function unknownCommand(commands: readonly Command[], words: readonly string[]): CommandError {
  const [first = ''] = words;
  const family = commands.filter((command) => command.name.startsWith(`${first} `)).map((command) => command.name);
  if (family.length > 0)
    return new CommandError('usage', `“${first}” needs one more word.`, { cure: `Use one of: ${family.join(', ')}.` });
  const typed = words
    .filter((word) => !word.startsWith('-'))
    .slice(0, 2)
    .join(' ');
  const names = commands.map((command) => command.name);
  const meant = nearest(typed, names) ?? nearest(first, names);
  const cure = meant === null ? 'See watchword --help.' : `Did you mean watchword ${meant}?`;
  return new CommandError('usage', `There is no command “${first}”.`, { cure });
}

/** Reads what follows the command's name. Throws a usage error that names the option. */
export function readArguments(command: Command, rest: readonly string[]): Given {
  const options = [...command.options, ...COMMON_OPTIONS];
  const { tokens } = parseArgs({
    args: [...rest],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      options.map(({ name, value }) => [name, { type: value === undefined ? 'boolean' : 'string' } as const]),
    ),
  });
  const values: Record<string, string> = {};
  const switches = new Set<string>();
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind === 'option') take(options, token, values, switches);
  }
  if (!switches.has('help')) checkComplete(command, values, words);
  return { argument: words[0] ?? null, values, switches };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
}

function take(
  options: readonly Option[],
  token: OptionToken,
  values: Record<string, string>,
  switches: Set<string>,
): void {
  const option = options.find((candidate) => candidate.name === token.name && token.rawName === `--${candidate.name}`);
  if (option === undefined) throw unknownOption(options, token.rawName);
  if (option.value === undefined) {
    if (token.value !== undefined) throw new CommandError('usage', `${token.rawName} takes no value.`);
    switches.add(option.name);
    return;
  }
  if (token.value === undefined || token.value === '')
    throw new CommandError('usage', `${token.rawName} needs a value: ${token.rawName} ${option.value}.`);
  if (values[option.name] !== undefined) throw new CommandError('usage', `${token.rawName} is given twice.`);
  values[option.name] = token.value;
}

function unknownOption(options: readonly Option[], rawName: string): CommandError {
  const meant = nearest(
    rawName,
    options.map(({ name }) => `--${name}`),
  );
  const known = options.map(({ name }) => `--${name}`).join(', ');
  return new CommandError('usage', `There is no option ${rawName} here.`, {
    cure: meant === null ? `It takes ${known}.` : `Did you mean ${meant}?`,
  });
}

function checkComplete(command: Command, values: Readonly<Record<string, string>>, words: readonly string[]): void {
  const missing = command.options.find(({ name, required }) => required === true && values[name] === undefined);
  if (missing !== undefined) {
    throw new CommandError('usage', `watchword ${command.name} needs --${missing.name} ${missing.value ?? ''}.`, {
      cure: `See watchword ${command.name} --help.`,
    });
  }
  if (command.argument !== undefined && words.length === 0) {
    throw new CommandError('usage', `watchword ${command.name} needs ${command.argument.name}.`, {
      cure: `See watchword ${command.name} --help.`,
    });
  }
  const surplus = words[command.argument === undefined ? 0 : 1];
  if (surplus !== undefined)
    throw new CommandError('usage', `“${surplus}” is one word too many for watchword ${command.name}.`);
}
