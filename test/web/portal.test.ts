import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownPath } from '../../src/web/portal/own-path.ts';
import { createDeskWorld, type DeskWorld, PASSWORD } from '../support/desk.ts';

let world: DeskWorld;
beforeEach(async () => void (world = await createDeskWorld({ policies: { caller_check: { preset: 'desk' } } })));
afterEach(() => world.close());

describe('signing in', () => {
  it('leads to the desk, whose menu fits the role (S0.3, S0.12, S2.92)', async () => {
    await world.hire('agent', { name: 'Priya <b>Raman</b>' });
    const browser = world.browser();
    const form = await browser.get('/desk/sign-in');
    const entered = await browser.submit(form, { username: 'agent@acme.example', password: PASSWORD });
    expect([entered.status, entered.location]).toEqual([303, '/desk/second-factor?next=%2Fdesk']);
    // Or the next sign-in might read the code of this one.
    await world.service.worker.tick();
    await browser.signIn('agent@acme.example');
    const desk = await browser.get('/desk');
    expect(desk.status).toBe(200);
    expect(desk.html).toContain('Priya &lt;b&gt;Raman&lt;/b&gt;');
    expect(desk.html).toContain('Sign out');
    expect(desk.html).not.toContain('Set up');
  });

  it('answers an unknown address, a wrong password and an inactive agent alike', async () => {
    await world.hire('admin');
    const idle = await world.hire('agent', { email: 'gus@acme.example' });
    await world.service.staff.agents.update(world.caller(), idle.id, { active: false });
    const answers = await Promise.all(
      [
        ['admin@acme.example', 'wrong'],
        ['nobody@acme.example', PASSWORD],
        ['gus@acme.example', PASSWORD],
      ].map(async ([email = '', password = '']) => {
        const { status, html, headers } = await world.browser().password(email, password);
        return { status, html: html.replaceAll(email, 'X'), cookies: headers.getSetCookie() };
      }),
    );
    expect(answers[0]).toMatchObject({ status: 422, cookies: [] });
    expect(answers[0]?.html).toContain('The username or password is not right.');
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  it('gives a new session: what the browser held before is worth nothing (fixation)', async () => {
    await world.hire('agent');
    const attacker = world.browser();
    await attacker.signIn('agent@acme.example');
    const planted = attacker.cookies.get('desk_session') ?? '';
    await attacker.post('/desk/sign-out');
    const victim = world.browser();
    victim.cookies.set('desk_session', planted);
    await victim.signIn('agent@acme.example');
    expect(victim.cookies.get('desk_session')).not.toBe(planted);
    attacker.cookies.set('desk_session', planted);
    expect((await attacker.get('/desk')).status).toBe(303);
  });

  it('sets a cookie that no script reads, no other site sends along with a form, and that ends with the browser (S0.9)', async () => {
    await world.hire('agent');
    const { headers } = await world.browser().signIn('agent@acme.example');
    const line = headers.getSetCookie().find((cookie) => cookie.startsWith('desk_session='));
    expect(line).toMatch(/; HttpOnly/);
    expect(line).toMatch(/; SameSite=Lax/);
    expect(line).not.toMatch(/Max-Age|Expires/i);
  });

  it.each([
    ['/desk/records?status=approved', '/desk/records?status=approved'],
    ['https://evil.example/desk', '/desk'],
    ['//evil.example', '/desk'],
    ['/\\evil.example', '/desk'],
    ['/desk\\..\\..\\evil', '/desk'],
    ['/desk/../evil', '/desk'],
    ['/desk/%2e%2e//evil.example', '/desk'],
    ['/deskevil', '/desk'],
    ['/desk//evil.example', '/desk'],
    ['/desk/\t/evil', '/desk'],
    ['javascript:alert(1)', '/desk'],
    ['/desk/@evil.example', '/desk/@evil.example'],
    ['', '/desk'],
  ])('goes on from %j to %j and never to another site (D2.3, A29)', async (next, to) => {
    expect(ownPath(next)).toBe(to);
    await world.hire('agent');
    const browser = world.browser();
    expect((await browser.signIn('agent@acme.example', PASSWORD, { next })).location).toBe(to);
  });

  it('says only what it has in its own table', async () => {
    const seen = await world.browser().get('/desk/sign-in?said=Call%20555%20now');
    expect(seen.html).not.toContain('Call 555');
    expect((await world.browser().get('/desk/sign-in?said=signed_out')).html).toContain('You are signed out.');
  });
});

describe('signing out', () => {
  it('takes a POST, ends the session and says so (D2.9, S0.4, S2.95)', async () => {
    await world.hire('agent');
    const browser = world.browser();
    await browser.signIn('agent@acme.example');
    const token = browser.cookies.get('desk_session') ?? '';
    expect((await browser.get('/desk/sign-out')).status).toBe(404);
    expect((await browser.get('/desk')).status).toBe(200);
    expect((await browser.post('/desk/sign-out')).location).toBe('/desk/sign-in?said=signed_out');
    browser.cookies.set('desk_session', token);
    expect((await browser.get('/desk')).status).toBe(303);
  });
});

describe('an address of the desk', () => {
  it('that is not there looks the same to everyone who signed in, and tells strangers nothing', async () => {
    await world.hire('auditor');
    const browser = world.browser();
    expect((await browser.get('/desk/nowhere?x=1')).location).toBe('/desk/sign-in?next=%2Fdesk%2Fnowhere%3Fx%3D1');
    await browser.signIn('auditor@acme.example');
    const gone = await browser.get('/desk/nowhere');
    expect(gone.status).toBe(404);
    expect(gone.html).toContain('href="/desk"');
  });
});

describe('a session that ends in the middle of a form', () => {
  it('keeps what was typed, but no secrets, and lets its writer alone go on', async () => {
    await world.hire('agent');
    await world.hire('supervisor');
    const browser = world.browser();
    await browser.signIn('agent@acme.example');
    world.clock.now += 2 * 3_600_000;
    const path = '/desk/account/sessions';
    const sent = await browser.post(path, { note: 'port <out>', password: 'hush', code: '123456' });
    expect(sent.location).toBe('/desk/sign-in?next=%2Fdesk%2Fcontinue&said=kept_idle');

    const other = world.browser();
    for (const [name, value] of browser.cookies) other.cookies.set(name, value);
    await other.signIn('supervisor@acme.example');
    expect((await other.get('/desk/continue')).location).toBe('/desk');

    expect((await browser.signIn('agent@acme.example', PASSWORD, { next: '/desk/continue' })).location).toBe(
      '/desk/continue',
    );
    const page = await browser.get('/desk/continue');
    expect(page.html).toContain('port &lt;out&gt;');
    expect(page.html).toContain(`action="${path}"`);
    expect(page.html).not.toMatch(/hush|123456/);
  });

  it('says why it ended: after twelve hours of use, and where somebody ended it', async () => {
    await world.hire('agent');
    const browser = world.browser();
    await browser.signIn('agent@acme.example');
    for (let uses = 0; uses < 14; uses++) {
      world.clock.now += 55 * 60_000;
      await browser.get('/desk');
    }
    const late = await browser.post('/desk', { note: 'port out' });
    expect((await browser.get(late.location)).html).toContain('after twelve hours. Sign in to go on; what you had');
    await browser.signIn('agent@acme.example');
    const token = browser.cookies.get('desk_session') ?? '';
    await browser.post('/desk/sign-out');
    browser.cookies.set('desk_session', token);
    const ended = await browser.post('/desk', { note: 'port out' });
    expect((await browser.get(ended.location)).html).toContain('You were signed out. Sign in to go on; what you had');
  });

  it('keeps a long one, too', async () => {
    await world.hire('supervisor');
    const browser = world.browser();
    await browser.signIn('supervisor@acme.example');
    world.clock.now += 2 * 3_600_000;
    const csv = `company,first name\n${'Bluegum Freight,Mara\n'.repeat(2_000)}`;
    const sent = await browser.post('/desk/people/import', { csv });
    expect(sent.location).toBe('/desk/sign-in?next=%2Fdesk%2Fcontinue&said=kept_idle');
    await browser.signIn('supervisor@acme.example', PASSWORD, { next: '/desk/continue' });
    expect((await browser.get('/desk/continue')).html).toContain(csv);
  });
});

describe('a form that does something', () => {
  it('does it once however often it is sent, and every answer leads to the same page', async () => {
    await world.hire('agent');
    const [one, two] = [world.browser(), world.browser()];
    await one.signIn('agent@acme.example');
    await two.signIn('agent@acme.example');
    const page = await one.get('/desk/account');
    const other = /name="session" value="(ses_\w+)"/.exec(page.html)?.[1] ?? '';
    const once = /name="once" value="(\w+)"/.exec(page.html)?.[1] ?? '';
    const sent = await Promise.all([0, 1, 2].map(() => one.post('/desk/account/sessions', { session: other, once })));
    expect(sent.map(({ location }) => location)).toEqual(Array(3).fill('/desk/account'));
    const after = await one.get('/desk/account');
    expect(after.html).toContain('Signed out there.');
    expect((await one.get('/desk/account')).html).not.toContain('Signed out there.');
    expect((await two.get('/desk')).status).toBe(303);
    const changed = await one.post('/desk/account/sessions', { session: 'others', once });
    expect([changed.location, (await one.get('/desk')).html]).toEqual([
      '/desk',
      expect.stringContaining('already sent'),
    ]);
  });

  it('leaves no word on the page that was not put there by the desk', async () => {
    await world.hire('agent');
    const browser = world.browser();
    await browser.signIn('agent@acme.example');
    browser.cookies.set('desk_flash', JSON.stringify({ tone: 'bad', title: 'Call 555 now' }));
    expect((await browser.get('/desk')).html).not.toContain('Call 555');
  });
});

describe('the one-time link of a fresh start', () => {
  const typed = { name: 'Noor Haddad', email: 'noor@acme.example', password: PASSWORD, again: PASSWORD };

  it('makes the first administrator by POST, once, and looking at it changes nothing', async () => {
    const token = (await world.service.staff.welcome.open(world.application)) ?? '';
    const browser = world.browser();
    for (let look = 0; look < 10; look++) expect((await browser.get(`/desk/welcome/${token}`)).status).toBe(200);
    const wrong = await browser.post(`/desk/welcome/${token}`, {
      ...typed,
      name: '',
      password: 'short',
      again: 'short',
    });
    expect(wrong.status).toBe(422);
    expect(wrong.html).toContain('Use 15 characters or more.');
    expect((await browser.post(`/desk/welcome/${token}`, { ...typed, again: 'other' })).html).toContain(
      'The two passwords differ.',
    );
    const both = await Promise.all([0, 1].map(() => browser.post(`/desk/welcome/${token}`, typed)));
    expect(both.map(({ status }) => status).toSorted()).toEqual([303, 404]);
    expect((await browser.get(`/desk/welcome/${token}`)).html).toContain('This link no longer works');
    expect(await world.service.staff.welcome.open(world.application)).toBeNull();
    await browser.signIn('noor@acme.example');
    expect((await browser.get('/desk')).html).toContain('Administrator');
  });

  it('is dead after a day, after a newer one, and once anybody is there', async () => {
    const { welcome } = world.service.staff;
    const first = (await welcome.open(world.application)) ?? '';
    const second = (await welcome.open(world.application)) ?? '';
    expect([await welcome.isOpen(first), await welcome.isOpen(second)]).toEqual([false, true]);
    await world.hire('agent');
    expect((await world.browser().post(`/desk/welcome/${second}`, typed)).status).toBe(404);
  });
});
