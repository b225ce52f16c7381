import { describe, expect, it } from 'vitest';
import { createPages } from '../../src/web/index.ts';
import { blocksOf, inlineOf } from '../../src/web/guides/markdown.ts';
import { readGuides } from '../../src/web/guides/pages.ts';
import { fakeService, pagesOptions } from './fake-service.ts';

const guides = readGuides();
const pages = createPages(fakeService().service, pagesOptions({}));
const load = async (path: string): Promise<{ readonly status: number; readonly html: string }> => {
  const response = await pages.request(path);
  return { status: response.status, html: await response.text() };
};
const linksOf = (html: string): readonly string[] =>
  [...html.matchAll(/href="(\/docs[^"]*)"/g)].map(([, link = '']) => link.replaceAll('&amp;', '&'));

describe('the guides', () => {
  it('are all listed, under their titles', async () => {
    const { status, html } = await load('/docs/pages');
    expect(status).toBe(200);
    for (const { name } of guides.values()) expect(html).toContain(`href="/docs/pages/${name}"`);
    expect(guides.size).toBeGreaterThan(20);
  });

  it.each([...guides.keys()])('%s is shown, and its links lead to pages and headings that are there', async (name) => {
    const { status, html } = await load(`/docs/pages/${name}`);
    expect(status).toBe(200);
    expect(html).not.toMatch(/<script|style="/);
    for (const link of linksOf(html)) {
      const [path = '', anchor] = link.split('#');
      const target = path === `/docs/pages/${name}` ? { status, html } : await load(path);
      expect([link, target.status]).toEqual([link, 200]);
      if (anchor !== undefined) expect(target.html, link).toContain(`id="${anchor}"`);
    }
  });

  it('answers 404 for a page that is not there, also outside the folder', async () => {
    for (const name of ['nowhere', '../README', '..%2FREADME', 'channels']) {
      expect((await load(`/docs/pages/${name}`)).status).toBe(404);
    }
  });
});

describe('the renderer', () => {
  it('knows headings, lists, tables and code, and leaves HTML as text', () => {
    const page =
      '# T\n\nA *b*\n- one\n  more\n- two\n\n| a | b |\n| - | - |\n| x \\| y | `z` |\n\n```js\n<b>\n```\n\n<script>1</script>';
    expect(blocksOf(page)).toEqual([
      { type: 'heading', level: 1, id: 't', text: 'T' },
      { type: 'paragraph', text: 'A *b*' },
      { type: 'list', ordered: false, items: ['one more', 'two'] },
      { type: 'table', columns: ['a', 'b'], rows: [['x | y', '`z`']] },
      { type: 'code', text: '<b>' },
      { type: 'paragraph', text: '<script>1</script>' },
    ]);
    expect(inlineOf('a **b** [`c`](d.md) `e`_f_')).toMatchObject([
      { text: 'a ' },
      { type: 'strong', text: 'b' },
      { text: ' ' },
      { type: 'link', text: 'c', to: 'd.md' },
      { text: ' ' },
      { type: 'code', text: 'e' },
      { type: 'em', text: 'f' },
    ]);
  });
});
