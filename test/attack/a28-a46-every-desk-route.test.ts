import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDriver } from '../../src/stores/sqlite/driver.ts';
import { PORTAL_ROUTES } from '../../src/web/portal/routes.ts';
import { createDeskWorld, type DeskBrowser, type DeskWorld, ORIGIN, PASSWORD, type Seen } from '../support/desk.ts';
import { fillDesk, type Filled, pathFor } from '../support/full-desk.ts';

// A28, A29, A44–A46 and S0.31 on every route of the desk that exists: stored scripts, forms of other sites, planted sessions, redirects
// away, ids of others, formulas. The routes come from the table itself; one whose parameters nobody knows fails here.

const { DatabaseSync } = await loadDriver();
const EVIL = `=cmd|'/c'!A1"'><script>alert(1)</script><img src=x onerror=alert(2)>`;
/** What the names of people and keys may hold. */
const SHORT = `"'><script>alert(1)</script>`;
const AWAY = 'https://evil.example/desk';

/** Answers that never end, and what the only session of a test does not survive. */
const STAYS = ({ path }: { readonly path: string }): boolean => path !== '/desk/sign-out' && !path.endsWith('/events');
const STAFF = PORTAL_ROUTES.filter(({ right }) => right !== 'public').filter(STAYS);
const PUBLIC = PORTAL_ROUTES.filter(({ right }) => right === 'public');
const PAGES = STAFF.filter(({ method }) => method === 'GET');
const ACTS = STAFF.filter(({ method }) => method === 'POST');

let world: DeskWorld;
let admin: DeskBrowser;
let auditor: DeskBrowser;
let eve: DeskBrowser;
let filled: Filled;
let ofEve: string;

beforeAll(async () => {
  world = await createDeskWorld({ policies: { caller_check: { preset: 'desk', override: 'with_review' } } });
  filled = { ...(await fillDesk(world)), ...(await fillWithEvil()) };
  await world.hire('admin');
  admin = await signedIn('admin@acme.example');
  auditor = await signedIn('auditor@acme.example');
  const other = valueOf(await world.service.applications.create(world.caller(), { name: 'other', preset: 'desk' }));
  ofEve = other.id;
  world.clock.now += 1_000;
  const application = await world.service.applications.find('other');
  if (application === null) throw new Error('no application');
  await world.hire('admin', { email: 'eve@other.example', application });
  eve = await signedIn('eve@other.example', 'other');
}, 120_000);
afterAll(() => world.close());

async function signedIn(email: string, app = 'default'): Promise<DeskBrowser> {
  await world.service.worker.tick();
  const browser = world.browser();
  await browser.signIn(email, PASSWORD, { app });
  if (!browser.cookies.has('desk_session')) throw new Error(`${email} is not signed in`);
  return browser;
}

function valueOf<T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false }): T {
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result.value;
}

/** One of everything that can hold words, with words that no page may run. */
async function fillWithEvil(): Promise<Partial<Filled>> {
  const { service, application } = world;
  const caller = world.caller();
  const client = valueOf(await service.people.add(caller, { company: EVIL, country: 'AU', reference: EVIL }));
  const names = { first_name: SHORT, last_name: SHORT, role: EVIL, email: 'x@bluegum.example' };
  const rep = valueOf(await service.people.addRepresentative(caller, client.id, names));
  const agent = await world.hire('agent', { name: SHORT, email: 'mallory@acme.example' });
  const key = valueOf(await service.keys.create(application, { mode: 'live', scopes: ['send'], name: SHORT }));
  const template = valueOf(
    await service.templates.put(caller, {
      channel: 'email',
      subject: 'Hi',
      text: `${SHORT} {brand}: {code}`,
      locale: 'de',
    }),
  );
  const to = 'y@bluegum.example';
  const started = valueOf(
    await service.verify.start(caller, { to, reference: EVIL, reason: EVIL, metadata: { x: EVIL } }),
  );
  const record = started.verification.id;
  await service.desk.addNote(caller, record, EVIL);
  await service.applications.update(caller, application.id, { reasons: ['SIM swap', SHORT] });
  world.clock.now += 1_000;
  return { client: client.id, rep: rep.id, agent: agent.id, key: key.id, template: template.id, record, open: record };
}

/** Everything that is stored but the clock. */
function stored(): string {
  const file = new DatabaseSync(world.path);
  const tables = file.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'clock'`).all() as {
    readonly name: string;
  }[];
  const rows = tables.map(({ name }) => [name, file.prepare(`SELECT * FROM "${name}"`).all()]);
  file.close();
  return JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

const at = (path: string, ids: Filled = filled): string => pathFor(path, ids);

/** What would run: a script or handler that is markup, or an address that is one. Attribute values are well delimited. */
function dangers({ html }: Seen): readonly string[] {
  const bare = html.replaceAll(/="[^"]*"/g, '=""');
  const own = html.replaceAll(/<script type="module" src="\/assets\/[^"]+"><\/script>/g, '');
  return [
    /<script/i.exec(own)?.[0],
    /<[a-z][^<>]*\son\w+\s*=/i.exec(bare)?.[0],
    /<img src=x/i.exec(bare)?.[0],
    /\s(?:href|src|action|formaction)="\s*(?:javascript|data|\/\/|https?:\/\/evil)[^"]*"/i.exec(html)?.[0],
  ].filter((found) => found !== undefined);
}

describe('words that somebody stored or sent (XSS, S2.12)', () => {
  it('are text on every page, whoever looks', { timeout: 120_000 }, async () => {
    let shown = 0;
    for (const { path } of PAGES) {
      const query = `?q=${encodeURIComponent(EVIL)}&said=${encodeURIComponent(EVIL)}&next=${encodeURIComponent(EVIL)}`;
      for (const [browser, address] of [
        [admin, at(path)],
        [admin, `${at(path)}${query}`],
        [auditor, at(path)],
      ] as const) {
        const seen = await browser.get(address);
        expect([address, dangers(seen)]).toEqual([address, []]);
        if (seen.html.includes('&lt;script&gt;')) shown += 1;
      }
    }
    // Else nothing of it was looked at.
    expect(shown).toBeGreaterThan(20);
  });

  it('are seen by this test where one page forgets about them', () => {
    const page = (html: string): Seen => ({ html, status: 200, headers: new Headers(), location: '' });
    for (const html of [`<p>${EVIL}</p>`, `<input value="${EVIL}">`, '<a href="javascript:x">', '<b onclick=x>'])
      expect(dangers(page(html))).not.toEqual([]);
    expect(dangers(page('<p title="a &lt;script&gt; onerror=x">&lt;script&gt;</p>'))).toEqual([]);
  });
});

describe('ids of another application (IDOR)', () => {
  const OWNED = STAFF.filter(({ path }) => /:(?!purpose)\w+/.test(path));
  const UNKNOWN = (path: string): string => path.replaceAll(/_[0-9A-HJKMNP-TV-Z]{30}(?=\/|$)/g, '_0'.padEnd(31, '0'));

  it('look like ids of nothing, and nothing is done to what they stand for', { timeout: 120_000 }, async () => {
    expect(OWNED.length).toBeGreaterThan(50);
    const before = stored();
    for (const { method, path } of OWNED) {
      const ask = (address: string) =>
        method === 'GET' ? eve.get(address) : eve.post(address, { note: 'a note of eve' });
      const foreign = await ask(at(path));
      const unknown = await ask(UNKNOWN(at(path)));
      expect([path, foreign.status, foreign.html === unknown.html]).toEqual([path, 404, true]);
    }
    expect(stored() === before).toBe(true);
  });

  it('are nothing below an own application either', { timeout: 120_000 }, async () => {
    const mixed = { ...filled, application: ofEve };
    const below = OWNED.filter(({ path }) => /:app\b.*:(?!purpose)\w+/.test(path));
    expect(below.length).toBeGreaterThan(8);
    const before = stored();
    for (const { method, path } of below) {
      const seen = method === 'GET' ? await eve.get(at(path, mixed)) : await eve.post(at(path, mixed));
      expect([path, seen.status]).toEqual([path, 404]);
    }
    expect(stored() === before).toBe(true);
  });
});

describe('pages', () => {
  it('lead to signing in whoever has no session, and so do acts, which do nothing (S0.6)', async () => {
    const before = stored();
    for (const { method, path } of STAFF) {
      const stranger = world.browser();
      const seen = method === 'GET' ? await stranger.get(at(path)) : await stranger.post(at(path), { note: 'a note' });
      expect([path, seen.status, seen.location.split('?')[0]]).toEqual([path, 303, '/desk/sign-in']);
    }
    expect(stored() === before).toBe(true);
  });

  it('change nothing by being opened, and no act has a twin by GET (D2.9)', { timeout: 120_000 }, async () => {
    const before = stored();
    for (const { path } of PAGES) await admin.get(at(path));
    for (const { path } of [...ACTS, ...PUBLIC]) {
      if (!path.includes('/:token')) await admin.get(`${at(path)}?code=123456&act=save&password=x`);
    }
    expect(stored() === before).toBe(true);
  });
});

describe('forms of other sites (CSRF, S2.11, S2.12)', () => {
  it.each([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none', origin: 'https://evil.example' },
    { 'sec-fetch-site': 'none', origin: 'null' },
  ])('are refused by every act, and nothing is done: %j', { timeout: 120_000 }, async (headers) => {
    const before = stored();
    for (const { method, path } of PORTAL_ROUTES) {
      if (method !== 'POST') continue;
      const address = path.includes(':token') ? path.replace(':token', 'x.y') : at(path);
      const seen = await admin.post(address, { note: 'evil evil evil', why: 'evil evil evil' }, headers);
      expect([path, seen.status]).toEqual([path, 403]);
    }
    expect(stored() === before).toBe(true);
  });
});

describe('addresses of other sites (open redirect)', () => {
  const fields = Object.fromEntries(
    ['next', 'to', 'back', 'return', 'return_url', 'url', 'path'].map((name) => [name, AWAY]),
  );

  it.each([AWAY, '//evil.example', '/\\evil.example', 'javascript:alert(1)', '/desk/../../evil'])(
    'lead nowhere from any route, as %s',
    { timeout: 120_000 },
    async (away) => {
      const typed = Object.fromEntries(Object.keys(fields).map((name) => [name, away]));
      const query = new URLSearchParams({ ...typed, app: 'default' }).toString();
      let led = 0;
      for (const { method, path } of [...PAGES, ...PUBLIC]) {
        const address = `${path.includes(':token') ? path.replace(':token', 'x.y') : at(path)}?${query}`;
        const browser =
          path.startsWith('/desk/passkey') || PAGES.some((one) => one.path === path) ? admin : world.browser();
        const seen = method === 'GET' ? await browser.get(address) : await browser.post(address, typed);
        if (seen.location !== '') led += 1;
        expect([path, seen.location === '' || stays(seen.location)]).toEqual([path, true]);
        expect([path, dangers(seen)]).toEqual([path, []]);
      }
      expect(led).toBeGreaterThan(2);
      expect(stays(await signingInWith(away))).toBe(true);
    },
  );

  /** Where signing in ends that was asked, in both its forms, to go on to `next`. */
  async function signingInWith(next: string): Promise<string> {
    await world.service.worker.tick();
    const victim = world.browser();
    await victim.post('/desk/sign-in', { username: 'supervisor@acme.example', password: PASSWORD, next });
    await world.service.worker.tick();
    const code = world.sink.last().code.reveal();
    return (await victim.post('/desk/second-factor', { code, next })).location;
  }

  function stays(location: string): boolean {
    const { origin, pathname } = new URL(location, ORIGIN);
    return (
      location.startsWith('/') && origin === ORIGIN && /^\/desk(?:\/|$)/.test(pathname) && !location.startsWith('//')
    );
  }
});

describe('a session that somebody planted (fixation)', () => {
  const PLANTED = '0123456789ABCDEFGHJKMNPQRSTVWX.planted';

  it('is none after signing in: the browser gets another one', async () => {
    const victim = world.browser();
    for (const name of ['session', 'pending', 'device', 'passkey']) victim.cookies.set(`desk_${name}`, PLANTED);
    await world.service.worker.tick();
    expect((await victim.signIn('supervisor@acme.example')).location).toBe('/desk');
    expect(victim.cookies.get('desk_session')).not.toBe(PLANTED);
    expect(victim.cookies.get('desk_device')).not.toBe(PLANTED);
    const thief = world.browser();
    thief.cookies.set('desk_session', PLANTED);
    expect((await thief.get('/desk')).location).toMatch(/^\/desk\/sign-in/);
  });

  it('of an earlier sign-in is another one than the next', async () => {
    const browser = await signedIn('supervisor@acme.example');
    const first = browser.cookies.get('desk_session');
    world.clock.now += 60_000;
    await browser.signIn('supervisor@acme.example');
    expect(browser.cookies.get('desk_session')).not.toBe(first);
  });

  it('is given by no route to somebody who did not sign in', { timeout: 120_000 }, async () => {
    for (const { method, path } of PORTAL_ROUTES.filter(STAYS)) {
      const stranger = world.browser();
      const address = path.includes(':token') ? path.replace(':token', 'x.y') : at(path);
      await (method === 'GET' ? stranger.get(address) : stranger.post(address, { desk_session: PLANTED }));
      expect([path, stranger.cookies.has('desk_session')]).toEqual([path, false]);
    }
  });
});

describe('files (CSV formulas)', () => {
  it(
    'are given by these routes only, and hold no cell that a spreadsheet would run',
    { timeout: 120_000 },
    async () => {
      const files: string[] = [];
      for (const { method, path } of [...PAGES, ...ACTS.filter((one) => /export|csv|download/.test(one.path))]) {
        const browser = path.startsWith('/desk/audit') ? auditor : admin;
        const seen = method === 'GET' ? await browser.get(at(path)) : await browser.post(at(path));
        const type = seen.headers.get('content-type') ?? '';
        if (!/^text\/html|^$/.test(type)) files.push(`${path} ${type.split(';')[0] ?? ''}`);
        if (type.startsWith('text/csv')) {
          expect(seen.html).toContain(`'=cmd|`);
          expect(seen.html).not.toMatch(/(?:^|,|\n)"?[=+\-@\t\r]/);
        }
      }
      expect(files.toSorted()).toEqual(['/desk/audit/export application/x-ndjson', '/desk/records/export text/csv']);
    },
  );
});

// Last, because it does what forms do.
describe('words that somebody typed (XSS)', () => {
  it('stay text in forms that come back with them', { timeout: 120_000 }, async () => {
    let shown = 0;
    for (const { path } of ACTS) {
      const page = PAGES.find((one) => one.path === path);
      const names = page === undefined ? [] : [...(await admin.get(at(path))).html.matchAll(/\sname="(\w+)"/g)];
      const typed = Object.fromEntries(names.map(([, name = '']) => [name, EVIL]));
      const seen = await admin.post(at(path), { ...typed, note: EVIL, name: EVIL, to: EVIL, password: EVIL });
      if (!seen.headers.get('content-type')?.startsWith('text/html')) continue;
      expect([path, dangers(seen)]).toEqual([path, []]);
      if (seen.html.includes('&lt;script&gt;')) shown += 1;
    }
    expect(shown).toBeGreaterThan(5);
  });
});
