import { findCommand, readArguments } from './arguments.ts';
import { COMMANDS } from './commands.ts';
import { CommandError, EXITS } from './exit.ts';
import { explain, overview } from './help.ts';
import { createOutput, type Output, type Streams } from './output.ts';
import { explainFailure } from './failure.ts';

/** Runs one command line and returns its exit code. */
export async function run(words: readonly string[], streams: Streams, version: string): Promise<number> {
  const output = createOutput({ json: words.includes('--json'), streams });
  try {
    return await dispatch(words, output, version);
  } catch (error) {
    const failure = error instanceof CommandError ? error : explainFailure(error);
    output.fail(failure);
    return EXITS[failure.exit].code;
  }
}

async function dispatch(words: readonly string[], output: Output, version: string): Promise<number> {
  const [first] = words.filter((word) => word !== '--json');
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    output.result({ commands: COMMANDS.map(({ name, summary }) => ({ name, summary })) }, overview(COMMANDS));
    return first === undefined ? EXITS.usage.code : EXITS.ok.code;
  }
  if (first === '--version' || first === '-v') {
    output.result({ version }, [version]);
    return EXITS.ok.code;
  }
  const { command, rest } = findCommand(COMMANDS, words[0] === '--json' ? [...words.slice(1), '--json'] : words);
  const given = readArguments(
    command,
    rest.map((word) => (word === '-h' ? '--help' : word)),
  );
  if (given.switches.has('help')) {
    const { name, summary, options, examples } = command;
    output.result({ name, summary, options, examples }, explain(command));
    return EXITS.ok.code;
  }
  const runCommand = await command.load();
  return await runCommand(given, output);
}
