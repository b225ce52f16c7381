import type { Command } from './command.ts';
import { COMMANDS } from './commands.ts';
import { EXITS } from './exit.ts';
import { spelling, usage } from './help.ts';

/** The text of docs/reference/cli.md. */
export function cliPage(): string {
  const exits = Object.values(EXITS).map(({ code, doc }) => `| ${code} | ${doc} |`);
  return `${INTRODUCTION}\n${exits.join('\n')}\n\n${COMMANDS.map(section).join('\n')}`;
}

const INTRODUCTION = `# Commands

<!-- Made from src/cli/commands.ts by npm run generate. -->

\`watchword <command>\`; from a clone, after \`npm ci && npm run build\`, \`node dist/cli/main.js <command>\` is the same program.
Every command takes \`--json\` (one JSON value on standard output; faults as \`{"error": …}\` on standard error) and \`--help\`.

| exit code | meaning |
| --- | --- |`;

function section(command: Command): string {
  const options = command.options.map(
    (option) => `- \`${spelling(option)}\`${option.required === true ? ' (required)' : ''}: ${option.doc}`,
  );
  const argument = command.argument === undefined ? [] : [`- \`${command.argument.name}\`: ${command.argument.doc}`];
  const facts = [...argument, ...options];
  const examples = command.examples.map(({ line, doc }) => `# ${doc.replaceAll('`', '')}\n${line}`);
  return [
    `## \`${command.name}\``,
    '',
    command.summary,
    '',
    `\`${usage(command)}\``,
    '',
    ...(facts.length > 0 ? [...facts, ''] : []),
    '```sh',
    ...examples,
    '```',
    '',
  ].join('\n');
}
