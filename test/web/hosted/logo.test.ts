import { afterEach, describe, expect, it } from 'vitest';
import { applicationPatchSchema } from '../../../src/schema/index.ts';
import { BASE, createHostedWorld, type HostedWorld } from './browser.ts';
import { chunk, png, uri } from './png.ts';

const told = (logo: unknown): string =>
  applicationPatchSchema
    .safeParse({ logo })
    .error?.issues.map(({ message }) => message)
    .join() ?? '';

describe('the logo of an application', () => {
  it('is a small PNG, or none', () => {
    for (const logo of [uri(png(16)), uri(png(512)), null]) expect(told(logo)).toBe('');
  });

  it.each([
    ['an SVG', `data:image/svg+xml;base64,${btoa('<svg onload="alert(1)"/>')}`, 'a PNG as data'],
    ['an SVG that says it is a PNG', uri(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')), 'is no PNG'],
    ['an address elsewhere', 'https://shop.example/logo.png', 'a PNG as data'],
    ['no base64', 'data:image/png;base64,<script>', 'a PNG as data'],
    ['a picture too wide', uri(png(513)), '16 to 512 pixels'],
    ['a dot', uri(png(1)), '16 to 512 pixels'],
    [
      'a picture with a text in it',
      uri(png(16, chunk('tEXt', Buffer.from('Comment\0<script>')))),
      'more in it than a picture',
    ],
    [
      'something behind the picture',
      uri(Buffer.concat([png(16), Buffer.from('PK\u0003\u0004 a zip file')])),
      'no whole PNG',
    ],
    ['half a picture', uri(png(16).subarray(0, -20)), 'no whole PNG'],
    ['more than 3,500 bytes', uri(png(16, chunk('PLTE', Buffer.alloc(3_600)))), 'must have at most 3500 bytes'],
  ])('is not %s', (_what, logo, problem) => {
    expect(told(logo)).toContain(problem);
  });
});

describe('a page with a logo', () => {
  let world: HostedWorld;
  afterEach(() => world.close());

  it('shows it from this very site, with the brand for who cannot see it, and to the letter as it was given', async () => {
    const bytes = png(64);
    world = await createHostedWorld({ application: { logo: uri(bytes) } });
    const { text } = await world.browser().go('/otp/request');
    const [, path = ''] = /<img class="logo" src="([^"]+)" alt="Harbour"/.exec(text) ?? [];
    expect(path).toMatch(/^\/assets\/logo\/app_[0-9A-Z]+\/[0-9a-f]+\.png$/);
    const answer = await world.pages.request(BASE + path);
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('x-content-type-options')]).toEqual([
      200,
      'image/png',
      'nosniff',
    ]);
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
    for (const other of [path.replace('.png', '0.png'), path.replace(/app_[0-9A-Z]+/, 'default2')])
      expect((await world.pages.request(BASE + other)).status).toBe(404);
  });

  it('shows the name without one', async () => {
    world = await createHostedWorld();
    expect((await world.browser().go('/otp/request')).text).toContain('<bdi>Harbour</bdi>');
  });
});
