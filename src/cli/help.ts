import { COMMON_OPTIONS } from './arguments.ts';
import type { Command, Option } from './command.ts';
import { EXITS } from './exit.ts';
import { columns } from './output.ts';

/** The overview: every command and the exit codes. */
export function overview(commands: readonly Command[]): string[] {
  return [
    'Usage: watchword <command> [options]',
    '',
    'Commands:',
    ...columns(commands.map(({ name, summary }) => [`  ${name}`, plain(summary)])),
    '',
    'Every command takes --json and --help. watchword --version prints the version.',
    '',
    'Examples:',
    ...columns(
      commands.flatMap(({ examples }) => examples.slice(0, 1).map(({ line, doc }) => [`  ${line}`, plain(doc)])),
    ),
    '',
    'Exit codes:',
    ...columns(Object.values(EXITS).map(({ code, doc }) => [`  ${code}`, plain(doc)])),
  ];
}

/** One command with its options and examples. */
export function explain(command: Command): string[] {
  return [
    `Usage: ${usage(command)}`,
    '',
    plain(command.summary),
    '',
    ...(command.argument === undefined ? [] : [`  ${command.argument.name}  ${command.argument.doc}`, '']),
    'Options:',
    ...columns([...command.options, ...COMMON_OPTIONS].map((option) => [`  ${spelling(option)}`, plain(option.doc)])),
    '',
    'Examples:',
    ...command.examples.flatMap(({ line, doc }) => [`  ${line}`, `      ${plain(doc)}`]),
  ];
}

export function usage({ name, argument, options }: Command): string {
  const words = options.map((option) => (option.required === true ? spelling(option) : `[${spelling(option)}]`));
  return ['watchword', name, ...(argument === undefined ? [] : [argument.name]), ...words].join(' ');
}

export function spelling({ name, value }: Option): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

function plain(text: string): string {
  return text.replaceAll('`', '');
}
