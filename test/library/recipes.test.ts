import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../src/core/events.ts';
import { type Answer, type Channel, createWatchword, type VerificationView } from '../../src/index.ts';
import { readPage } from '../structure/pages.ts';
import { wrongCode } from '../support/world.ts';

interface Recipe {
  begin(input: object): Promise<Answer<VerificationView>>;
  finish(input: object): Promise<boolean>;
}

const NAMES = readdirSync(new URL('../../docs/recipes/', import.meta.url));
const INPUT = {
  user: { id: 'u1', phone: '+14155552671', email: 'ann@example.com' },
  phone: '+14155552672',
  session: 's1',
  tenant: 't1',
};

describe('the recipes', () => {
  it.each(NAMES)('%s approves the right code of the right person, once', async (name) => {
    const codes: string[] = [];
    const keeper: Channel = {
      name: 'keeper',
      channels: ['sms', 'email'],
      send: async ({ code }) => {
        codes.push(code.reveal());
        return { type: 'accepted', messageId: null };
      },
    };
    const watchword = createWatchword({
      databaseUrl: 'sqlite::memory:',
      worker: false,
      sms: [keeper],
      email: [keeper],
    });
    const text = /```js\n([\s\S]*?)```/.exec(readPage(`docs/recipes/${name}`).text)?.[1] ?? '';
    const module = `export default (watchword) => {${text.replaceAll('export ', '')}\nreturn { begin, finish }; }`;
    const made = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(module)}`)) as {
      default(given: unknown): Recipe;
    };
    const { begin, finish } = made.default(watchword);
    const { id } = await begin(INPUT);
    expect(id).toMatch(/^vrf_/);
    await watchword.worker.tick();
    const code = codes[0] ?? '';
    expect(await finish({ ...INPUT, id, code: wrongCode(code) })).toBe(false);
    expect(await finish({ ...INPUT, id, code })).toBe(true);
    expect(await finish({ ...INPUT, id, code })).toBe(false);
    await watchword.close();
  });
});

describe('docs/events.md', () => {
  it('names every event', () => {
    const { text } = readPage('docs/events.md');
    for (const type of EVENT_TYPES) expect(text).toContain(`| \`${type}\``);
  });
});

describe('docs/library.md', () => {
  it('shows a program that runs', async () => {
    const text = /```js\n([\s\S]*?)```/.exec(readPage('docs/library.md').text)?.[1] ?? '';
    const body = text.replace(/^import .*$/m, '').replace("'sqlite:./data/watchword.db'", "'sqlite::memory:'");
    const lines: unknown[] = [];
    const module = `export default async (createWatchword, console) => {${body}}`;
    const made = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(module)}`)) as {
      default(create: typeof createWatchword, log: object): Promise<void>;
    };
    await made.default(createWatchword, { log: (line: unknown) => lines.push(line) });
    expect(lines).toContain('started');
  });
});
