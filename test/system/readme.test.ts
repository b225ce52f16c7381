import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewaySink, type MailSink, openGatewaySink, openMailSink } from './peers.ts';
import { createReader, type Reader } from './reader.ts';
import { serveBuilt, type Served } from './server.ts';
import { createShell } from './shell.ts';
import { type Block, blocksOf, difference, ROOT } from './snippets.ts';

/** What this very run stands for: the build machine types these two. */
const DONE_ALREADY = ['npm ci && npm start', 'npm ci && npm test'];

describe('the README (S0.41)', () => {
  const blocks = blocksOf('README.md').filter(({ text }) => !DONE_ALREADY.includes(text.trim()));
  let served: Served;
  let mail: MailSink;
  let gateway: GatewaySink;
  let reader: Reader;
  let outside: Record<string, string>;

  beforeAll(async () => {
    [served, mail, gateway] = await Promise.all([serveBuilt(), openMailSink(), openGatewaySink()]);
    outside = {
      'user:pass@mail.example:587': `user:pass@127.0.0.1:${mail.port}`,
      'webhook://gateway.example/otp?secret=whsec_…': `webhook://127.0.0.1:${gateway.port}/otp?tls=0&secret=whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=`,
    };
    reader = createReader(served, outside);
  });
  afterAll(async () => {
    await Promise.all([served?.stop(), mail?.close(), gateway?.close()]);
  });

  it('has snippets to run', () => {
    expect(blocks.filter(({ language }) => language === 'sh').length).toBeGreaterThan(5);
    expect(blocks.filter(({ language }) => language === 'js')).toHaveLength(1);
  });

  it.each(blocks.map((block) => [block.line, block.language, block] as const))(
    'works as written in line %i (%s)',
    async (_line, language, block) => {
      if (language === 'sh') {
        const ran = await reader.type(block);
        expect(ran, ran.stderr).toMatchObject({ exit: 0 });
      }
      if (language === 'json') expect(reader.compare(block)).toBeNull();
      if (language === 'js') expect(await runModule(served, block, outside)).toContain('incorrect');
    },
    60_000,
  );

  it('sends a real mail with one setting, with the code in it', () => {
    expect(mail.mails.some((text) => /^To: .*ann@example\.com/im.test(text) && /\b\d{6}\b/.test(text))).toBe(true);
  });

  it('posts an SMS to the gateway, signed', () => {
    expect(gateway.messages).toHaveLength(1);
    expect(gateway.messages[0]?.signature).toMatch(/^v1,/);
    expect(gateway.messages[0]?.body).toContain('+14155552671');
  });
});

describe('the API by example', () => {
  const blocks = blocksOf('docs/api.md');
  let served: Served;
  let reader: Reader;

  beforeAll(async () => {
    served = await serveBuilt();
    reader = createReader(served);
  });
  afterAll(async () => {
    await served?.stop();
  });

  it.each(blocks.map((block) => [block.line, block.language, block] as const))(
    'is right in line %i (%s)',
    async (_line, language, block) => {
      if (language === 'sh') {
        const ran = await reader.type(block);
        expect(ran, ran.stderr).toMatchObject({ exit: 0, stderr: '' });
        expect(ran.stdout).not.toMatch(/"status":5\d\d/);
        if (block.text.includes('text/csv')) expect(ran.stdout.split('\r\n')[0]).toBe(csvOf(blocks));
      }
      if (language === 'json') expect(reader.compare(block)).toBeNull();
    },
    30_000,
  );

  it('gives a repeated request its first answer', () => {
    const ids = reader.answers
      .map((answer) => JSON.stringify(answer))
      .filter((answer) => answer.includes('b•••@example.com'));
    expect(ids.length).toBe(2);
    expect(ids[0]).toBe(ids[1]);
  });
});

describe('the comparison of shown and real answers', () => {
  it.each([
    ['another value', { a: 1 }, { a: 2 }],
    ['a missing member', { a: 1, '…': '…' }, { b: 1 }],
    ['a member that is not shown', { a: 1 }, { a: 1, b: 2 }],
    ['another text around the dots', { id: 'vrf_…' }, { id: 'app_1' }],
    ['a shorter list', [1, 2], [1]],
  ])('finds %s', (_name, shown, actual) => {
    expect(difference(shown, actual)).not.toBeNull();
  });

  it('lets dots stand for what differs', () => {
    expect(difference({ id: 'vrf_…', at: '…', '…': '…' }, { id: 'vrf_1', at: null, more: true })).toBeNull();
  });
});

function csvOf(blocks: readonly Block[]): string | undefined {
  return blocks.find(({ language }) => language === 'csv')?.text.trim();
}

/** Runs a module in a folder where the package is installed, and returns what it prints. */
async function runModule({ folder }: Served, block: Block, outside: Readonly<Record<string, string>>): Promise<string> {
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(ROOT, join(folder, 'node_modules/watchword'));
  let text = block.text;
  for (const [shown, real] of Object.entries(outside)) text = text.replaceAll(shown, real);
  writeFileSync(join(folder, 'example.mjs'), text);
  const ran = await createShell(folder)('node example.mjs');
  expect(ran.exit, ran.stderr).toBe(0);
  return ran.stdout;
}
