import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './snippets.ts';

/** One instruction of a Dockerfile, e.g. `RUN` with `npm ci`. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** The instructions of each stage of the Dockerfile, without the `FROM` that begins it. */
export function stages(): readonly (readonly Instruction[])[] {
  const lines = readFileSync(join(ROOT, 'Dockerfile'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const instructions = lines
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split(/\n(?=[A-Z]+ )/)
    .map((line): Instruction => {
      const [, name = '', text = ''] = /^([A-Z]+) ([^]+)$/.exec(line) ?? [];
      return { name, text };
    });
  const found: Instruction[][] = [];
  for (const instruction of instructions) {
    if (instruction.name === 'FROM') found.push([]);
    else found.at(-1)?.push(instruction);
  }
  return found;
}

/** The words of a form like `CMD ["node", "main.js"]`. */
export function wordsOf(instructions: readonly Instruction[], name: string): readonly string[] {
  const text = instructions.find((instruction) => instruction.name === name)?.text ?? '[]';
  return JSON.parse(text.slice(text.indexOf('['))) as readonly string[];
}
