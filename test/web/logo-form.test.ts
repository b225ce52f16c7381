import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDeskWorld, type DeskBrowser, type DeskWorld, PASSWORD } from '../support/desk.ts';
import { chunk, noise, png } from './hosted/png.ts';

let world: DeskWorld;
let browser: DeskBrowser;
let path: string;

beforeEach(async () => {
  world = await createDeskWorld();
  await world.hire('admin');
  browser = world.browser();
  await browser.signIn('admin@acme.example');
  path = `/desk/applications/${world.application.id}`;
});
afterEach(() => world.close());

const file = (bytes: Uint8Array, type = 'image/png'): File => new File([Uint8Array.from(bytes)], 'logo.png', { type });

async function upload(logo: File, more: Readonly<Record<string, string>> = {}) {
  return browser.upload(await browser.get(path), { logo, ...more });
}

/** The picture as hosted pages load it. */
async function picture(): Promise<Buffer | null> {
  const { html } = await browser.get(path);
  const address = /<img class="logo" src="([^"]+)" alt="Logo of [^"]+"/.exec(html)?.[1];
  if (address === undefined) return null;
  return Buffer.from(await (await world.pages.request(address)).arrayBuffer());
}

describe('the logo of an application', () => {
  it('is a file that is chosen, shown as hosted pages show it, and taken off again', async () => {
    expect(await picture()).toBeNull();
    expect((await upload(file(png(64)))).location).toBe(path);
    expect(await picture()).toEqual(png(64));
    expect((await browser.submit(await browser.get(path), { brand: 'Acme two' })).status).toBe(303);
    expect(await picture()).toEqual(png(64));
    expect((await upload(file(new Uint8Array()), { act: 'remove' })).status).toBe(303);
    expect(await picture()).toBeNull();
  });

  it('loses what programs leave in a file beside the picture', async () => {
    const [words, profile] = [chunk('tEXt', Buffer.from('Author\0Noor')), chunk('iCCP', Buffer.alloc(9_000, 1))];
    expect((await upload(file(png(64, profile, words)))).status).toBe(303);
    expect(await picture()).toEqual(png(64));
  });

  it.each([
    ['no file', file(new Uint8Array()), 'Choose a picture.'],
    ['a photo', file(Buffer.from('GIF89a'), 'image/gif'), 'This is no PNG.'],
    ['a drawing that says it is a PNG', file(Buffer.from('<svg onload="alert(1)"/>')), 'The picture is no PNG.'],
    ['a drawing', file(Buffer.from('<svg/>'), 'image/svg+xml'), 'This is no PNG.'],
    ['a type that is none', file(png(64), 'x"><script>'), 'This is no PNG.'],
    ['a wide one', file(png(513)), 'The picture must be 16 to 512 pixels each way.'],
    ['a large one', file(noise(64)), 'The picture has more than 3500 bytes.'],
    ['a very large one', file(noise(512)), 'The picture has more than 3500 bytes.'],
    ['an animation', file(png(64, chunk('ACTL', Buffer.alloc(8)))), 'The picture has more in it than a picture.'],
  ])('is not %s, which is said at the field', async (_what, chosen, problem) => {
    const seen = await upload(chosen);
    expect(seen.status).toBe(422);
    expect(seen.html).toMatch(new RegExp(`id="logo-error"[^>]*>(?:<[^>]*>|[^<])*${problem.replaceAll('.', '\\.')}`));
    expect(await picture()).toBeNull();
  });

  it('of more than a megabyte is not even read, and the page says that it is too large', async () => {
    const seen = await upload(file(new Uint8Array(1_100_000)));
    expect(seen.status).toBe(413);
    expect(seen.html).toContain('This is too large');
  });

  it('is not set twice by two who looked at the same page', async () => {
    const before = await browser.get(path);
    await upload(file(png(64)));
    world.clock.now += 1_000;
    const late = await browser.upload(before, { logo: file(png(32)), once: 'another' });
    expect(late.status).toBe(422);
    expect(await picture()).toEqual(png(64));
  });

  it('comes from this site alone, and files go nowhere else', async () => {
    const fields = new FormData();
    fields.append('logo', file(png(64)));
    const encoded = new Response(fields);
    const body = await encoded.arrayBuffer();
    const headers = {
      'content-type': encoded.headers.get('content-type') ?? '',
      cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      'sec-fetch-site': 'cross-site',
    };
    const at = (to: string) => new Request(`http://127.0.0.1:7070${to}`, { method: 'POST', body, headers });
    expect((await world.pages.fetch(at(`${path}/logo`))).status).toBe(403);
    expect(
      (await world.pages.fetch(new Request(at(path), { headers: { ...headers, 'sec-fetch-site': 'same-origin' } })))
        .status,
    ).toBe(403);
    expect(await picture()).toBeNull();
  });

  it('is kept when the session ends before it is sent', async () => {
    const before = await browser.get(path);
    world.clock.now += 2 * 3_600_000;
    const sent = await browser.upload(before, { logo: file(png(64)) });
    expect(sent.location).toContain('next=%2Fdesk%2Fcontinue');
    await browser.signIn('admin@acme.example', PASSWORD, { next: '/desk/continue' });
    const kept = await browser.get('/desk/continue');
    expect(kept.html).toContain('The file you chose');
    expect((await browser.submit(kept)).location).toBe(path);
    expect(await picture()).toEqual(png(64));
  });
});
