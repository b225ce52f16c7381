import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../src/core/events.ts';
import {
  type Answer,
  type Channel,
  createWatchword,
  type PolicyOverrides,
  type VerificationView,
  type Watchword,
} from '../../src/index.ts';
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
  to: 'ann@example.com',
  session: 's1',
  tenant: 't1',
  signup: 'p1',
  amount: '12.50 EUR',
  payee: 'Acme',
};

interface Run extends Recipe {
  readonly watchword: Watchword;
  readonly codes: readonly string[];
}

/** The code of a recipe under the policy that it shows, but for `other`. */
async function run(name: string, other: PolicyOverrides = {}): Promise<Run> {
  const codes: string[] = [];
  const keeper: Channel = {
    name: 'keeper',
    channels: ['sms', 'email'],
    send: async ({ code }) => {
      codes.push(code.reveal());
      return { type: 'accepted', messageId: null };
    },
  };
  const { purpose, policy, program } = shown(name);
  const watchword = createWatchword({
    databaseUrl: 'sqlite::memory:',
    publicUrl: 'https://otp.example.com',
    worker: false,
    sms: [keeper],
    email: [keeper],
    policies: { [purpose]: { ...policy, ...other } },
  });
  const module = `export default (watchword) => {${program.replaceAll('export ', '')}\nreturn { begin, finish }; }`;
  const made = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(module)}`)) as {
    default(given: unknown): Recipe;
  };
  return { ...made.default(watchword), watchword, codes };
}

describe('the recipes', () => {
  it.each(NAMES)('%s approves the right code of the right person, once, under its policy', async (name) => {
    const { begin, finish, watchword, codes } = await run(name, { recipients: 'any' });
    const { id } = await begin(INPUT);
    expect(id).toMatch(/^vrf_/);
    await watchword.worker.tick();
    const code = codes[0] ?? '';
    expect(await finish({ ...INPUT, id, code: wrongCode(code) })).toBe(false);
    expect(await finish({ ...INPUT, id, code })).toBe(true);
    expect(await finish({ ...INPUT, id, code })).toBe(false);
    await watchword.close();
  });

  it.each([
    ['two-step-sign-in.md', { session: 's2' }],
    ['password-recovery.md', { session: 's2' }],
    ['number-change.md', { user: { ...INPUT.user, id: 'u2' } }],
    ['several-tenants.md', { tenant: 't2' }],
    ['passwordless.md', { session: 's2' }],
    ['sign-up.md', { signup: 'p2' }],
    ['payment.md', { amount: '12000.50 EUR' }],
  ])('%s does not take the right code for something else', async (name, other) => {
    const { begin, finish, watchword, codes } = await run(name, { recipients: 'any' });
    const { id } = await begin(INPUT);
    await watchword.worker.tick();
    expect(await finish({ ...INPUT, id, code: codes[0], ...other })).toBe(false);
    expect(await finish({ ...INPUT, id, code: codes[0] })).toBe(true);
    await watchword.close();
  });

  it('password-recovery.md tells a stranger nothing, and writes to nobody', async () => {
    const { begin, watchword, codes } = await run('password-recovery.md');
    expect(await begin({ ...INPUT, to: 'nobody@example.com' })).toMatchObject({ ok: true, status: 'pending' });
    await watchword.worker.tick();
    expect(codes).toEqual([]);
    await watchword.close();
  });
});

/** What a page says: the purpose and its policy, and the program. */
function shown(name: string): { readonly purpose: string; readonly policy: PolicyOverrides; readonly program: string } {
  const { text } = readPage(`docs/recipes/${name}`);
  const block = (language: string): string =>
    new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? '';
  const program = block('js');
  const purpose = /purpose: '([a-z_]+)'/.exec(program)?.[1] ?? '';
  return { purpose, policy: JSON.parse(block('json')) as PolicyOverrides, program };
}

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
