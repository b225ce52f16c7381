import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IS_RECIPE, pagesWithSnippets, snippetsOf, TREATMENTS } from './pages.ts';
import { createReader, type Reader } from './reader.ts';
import { serveBuilt, type Served } from './server.ts';
import { type Block, blocksOf, ROOT } from './snippets.ts';

const pages = pagesWithSnippets();

describe('every page with something to run', () => {
  it('is run here, by a test that names it, or has a reason why not', () => {
    const known = [...pages.keys()].filter((path) => !IS_RECIPE.test(path));
    expect(known.toSorted(), 'say in test/system/pages.ts what becomes of its snippets').toEqual(
      Object.keys(TREATMENTS).toSorted(),
    );
    for (const [page, treatment] of Object.entries(TREATMENTS))
      if (treatment.by === 'test') expect(readFileSync(`${ROOT}${treatment.file}`, 'utf8')).toContain(page);
    expect(readFileSync(`${ROOT}test/library/recipes.test.ts`, 'utf8')).toContain('docs/recipes/');
  });

  const shells = [...pages].flatMap(([path, blocks]) =>
    blocks.filter(({ language }) => language === 'sh' || language === 'console').map((block) => [path, block] as const),
  );
  it.each(shells.map(([path, block]) => [path, block.line, block] as const))(
    'has a shell that can read %s line %i',
    (_path, _line, { text }) => {
      // `<repository>` is for the reader to fill in.
      const { status, stderr } = spawnSync('bash', ['-n', '-c', text.replace(/<\w+>/g, 'FILLED-IN')], {
        encoding: 'utf8',
      });
      expect([status, stderr]).toEqual([0, '']);
    },
  );

  const json = Array.from(blocksOfAll('json'));
  it.each(json)('shows JSON that is JSON in %s line %i', (_path, _line, { text }) => {
    expect(() => void JSON.parse(text)).not.toThrow();
  });
});

function* blocksOfAll(language: string): Iterable<readonly [string, number, Block]> {
  for (const path of execFileSync('git', ['ls-files', '*.md'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n'))
    for (const block of blocksOf(path)) if (block.language === language) yield [path, block.line, block];
}

describe('what is typed into a shell', () => {
  let served: Served;
  let reader: Reader;
  beforeAll(async () => {
    served = await serveBuilt();
    reader = createReader(served);
    const headers = { authorization: `Bearer ${served.testKey}` };
    const response = await fetch(`${served.url}/v1/applications`, { headers });
    const { data } = (await response.json()) as { readonly data: readonly { readonly id: string }[] };
    await expectTyped(`KEY=ww_test_…\nURL=${served.url}\nWATCHWORD=$URL\nAPP=${data[0]?.id}
      watchword() { node "${ROOT}dist/cli/main.js" "$@"; }
      api() { curl -sS -H "Authorization: Bearer $KEY" "$@"; }`);
  }, 90_000);
  afterAll(() => served?.stop());

  async function expectTyped(text: string): Promise<void> {
    const ran = await reader.type({ language: 'sh', text, line: 0 });
    expect(ran, ran.stderr).toMatchObject({ exit: 0 });
    expect(ran.stdout).not.toMatch(/"status":\s*[45]\d\d/);
  }

  const NOT_HERE = /^node check-audit|watchword demo|npm |--dsn|\/otp\/session/m;
  const TYPED = [
    'docs/guides/first-mail.md',
    'docs/audit.md',
    'docs/desk.md',
    'docs/insights.md',
    'docs/policies.md',
    'docs/routing.md',
    'docs/webhooks.md',
    'docs/migrate/home-made-table.md',
    'docs/migrate/twilio-verify.md',
  ];

  it.each(TYPED)(
    'on %s works as written',
    async (page) => {
      for (const { text } of snippetsOf(page, 'sh', 'console').filter((block) => !NOT_HERE.test(block.text))) {
        // The second step of the page is about what the first one answered.
        const before = /\$ID\b/.test(text) ? 'ID=vrf_…\n' : '';
        await expectTyped(before + text);
      }
    },
    120_000,
  );

  it('on docs/hosted.md works as written', async () => {
    await expectTyped('ROOT_URL=$URL; URL=$URL/v1');
    for (const { text } of snippetsOf('docs/hosted.md', 'sh').filter((block) => !NOT_HERE.test(block.text)))
      await expectTyped(text.replace("'$RESULT'", "'not-a-receipt'"));
    await expectTyped('URL=$ROOT_URL');
  }, 60_000);

  it('on docs/reference/cli.md works as written, but for what goes on until it is stopped or needs another’s id', async () => {
    const other = /watchword (?:serve|worker|demo|migrate --from|keys revoke|check )/;
    const lines = snippetsOf('docs/reference/cli.md', 'sh').flatMap(({ text }) => text.trim().split('\n'));
    const commands = lines.filter((line) => !line.startsWith('#') && !other.test(line));
    expect(commands.length).toBeGreaterThan(8);
    // Providers that other pages set are not meant here.
    await expectTyped('unset ${!WATCHWORD_*}; DATABASE_URL=sqlite:commands.db');
    for (const command of commands) await expectTyped(command);
  }, 180_000);
});
