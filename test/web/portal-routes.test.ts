import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALL_RIGHTS, may, type Role, ROLES } from '../../src/core/staff.ts';
import { PORTAL_ROUTES } from '../../src/web/portal/routes.ts';
import { createDeskWorld, type DeskBrowser, type DeskWorld } from '../support/desk.ts';

const STAFF_ROUTES = PORTAL_ROUTES.filter(({ right }) => right !== 'public');

/** A path of a route with an id of nobody in it. */
const pathOf = (path: string): string => path.replace(/:\w+/g, 'nobody');

describe('the table of routes', () => {
  it.each(PORTAL_ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s names its right and stands once below /desk',
    (_name, route) => {
      expect([...ALL_RIGHTS, 'staff', 'public']).toContain(route.right);
      expect(route.path).toMatch(/^\/desk(\/(:?[a-z][a-z-]*))*$/);
      const same = PORTAL_ROUTES.filter(({ method, path }) => method === route.method && path === route.path);
      expect(same).toHaveLength(1);
    },
  );

  it('opens to strangers only what signing in takes', () => {
    const open = PORTAL_ROUTES.filter(({ right }) => right === 'public').map(({ method, path }) => `${method} ${path}`);
    expect(open).toMatchSnapshot();
  });
});

describe('who may', () => {
  let world: DeskWorld;
  // Signing in hashes a password and sends a code, so each role does it once, and again only when a route has signed it out.
  const signedIn = new Map<Role, DeskBrowser>();
  beforeAll(async () => {
    world = await createDeskWorld({ policies: { caller_check: { preset: 'desk' } } });
    for (const role of ROLES) await world.hire(role);
  });
  afterAll(() => world.close());

  async function browserOf(role: Role): Promise<DeskBrowser> {
    const known = signedIn.get(role);
    if (known !== undefined && (await known.get('/desk')).status === 200) return known;
    const browser = world.browser();
    await browser.signIn(`${role}@acme.example`);
    signedIn.set(role, browser);
    return browser;
  }

  it.each(STAFF_ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s leads a stranger to signing in, and answers 403 to every role without its right',
    async (_name, { method, path, right }) => {
      const ask = (browser: DeskBrowser) => (method === 'GET' ? browser.get(pathOf(path)) : browser.post(pathOf(path)));
      const stranger = await ask(world.browser());
      expect([stranger.status, stranger.location.split('?')[0]]).toEqual([303, '/desk/sign-in']);
      for (const role of ROLES) {
        const { status } = await ask(await browserOf(role));
        const allowed = right === 'staff' || (right !== 'public' && may(role, right));
        expect([role, allowed ? status !== 403 : status === 403]).toEqual([role, true]);
      }
    },
  );
});

describe('a form from elsewhere', () => {
  let world: DeskWorld;
  beforeAll(async () => {
    world = await createDeskWorld();
    await world.hire('admin');
  });
  afterAll(() => world.close());

  it.each([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': '', origin: 'https://evil.example' },
    { 'sec-fetch-site': '', origin: 'null' },
  ])('is refused by every act: %j (CSRF)', async (headers) => {
    const browser = world.browser();
    await browser.signIn('admin@acme.example');
    const more = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''));
    if (!('sec-fetch-site' in more)) more['sec-fetch-site'] = 'none';
    for (const { method, path } of PORTAL_ROUTES) {
      if (method === 'POST') expect([path, (await browser.post(pathOf(path), {}, more)).status]).toEqual([path, 403]);
    }
    expect((await browser.get('/desk')).status).toBe(200);
    // So that the next sign-in reads its own code.
    await world.service.worker.tick();
  });
});
