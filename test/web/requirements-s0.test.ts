import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDeskWorld, type DeskBrowser, type DeskWorld, PASSWORD } from '../support/desk.ts';
import { wrongCode } from '../support/world.ts';

let world: DeskWorld;
let browser: DeskBrowser;
beforeEach(async () => {
  world = await createDeskWorld({ policies: { caller_check: { preset: 'desk', override: 'with_note' } } });
  await world.hire('admin', { name: 'Priya Raman' });
  browser = world.browser();
  await browser.signIn('admin@acme.example');
});
afterEach(() => world.close());

const FORM = { channel: 'sms', country: 'AU', reason: 'SIM swap', reference: 'HM-48219' };
const MINUTE = 60_000;

/** A code to a caller, sent by the form of the desk. */
async function sent(to: string) {
  world.clock.now += 1_000;
  const { location } = await browser.post('/desk', { ...FORM, to, once: world.env.randomText(26) });
  await world.service.worker.tick();
  return { path: location, id: location.split('/').at(-1) ?? '', code: world.sink.last().code.reveal() };
}

const enter = (path: string, code: string) => browser.post(`${path}/check`, { code, once: world.env.randomText(26) });

/** One record of each end that a dispatch can have, and one that is open. */
async function everyState() {
  const approved = await sent('+61 491 570 156');
  await enter(approved.path, approved.code);
  const failed = await sent('+61 491 570 157');
  for (let tries = 0; tries < 3; tries++) await enter(failed.path, wrongCode(failed.code));
  const expired = await sent('+61 491 570 158');
  world.clock.now += 5 * MINUTE;
  const pending = await sent('+61 491 570 159');
  const skipped = await sent('+61 491 570 110');
  const why = { cause: 'in_store', confirmation: 'photo_identity', note: 'Licence seen at the counter.' };
  await browser.post(`${skipped.path}/skip`, { ...why, once: world.env.randomText(26) });
  return { approved, failed, expired, pending, skipped };
}

/** The rows of a page's tables, as text. */
async function rowsAt(path: string): Promise<readonly string[]> {
  const { html } = await browser.get(path);
  return [...html.matchAll(/<tr[\s\S]*?<\/tr>/g)].map(([row]) =>
    row
      .replace(/<svg[\s\S]*?<\/svg>/g, '')
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' '),
  );
}

describe('getting in', () => {
  it('S0.5: a forgotten password is asked for, mailed, typed twice and used; the link works once', async () => {
    const forgetful = world.browser();
    expect((await forgetful.get('/desk/sign-in')).html).toContain('Forgot your password?');
    const asked = await forgetful.post('/desk/forgot-password', { email: 'admin@acme.example' });
    expect(asked.html).toContain('Look in your spam folder');
    expect(asked.html).toContain('href="/desk/sign-in?app=default"');
    await world.service.worker.tick();
    const link = /\/desk\/set-password\/[\w.-]+/.exec(world.sink.last().text)?.[0] ?? '';
    const next = { new: `${PASSWORD} again`, again: `${PASSWORD} again` };
    expect((await forgetful.post(link, { ...next, again: 'another' })).html).toContain('The two passwords differ.');
    const done = await forgetful.get((await forgetful.post(link, next)).location);
    expect(done.html).toContain('Password set. Sign in with it.');
    const used = await forgetful.get(link);
    expect([used.status, used.html]).toEqual([404, expect.stringContaining('This link no longer works')]);
    expect(used.html).toContain('has been used');
  });

  it('S0.11: an administrator finds records, clients, people with roles, and settings in the menu', async () => {
    const { html } = await browser.get('/desk');
    for (const path of ['/desk/records', '/desk/people', '/desk/agents', '/desk/applications', '/desk/audit']) {
      expect(html).toContain(`href="${path}"`);
      expect([path, (await browser.get(path)).status]).toEqual([path, 200]);
    }
    expect((await browser.get('/desk/agents')).html).toContain('What each role may do');
  });
});

describe('a dispatch', () => {
  it('S0.18: has a code of its own, whose length and letters are the policy’s', async () => {
    const one = await sent('+61 491 570 156');
    const two = await sent('+61 491 570 157');
    expect([one.code, two.code].every((code) => /^\d{6}$/.test(code))).toBe(true);
    const code = { length: 10, alphabet: 'safe' } as const;
    await world.store.applications.putPolicy(world.application.id, 'caller_check', { preset: 'desk', code });
    world.clock.now += 1_000;
    const [three, four] = [await sent('+61 491 570 158'), await sent('+61 491 570 159')];
    expect(three.code).toMatch(/^[2-9A-HJ-NP-Z]{10}$/);
    expect(three.code).not.toBe(four.code);
  });

  it('S0.26: has a page with one field, the seconds that are left, and the attempts', async () => {
    const { path, code } = await sent('+61 491 570 156');
    world.clock.now += MINUTE;
    const { html } = await browser.get(path);
    expect(html.match(/<input[^>]*type="text"/g)).toHaveLength(1);
    expect(html).toContain('<label for="code">One-time passcode</label>');
    expect(html).toContain('data-seconds="240"');
    expect(html).toContain('3 of 3');
    await enter(path, wrongCode(code));
    expect((await browser.get(path)).html).toContain('2 of 3');
  });

  it('S0.44: is told by a message of its own colour, which stays until it is dismissed', async () => {
    const { path, code } = await sent('+61 491 570 156');
    const good = await browser.get(path);
    expect(good.html).toMatch(/class="flash is-good" role="status"[\s\S]*Dismiss this message/);
    await enter(path, wrongCode(code));
    const stranger = await world.browser().password('admin@acme.example', 'wrong');
    expect(stranger.html).toContain('class="flash is-bad" role="alert"');
  });

  it('S0.56: keeps the destination it went to, whatever becomes of the representative', async () => {
    const caller = world.caller();
    const client = await world.service.people.add(caller, { company: 'Bluegum', country: 'AU' });
    if (!client.ok) throw new Error(client.problem.detail);
    const names = { first_name: 'Mara', last_name: 'Ellison' };
    const person = await world.service.people.addRepresentative(caller, client.value.id, {
      ...names,
      mobile: '+61491570156',
    });
    if (!person.ok) throw new Error(person.problem.detail);
    const started = await world.service.people.send(
      { ...caller, actor: { type: 'agent', id: 'agt_1' } },
      client.value.id,
      { representative: person.value.id, by: 'mobile', reason: 'SIM swap' },
    );
    if (!started.ok) throw new Error(started.problem.detail);
    await world.service.people.changeRepresentative(caller, person.value.id, { mobile: '+61491570110' });
    expect((await browser.get(`/desk/records/${started.value.verification.id}`)).html).toContain('+61 491 ••• ••56');
  });
});

describe('what is kept of dispatches', () => {
  it('S0.32, S0.34: successes, failures and skips stand on the desk and in the records, each with a badge and its facts', async () => {
    const { approved, failed, pending, skipped } = await everyState();
    for (const page of ['/desk', '/desk/records']) {
      const rows = await rowsAt(page);
      const rowOf = (digits: string) => rows.find((row) => row.includes(digits));
      expect(rowOf('••56')).toMatch(/Verified \d\d:\d\d/);
      expect(rowOf('••57')).toMatch(/Failed 3 wrong codes/);
      expect(rowOf('••59')).toMatch(/Pending 3 of 3 tries left, until \d\d:\d\d/);
      expect(rowOf('••10')).toMatch(/Skipped Photo identity seen/);
    }
    const { html } = await browser.get('/desk/records');
    for (const tone of ['good', 'bad', 'open', 'info']) expect(html).toMatch(new RegExp(`class="[^"]*is-${tone}`));
    for (const { id } of [approved, failed, pending, skipped]) expect(html).toContain(`/desk/records/${id}"`);
    const record = await browser.get(`/desk/records/${skipped.id}`);
    expect(record.html).toContain('Licence seen at the counter.');
  });

  it('S0.33: stands in columns, newest first', async () => {
    await everyState();
    const [head = '', ...rows] = await rowsAt('/desk/records');
    expect(head).toMatch(/Destination Status Started Country Channel Reason By Tries/);
    expect(rows.map((row) => /••(\d\d)/.exec(row)?.[1])).toEqual(['10', '59', '58', '57', '56']);
    expect(rows[0]).toMatch(/Australia .* SIM swap Priya Raman/);
  });

  it('S0.35: has who, when, where to, reason, tries, end and verdict of each, and never a code', async () => {
    const { approved, skipped } = await everyState();
    const read = async (id: string) => {
      const found = await world.service.desk.record(world.caller(), id);
      if (!found.ok) throw new Error(found.problem.detail);
      return found.value;
    };
    const record = await read(approved.id);
    expect(record).toMatchObject({
      id: approved.id,
      actor: { type: 'agent' },
      to: { masked: '+61 491 ••• ••56', country: 'AU' },
      reason: 'SIM swap',
      status: 'approved',
      checks: 1,
      checks_remaining: 2,
    });
    for (const at of [record.created_at, record.expires_at, record.approved_at, record.closed_at])
      expect(Date.parse(at ?? '')).toBeGreaterThan(0);
    expect(Object.values(record)).not.toContain(approved.code);
    expect(await read(skipped.id)).toMatchObject({ status: 'skipped', approved_at: null });
  });

  it('S0.36: names its agent for ever: nobody with records is deleted, only deactivated', async () => {
    const robin = await world.hire('agent', { name: 'Robin Vale' });
    const caller = { ...world.caller(), actor: { type: 'agent', id: robin.id } as const };
    const started = await world.service.verify.start(caller, { to: '+61491570156' });
    if (!started.ok) throw new Error(started.problem.detail);
    expect(Object.keys(world.service.staff.agents).some((name) => /remove|delete/.test(name))).toBe(false);
    await world.service.staff.agents.update(world.caller(), robin.id, { active: false });
    expect((await browser.get(`/desk/records/${started.value.verification.id}`)).html).toContain('Robin Vale');
    expect((await rowsAt('/desk/agents')).find((row) => row.includes('Robin Vale'))).toMatch(/Inactive/);
  });

  it('S0.40: is told in the application’s time zone', async () => {
    const { id } = await sent('+61 491 570 156');
    const [utc = '', sydney = ''] = await Promise.all(
      ['UTC', 'Australia/Sydney'].map(async (timeZone) => {
        await world.service.applications.update(world.caller(), world.application.id, { time_zone: timeZone });
        world.clock.now += 1_000;
        return /<time datetime="[^"]*">[\s\S]*?<\/time>/.exec((await browser.get(`/desk/records/${id}`)).html)?.[0];
      }),
    );
    expect(utc).not.toBe('');
    expect(sydney).not.toBe(utc);
  });

  it('S0.57: stands in the history of a client: when it was verified, until when it may be, and that it expired', async () => {
    const caller = world.caller();
    const client = await world.service.people.add(caller, { company: 'Bluegum', country: 'AU' });
    if (!client.ok) throw new Error(client.problem.detail);
    for (const [first_name, mobile] of [
      ['Mara', '+61491570156'],
      ['Kit', '+61491570158'],
      ['Ola', '+61491570159'],
    ] as const)
      await world.service.people.addRepresentative(caller, client.value.id, { first_name, last_name: 'Vale', mobile });
    await everyState();
    const rows = await rowsAt(`/desk/people/${client.value.id}`);
    for (const [digits, state] of [
      ['••56', /Verified \d\d:\d\d/],
      ['••58', /Expired No code entered/],
      ['••59', /Pending 3 of 3 tries left, until \d\d:\d\d/],
    ] as const)
      expect(rows.some((row) => row.includes(digits) && state.test(row))).toBe(true);
  });
});

it('S2.96: every step of signing in says what happened, and what to do', async () => {
  const said = async (path: string) => (await world.browser().get(path)).html;
  expect((await world.browser().password('admin@acme.example', 'wrong')).html).toContain('is not right.');
  const one = world.browser();
  const { location } = await one.password('admin@acme.example');
  expect((await one.get(location)).html).toMatch(
    /on its way to[\s\S]*<strong class="mask" dir="ltr">ad•••@acme\.example/,
  );
  expect((await one.post('/desk/second-factor', { code: '12' })).html).toContain('A code has 6 digits.');
  world.clock.now += 31_000;
  const again = await one.post('/desk/second-factor/resend');
  expect((await one.get(again.location)).html).toContain('on its way to you by e-mail again');
  expect(await said('/desk/sign-in?said=factor_tries')).toContain('Too many wrong codes. Sign in again.');
  expect(await said('/desk/sign-in?said=factor_over')).toContain('Your time to enter the code is over.');
  expect(await said('/desk/sign-in?said=signed_out')).toContain('You are signed out.');
  expect((await browser.get('/desk')).html).toContain('Priya Raman');
});
