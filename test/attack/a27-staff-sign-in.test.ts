import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hotp } from '../../src/crypto/index.ts';
import { createDeskWorld, type DeskWorld, PASSWORD } from '../support/desk.ts';

const MINUTE = 60_000;
const AGENT = 'agent@acme.example';
const OTHER_DEVICES = 'Other devices will be signed out';

let world: DeskWorld;
beforeEach(async () => {
  world = await createDeskWorld();
  await world.hire('agent');
});
afterEach(() => world.close());

/** Turns the authenticator on in a browser that is signed in, and gives its secret and the recovery codes. */
async function withAuthenticator(browser: ReturnType<DeskWorld['browser']>, password = PASSWORD) {
  const page = await browser.get('/desk/account');
  const key = /class="mono">([A-Z2-7 ]+)</.exec(page.html)?.[1]?.replaceAll(' ', '') ?? '';
  const code = hotp(key, Math.floor(world.clock.now / 30_000));
  const sealedKey = /name="secret" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
  const on = await browser.post('/desk/account/authenticator', { secret: sealedKey, totp: code, password });
  const recovery = [...on.html.matchAll(/<li>([0-9a-z-]{14})<\/li>/g)].map((match) => match[1] ?? '');
  return { key, recovery, seen: on, at: () => hotp(key, Math.floor(world.clock.now / 30_000)) };
}

describe('the second factor', () => {
  it('cannot be left out by going straight to a page, nor by the pending cookie', async () => {
    const browser = world.browser();
    const { location } = await browser.password(AGENT);
    expect(location).toMatch(/^\/desk\/second-factor/);
    for (const path of ['/desk', '/desk/account', '/desk/agents', '/desk/continue'])
      expect((await browser.get(path)).location).toMatch(/^\/desk\/sign-in/);
    browser.cookies.set('desk_session', browser.cookies.get('desk_pending') ?? '');
    expect((await browser.get('/desk')).location).toMatch(/^\/desk\/sign-in/);
  });

  it('goes to the mailbox that is kept, whatever the form says (D2.1)', async () => {
    const browser = world.browser();
    await browser.password(AGENT, PASSWORD, { email: 'evil@evil.example', to: 'evil@evil.example' });
    await world.service.worker.tick();
    expect(world.sink.messages.map(({ to }) => to)).toEqual([AGENT]);
  });

  it('ends the sign-in after five wrong codes, also when they come at once (S2.97)', async () => {
    const browser = world.browser();
    await browser.password(AGENT);
    await world.service.worker.tick();
    const right = world.sink.last().code.reveal();
    const wrong = right === '000000' ? '111111' : '000000';
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => browser.post('/desk/second-factor', { code: wrong })),
    );
    expect(answers.some(({ location }) => location === '/desk/sign-in?said=factor_tries')).toBe(true);
    const late = await browser.post('/desk/second-factor', { code: right });
    expect(late.location).toMatch(/^\/desk\/sign-in/);
    expect((await browser.get('/desk')).status).toBe(303);
  });

  it('says where the code went, which attempt it is and how many are left, and counts nothing for what is no code (S2.93)', async () => {
    const browser = world.browser();
    const { location } = await browser.password(AGENT);
    const { html } = await browser.get(location);
    expect(html).toContain('Attempt 1 of 5');
    expect(html).toMatch(/on its way to <strong[^>]*>ag•••@acme\.example</);
    const odd = await browser.post('/desk/second-factor', { code: '12' });
    expect(odd.html).toContain('A code has 6 digits. Nothing was counted.');
    expect(odd.html).toContain('Attempt 1 of 5');
    await world.service.worker.tick();
    const code = world.sink.last().code.reveal() === '000000' ? '111111' : '000000';
    for (let tries = 1; tries < 4; tries++) await browser.post('/desk/second-factor', { code });
    expect((await browser.post('/desk/second-factor', { code })).html).toContain('That code is not right. 1 try left.');
    expect((await browser.get('/desk/second-factor')).html).toContain('This is the last try.');
  });

  it('is sent again only by POST and not at once (D2.2, S2.94)', async () => {
    const browser = world.browser();
    await browser.password(AGENT);
    await world.service.worker.tick();
    for (let look = 0; look < 21; look++) await browser.get('/desk/second-factor/resend');
    await browser.post('/desk/second-factor/resend');
    await world.service.worker.tick();
    expect(world.sink.messages).toHaveLength(1);
    world.clock.now += 31_000;
    await browser.post('/desk/second-factor/resend');
    await world.service.worker.tick();
    expect(world.sink.messages).toHaveLength(2);
  });

  it('takes a code of the authenticator once, even within its 30 seconds', async () => {
    const owner = world.browser();
    await owner.signIn(AGENT);
    const authenticator = await withAuthenticator(owner);
    world.clock.now += MINUTE;
    const code = authenticator.at();
    const [one, two] = [world.browser(), world.browser()];
    await one.password(AGENT);
    await two.password(AGENT);
    const both = await Promise.all([one, two].map((browser) => browser.post('/desk/second-factor', { code })));
    expect(both.map(({ status }) => status).toSorted()).toEqual([303, 422]);
    expect(world.sink.messages).toHaveLength(1);
  });

  it('takes each recovery code once', async () => {
    const owner = world.browser();
    await owner.signIn(AGENT);
    const { recovery } = await withAuthenticator(owner);
    expect(new Set(recovery).size).toBe(10);
    const enter = async () => {
      const browser = world.browser();
      await browser.password(AGENT);
      return browser.post('/desk/second-factor', { code: (recovery[0] ?? '').toUpperCase(), with: 'recovery' });
    };
    expect((await enter()).location).toBe('/desk');
    const again = await enter();
    expect([again.status, again.html.includes('Use the authenticator')]).toEqual([422, true]);
    expect((await owner.get('/desk/account')).html).toContain('9 recovery codes left.');
  });

  it('of an account is guessed at most 20 times a day by strangers who know the password', async () => {
    const owner = world.browser();
    await owner.signIn(AGENT);
    await withAuthenticator(owner);
    let compared = 0;
    for (let round = 0; round < 8; round++) {
      world.clock.now += 16 * MINUTE;
      const stranger = world.browser(`198.51.100.${round}`);
      await stranger.password(AGENT);
      for (let guess = 0; guess < 5; guess++)
        if ((await stranger.post('/desk/second-factor', { code: '000000' })).status === 422) compared += 1;
    }
    expect(compared).toBeLessThanOrEqual(20);
  });
});

describe('an open session alone', () => {
  it('turns no authenticator on: the password is asked for again, and its tries are counted', async () => {
    const browser = world.browser();
    await browser.signIn(AGENT);
    const { seen, recovery } = await withAuthenticator(browser, 'wrong');
    expect([seen.status, recovery, seen.html.includes('That is not your password.')]).toEqual([422, [], true]);
    for (let guess = 0; guess < 9; guess++) await withAuthenticator(browser, `guess ${guess}`);
    expect((await withAuthenticator(browser)).seen.html).toContain('Too many tries.');
    expect((await browser.get('/desk/account')).html).toContain('Now a code goes to your e-mail address');
    world.clock.now += 16 * MINUTE;
    expect((await withAuthenticator(browser)).recovery).toHaveLength(10);
  });

  it('neither takes the authenticator away nor makes new recovery codes', async () => {
    const browser = world.browser();
    await browser.signIn(AGENT);
    await withAuthenticator(browser);
    for (const act of ['authenticator/off', 'recovery'])
      expect((await browser.post(`/desk/account/${act}`, { password: 'wrong' })).status).toBe(422);
    expect((await browser.get('/desk/account')).html).toContain('10 recovery codes left.');
  });

  it('makes no key that administers: the password is asked for again', async () => {
    await world.hire('admin');
    const admin = world.browser();
    await admin.signIn('admin@acme.example');
    const path = `/desk/applications/${world.application.id}/keys`;
    const make = (scopes: string, password = '') =>
      admin.post(path, { name: 'CRM', mode: 'live', scopes, password, once: world.env.randomText(26) });
    expect((await make('send')).html).toContain('ww_live_');
    for (const [password, said] of [
      ['', 'Type your password: a key with the scope admin needs it.'],
      ['wrong', 'That is not your password.'],
    ] as const) {
      const { status, html } = await make('admin', password);
      expect([status, html.includes('ww_live_'), html.includes(said)]).toEqual([422, false, true]);
    }
    expect((await make('admin', PASSWORD)).html).toContain('ww_live_');
  });
});

describe('passwords are tried', () => {
  it('ten times in a quarter of an hour, however the address is spelt and wherever it comes from', async () => {
    const spellings = [
      AGENT,
      'AGENT@acme.example',
      'Agent@ACME.example',
      'agent+1@acme.example',
      'agent+2@acme.example',
    ];
    const statuses: number[] = [];
    for (let guess = 0; guess < 15; guess++) {
      const browser = world.browser(`198.51.100.${guess}`);
      statuses.push((await browser.password(spellings[guess % spellings.length] ?? AGENT, `guess ${guess}`)).status);
    }
    expect(statuses).toEqual([...Array(10).fill(422), ...Array(5).fill(429)]);
  });

  it('never more than ten times when they come at once', async () => {
    const all = await Promise.all(
      Array.from({ length: 30 }, (_, guess) => world.browser(`198.51.100.${guess}`).password(AGENT, `guess ${guess}`)),
    );
    expect(all.filter(({ status }) => status === 422).length).toBeLessThanOrEqual(10);
  });

  it('of an address that nobody has in the same way', async () => {
    const statuses: number[] = [];
    for (let guess = 0; guess < 12; guess++)
      statuses.push((await world.browser(`198.51.100.${guess}`).password('nobody@acme.example', 'x')).status);
    expect(statuses).toEqual([...Array(10).fill(422), 429, 429]);
  });

  it('without keeping a known browser out (A29): strangers use up only their own tries', async () => {
    const known = world.browser();
    await known.signIn(AGENT);
    await known.post('/desk/sign-out');
    for (let guess = 0; guess < 20; guess++) await world.browser(`198.51.100.${guess}`).password(AGENT, 'guess');
    const closed = await world.browser('192.0.2.1').password(AGENT);
    expect([closed.status, closed.headers.get('retry-after')]).toEqual([429, '900']);
    expect((await known.signIn(AGENT)).location).toBe('/desk');
    world.clock.now += 16 * MINUTE;
    expect((await world.browser('192.0.2.1').password(AGENT)).status).toBe(303);
  });
});

it('a sign-in that is half done ends with the password it began with', async () => {
  const thief = world.browser();
  await thief.password(AGENT);
  await world.service.worker.tick();
  const code = world.sink.last().code.reveal();
  world.clock.now += 1_000;
  const { service, application } = world;
  await service.staff.passwordLinks.forgot(application, AGENT, { ip: null, userAgent: '', device: '' });
  await service.worker.tick();
  const path = /\/desk\/set-password\/[\w.-]+/.exec(world.sink.last().text)?.[0] ?? '';
  const chosen = 'seven quiet lanterns by the sea';
  expect((await world.browser().post(path, { new: chosen, again: chosen })).status).toBe(303);
  expect((await thief.get('/desk/second-factor')).location).toBe('/desk/sign-in?said=factor_over');
  expect((await thief.post('/desk/second-factor', { code })).location).toBe('/desk/sign-in?said=factor_over');
  expect(thief.cookies.has('desk_session')).toBe(false);
});

it('all sessions end with a new password, however many there were', { timeout: 60_000 }, async () => {
  const first = world.browser();
  await first.signIn(AGENT);
  const document = (await world.store.documents.list({ kind: 'session', limit: 1 }))[0];
  if (document === undefined) throw new Error('no session');
  // As 120 later sign-ins leave them.
  for (let i = 0; i < 120; i++)
    await world.store.documents.put({
      ...document,
      id: `ses_${document.id.slice(4, 14)}${String(i).padStart(20, 'Z')}`,
      version: 1,
    });
  const agent = document.index ?? '';
  const found = await world.service.staff.agents.update(world.caller(), agent, { active: false });
  expect(found.ok).toBe(true);
  const all = await world.store.documents.list({ kind: 'session', index: agent, limit: 200 });
  expect(all).toHaveLength(121);
  expect(all.filter(({ body }) => JSON.parse(body).endedAt === null)).toEqual([]);
});

describe('a reset link', () => {
  const linkIn = (text: string) => /\/desk\/set-password\/[\w.-]+/.exec(text)?.[0] ?? '';
  const NEXT = 'seven quiet lanterns by the sea';

  async function asked(email: string) {
    const { status, html, headers } = await world.browser().post('/desk/forgot-password', { email });
    await world.service.worker.tick();
    return { status, html: html.replaceAll(email, 'X'), headers: [...headers.keys()] };
  }

  it('is promised alike for an unknown address, and mailed to nobody', async () => {
    const known = await asked(AGENT);
    const mailed = world.sink.messages.length;
    expect(await asked('nobody@acme.example')).toEqual(known);
    expect([mailed, world.sink.messages.length]).toEqual([1, 1]);
    expect(world.sink.last().to).toBe(AGENT);
  });

  it('leaves no rows for who asks too often', async () => {
    const count = async () => {
      const kinds = ['staff_link', 'staff_mail', 'audit'].map((kind) =>
        world.store.documents.list({ kind, limit: 500 }),
      );
      return (await Promise.all(kinds)).flat().length;
    };
    const before = await count();
    for (let i = 0; i < 60; i++)
      await world.browser().post('/desk/forgot-password', { email: `nobody${i}@acme.example` });
    expect((await count()) - before).toBeLessThanOrEqual(3 * 20);
  });

  it('works once, survives being looked at, and signs every device out', async () => {
    const device = world.browser();
    await device.signIn(AGENT);
    await asked(AGENT);
    const path = linkIn(world.sink.last().text);
    const browser = world.browser();
    for (let look = 0; look < 10; look++) {
      const { status, html } = await browser.get(path);
      expect([status, html.includes(OTHER_DEVICES)]).toEqual([200, true]);
    }
    expect((await browser.post(path, { new: 'too short', again: 'too short' })).html).toContain('Use 15 characters');
    const both = await Promise.all([0, 1].map(() => browser.post(path, { new: NEXT, again: NEXT })));
    expect(both.map(({ status }) => status).toSorted()).toEqual([303, 404]);
    expect((await browser.post(path, { new: PASSWORD, again: PASSWORD })).html).toContain('This link no longer works');
    expect((await device.get('/desk')).status).toBe(303);
    expect((await world.browser().password(AGENT)).status).toBe(422);
    expect((await browser.signIn(AGENT, NEXT)).location).toBe('/desk');
  });

  it('is dead after half an hour and after a newer one, and names no host that a request chose', async () => {
    await world
      .browser()
      .post('/desk/forgot-password', { email: AGENT }, { host: 'evil.example', 'x-forwarded-host': 'evil.example' });
    await world.service.worker.tick();
    expect(world.sink.last().text).not.toContain('evil.example');
    const first = linkIn(world.sink.last().text);
    await asked(AGENT);
    const second = linkIn(world.sink.last().text);
    expect((await world.browser().get(first)).status).toBe(404);
    expect((await world.browser().get(second)).status).toBe(200);
    world.clock.now += 31 * MINUTE;
    expect((await world.browser().post(second, { new: NEXT, again: NEXT })).status).toBe(404);
  });
});

it('a changed password signs the other devices out and takes the old one to be changed (S0.8)', async () => {
  const [one, two] = [world.browser(), world.browser()];
  await one.signIn(AGENT);
  await two.signIn(AGENT);
  const typed = { new: 'seven quiet lanterns by the sea', again: 'seven quiet lanterns by the sea' };
  expect((await one.post('/desk/account/password', { ...typed, current: 'wrong' })).html).toContain(
    'not your password',
  );
  expect((await one.post('/desk/account/password', { ...typed, current: PASSWORD })).location).toBe('/desk/account');
  expect((await one.get('/desk')).status).toBe(200);
  expect((await two.get('/desk')).status).toBe(303);
});

it('a password changed and an authenticator turned off at an open desk are told by e-mail, with nothing that signs in', async () => {
  const browser = world.browser();
  await browser.signIn(AGENT);
  await withAuthenticator(browser);
  const before = world.sink.messages.length;
  const off = () => browser.post('/desk/account/authenticator/off', { password: PASSWORD });
  const next = 'seven quiet lanterns by the sea';
  await browser.post('/desk/account/authenticator/off', { password: 'wrong' });
  // The second changes nothing, and is not told.
  expect([(await off()).status, (await off()).status]).toEqual([303, 303]);
  await browser.post('/desk/account/password', { current: 'wrong', new: next, again: next });
  expect((await browser.post('/desk/account/password', { current: PASSWORD, new: next, again: next })).status).toBe(
    303,
  );
  await world.service.worker.tick();
  const told = world.sink.messages.slice(before);
  expect(told.map(({ to, subject }) => `${to} ${subject}`).toSorted()).toEqual([
    `${AGENT} Your authenticator was turned off`,
    `${AGENT} Your password was changed`,
  ]);
  for (const { text } of told) {
    expect(text).toContain('Was it not you?');
    expect(text).not.toMatch(/https?:|\/desk|\d{4}/);
  }
});

it('an invited agent of another application is led to that one’s desk, by a mail that names it as it is', async () => {
  await world.service.applications.create(world.caller(), { name: 'harbour', brand: 'Harbour Mobile' });
  const application = await world.service.applications.find('harbour');
  if (application === null) throw new Error('no application');
  await world.hire('admin', { application });
  const admin = world.browser();
  await admin.signIn('admin@acme.example', PASSWORD, { app: 'harbour' });
  await admin.post('/desk/agents/invite', { name: 'Milo', email: 'milo@acme.example', role: 'agent' });
  await world.service.worker.tick();
  const { text } = world.sink.last();
  expect(text).toContain('the support desk of Harbour Mobile.');
  expect(text).toMatch(/\/desk\/set-password\/[\w.-]+\?app=harbour$/m);
  const milo = world.browser();
  const path = /\/desk\/set-password\/[\w.-]+/.exec(text)?.[0] ?? '';
  const { location } = await milo.post(path, { new: PASSWORD, again: PASSWORD });
  expect(location).toBe('/desk/sign-in?said=password_set&app=harbour');
  const { html } = await milo.get(location);
  expect(html).toContain('name="app" value="harbour"');
  const used = await milo.get(`${path}?app=harbour`);
  expect(used.html).toContain('for 7 days as an invitation');
  expect(used.html).toContain('href="/desk/forgot-password?app=harbour"');
});

it('an invited agent signs in only after choosing a password by the link', async () => {
  await world.hire('admin');
  const admin = world.browser();
  await admin.signIn('admin@acme.example');
  const invited = await admin.post('/desk/agents/invite', { name: 'Milo', email: 'milo@acme.example', role: 'agent' });
  expect(invited.location).toBe('/desk/agents');
  await world.service.worker.tick();
  const path = /\/desk\/set-password\/[\w.-]+/.exec(world.sink.last().text)?.[0] ?? '';
  expect((await world.browser().password('milo@acme.example', '')).status).toBe(422);
  const milo = world.browser();
  const pages = [await milo.get(path), await milo.post(path, { new: PASSWORD, again: 'another' })];
  for (const { html } of pages)
    expect([html.includes('15 characters'), html.includes(OTHER_DEVICES)]).toEqual([true, false]);
  await milo.post(path, { new: PASSWORD, again: PASSWORD });
  expect((await milo.signIn('milo@acme.example')).location).toBe('/desk');
});
