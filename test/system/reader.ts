import { createShell, type Ran } from './shell.ts';
import { waitFor, type Served } from './server.ts';
import { difference, type Block } from './snippets.ts';

/** Somebody who types in what a page says, and fills in what the page cannot know. */
export interface Reader {
  /** Runs one snippet; its last line of output that is JSON is kept as the answer. */
  type(block: Block): Promise<Ran>;
  /** The difference between a shown answer and the last one, or null. */
  compare(block: Block): string | null;
  readonly answers: readonly unknown[];
}

/** Names that a page assigns a placeholder to: `KEY=ww_test_…`. */
const FILLED_IN = /^(KEY|ID|CODE|RECEIPT)=.*$/gm;
const PAGE_URL = 'http://127.0.0.1:7070';

/** `replacements`: what stands for the outside world in a page, and what takes its place here. */
export function createReader(served: Served, replacements: Readonly<Record<string, string>> = {}): Reader {
  const shell = createShell(served.folder);
  const answers: unknown[] = [];

  async function valueOf(name: string): Promise<string> {
    if (name === 'KEY') return served.testKey;
    if (name === 'CODE') return await newestCode(served);
    if (name === 'RECEIPT') return newest(answers, (answer) => answer['receipt']);
    return newest(answers, (answer) => (answer['object'] === 'verification' ? answer['id'] : null));
  }

  async function type(block: Block): Promise<Ran> {
    let script = block.text.replaceAll(PAGE_URL, served.url);
    for (const [shown, real] of Object.entries(replacements)) script = script.replaceAll(shown, real);
    for (const [line, name = ''] of script.matchAll(FILLED_IN))
      script = script.replace(line, `${name}='${await valueOf(name)}'`);
    const ran = await shell(script);
    await queueEmpty(served);
    for (const line of ran.stdout.split('\n').filter((text) => text.startsWith('{'))) answers.push(JSON.parse(line));
    return ran;
  }

  return { type, answers, compare: (block) => difference(JSON.parse(block.text), answers.at(-1)) };
}

function newest(answers: readonly unknown[], read: (answer: Readonly<Record<string, unknown>>) => unknown): string {
  const values = answers.map((answer) => read(answer as Readonly<Record<string, unknown>>));
  return String(values.findLast((value) => typeof value === 'string') ?? '');
}

/** A reader is slower than the worker: what was asked for has gone out before the next line is typed. */
async function queueEmpty({ url }: Served): Promise<void> {
  await waitFor(async () => {
    const response = await fetch(`${url}/readyz`);
    const { checks } = (await response.json()) as { checks: { queue?: { depth: number } } };
    return checks.queue?.depth === 0 ? true : null;
  });
}

/** The code of the newest message in the test inbox, as a person would read it. */
async function newestCode({ url, testKey }: Served): Promise<string> {
  const code = await waitFor(async () => {
    const response = await fetch(`${url}/v1/test/inbox`, { headers: { authorization: `Bearer ${testKey}` } });
    const { data } = (await response.json()) as { data: { text: string; created_at: string }[] };
    const newestFirst = data.toSorted((a, b) => b.created_at.localeCompare(a.created_at));
    return /\b\d{6}\b/.exec(newestFirst[0]?.text ?? '')?.[0] ?? null;
  });
  return code ?? '';
}
