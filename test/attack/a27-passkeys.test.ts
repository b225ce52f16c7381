import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sealed } from '../../src/core/redacted.ts';
import { Authenticator } from '../support/authenticator.ts';
import { selfSigned } from '../support/self-signed.ts';
import { createDeskWorld, type DeskBrowser, type DeskWorld, PASSWORD, type Seen } from '../support/desk.ts';

// A27: signing in to the desk, by passkeys. Whatever a browser answers, one passkey signs in its owner, once a question.

const HERE = { origin: 'https://desk.acme.example', rpId: 'desk.acme.example' };
const AGENT = 'agent@acme.example';
const ACCOUNT = '/desk/account';

let world: DeskWorld;
let owner: DeskBrowser;

beforeEach(async () => {
  world = await createDeskWorld({ publicUrl: HERE.origin });
  await world.hire('agent');
  owner = await signedIn(AGENT);
});
afterEach(() => world.close());

async function signedIn(email: string): Promise<DeskBrowser> {
  // Other mail goes first, before the code that signing in waits for.
  await world.service.worker.tick();
  const browser = world.browser();
  await browser.signIn(email);
  if (!browser.cookies.has('desk_session')) throw new Error('not signed in');
  return browser;
}

/** What the page asks the browser. */
function askedIn({ html }: Seen) {
  const text = /data-options="([^"]*)"/.exec(html)?.[1] ?? '{}';
  return JSON.parse(text.replaceAll('&quot;', '"')) as { challenge: string; user: { id: string } };
}

async function askedToAdd(browser = owner) {
  const typed = { passkey_name: 'Laptop', passkey_password: PASSWORD };
  const { location } = await browser.post(`${ACCOUNT}/passkeys`, typed);
  expect(location).toBe(`${ACCOUNT}/passkeys/new`);
  return askedIn(await browser.get(location));
}

async function add(
  key: Authenticator,
  where: Parameters<Authenticator['create']>[1] = HERE,
  browser = owner,
): Promise<Seen> {
  return browser.post(`${ACCOUNT}/passkeys/new`, { answer: key.create(await askedToAdd(browser), where) });
}

async function askedToSignIn(browser: DeskBrowser) {
  const { location } = await browser.post('/desk/passkey', { next: '/desk/records' });
  return askedIn(await browser.get(location));
}

async function signInWith(
  key: Authenticator,
  where: Parameters<Authenticator['get']>[1] = HERE,
  browser = world.browser(),
) {
  const answer = key.get(await askedToSignIn(browser), where);
  const seen = await browser.post('/desk/passkey/answer', { answer, next: '/desk/records' });
  return { browser, answer, location: seen.location, status: seen.status };
}

async function passkeysOf(email = AGENT): Promise<number | undefined> {
  const found = await world.service.staff.agents.list(world.caller(), {});
  return found.ok ? found.value.data.find((agent) => agent.email === email)?.passkeys : undefined;
}

async function acts(): Promise<readonly string[]> {
  const rows = await world.store.documents.list({ kind: 'audit', limit: 500 });
  return rows.map(({ body }) => /"action":"([\w.]+)"/.exec(body)?.[1] ?? '');
}

const REFUSED = '/desk/sign-in?said=passkey_refused&app=default';
const OVER = '/desk/sign-in?said=passkey_over&app=default';

describe('a passkey', () => {
  it('signs its owner in without password and code, is noted and told by e-mail', async () => {
    const key = new Authenticator();
    expect((await add(key)).location).toBe(ACCOUNT);
    await world.service.worker.tick();
    expect(world.sink.last()).toMatchObject({ to: AGENT, subject: 'A passkey was added to your account' });
    expect((await owner.get(ACCOUNT)).html).toContain('Laptop');
    const { browser, location } = await signInWith(key);
    expect(location).toBe('/desk/records');
    expect((await browser.get('/desk')).html).toContain('Robin agent');
    expect(await acts()).toEqual(expect.arrayContaining(['passkey.added', 'session.started']));
    world.clock.now += 3_600_001;
    expect((await browser.get('/desk')).location).toContain('session_idle');
  });

  it('is removed with the password only, and signs in no more', async () => {
    const key = new Authenticator();
    await add(key);
    const id = /name="passkey" value="(psk_\w+)"/.exec((await owner.get(ACCOUNT)).html)?.[1] ?? '';
    const remove = (password: string) =>
      owner.post(`${ACCOUNT}/passkeys/remove`, { passkey: id, remove_password: password });
    expect((await remove('wrong')).html).toContain('That is not your password.');
    expect(await passkeysOf()).toBe(1);
    expect((await remove(PASSWORD)).location).toBe(ACCOUNT);
    expect((await signInWith(key)).location).toBe(REFUSED);
    expect(await acts()).toContain('passkey.removed');
  });

  it('is not asked for without the password, nor added without the question', async () => {
    const typed = { passkey_name: 'Laptop', passkey_password: 'wrong' };
    const { status, html } = await owner.post(`${ACCOUNT}/passkeys`, typed);
    expect([status, html.includes('That is not your password.')]).toEqual([422, true]);
    const answer = new Authenticator().create({ challenge: '', user: { id: '' } }, HERE);
    await owner.post(`${ACCOUNT}/passkeys/new`, { answer });
    expect(await passkeysOf()).toBe(0);
  });

  it('of another site, or of no verified user is not added', async () => {
    for (const where of [
      { ...HERE, origin: 'https://evil.example' },
      { ...HERE, rpId: 'acme.example' },
      { ...HERE, origin: 'http://desk.acme.example' },
      { ...HERE, verified: false },
    ])
      await add(new Authenticator(), where);
    expect(await passkeysOf()).toBe(0);
  });

  it('is not added with its maker’s certificate, whose addresses the service would have to read', async () => {
    await add(new Authenticator(), { ...HERE, maker: selfSigned() });
    expect(await passkeysOf()).toBe(0);
  });

  it('is added by one answer to one question, in the session that was asked', async () => {
    const asked = await askedToAdd();
    const [one, two] = [new Authenticator(), new Authenticator()];
    const answers = [one, two].map((key) => key.create(asked, HERE));
    await Promise.all(answers.map((answer) => owner.post(`${ACCOUNT}/passkeys/new`, { answer })));
    expect(await passkeysOf()).toBe(1);
    const cookie = owner.cookies.get('desk_passkey') ?? '';
    const later = await askedToAdd();
    const other = await signedIn(AGENT);
    other.cookies.set('desk_passkey', owner.cookies.get('desk_passkey') ?? cookie);
    await other.post(`${ACCOUNT}/passkeys/new`, { answer: new Authenticator().create(later, HERE) });
    expect(await passkeysOf()).toBe(1);
  });

  it('is added within five minutes', async () => {
    const answer = new Authenticator().create(await askedToAdd(), HERE);
    world.clock.now += 300_000;
    await owner.post(`${ACCOUNT}/passkeys/new`, { answer });
    expect(await passkeysOf()).toBe(0);
  });

  it('goes with the second factor when an administrator resets it', async () => {
    const key = new Authenticator();
    await add(key);
    const [agent] = await world.store.documents.list({ kind: 'agent', limit: 1 });
    await world.service.staff.agents.resetSecondFactor(world.caller(), agent?.id ?? '');
    expect((await signInWith(key)).location).toBe(REFUSED);
  });
});

it('outlives a new password by a link, which its owner is told: who broke in may have added it', async () => {
  await add(new Authenticator());
  await world.service.worker.tick();
  const browser = { ip: null, userAgent: '', device: '' };
  await world.service.staff.passwordLinks.forgot(world.application, AGENT, browser);
  await world.service.worker.tick();
  const token = /\/desk\/set-password\/([\w.-]+)/.exec(world.sink.last().text)?.[1] ?? '';
  const set = await world.service.staff.passwordLinks.setPassword(token, `${PASSWORD} again`, browser);
  expect(set.ok).toBe(true);
  await world.service.worker.tick();
  const { to, subject, text } = world.sink.last();
  expect([to, subject]).toEqual([AGENT, 'Your password was changed']);
  expect(text).toContain('Laptop');
});

it('an agent written before there were passkeys has none, and can add one', async () => {
  const [document] = await world.store.documents.list({ kind: 'agent', limit: 1 });
  if (document === undefined) throw new Error('no agent');
  const { sealed: text, ...body } = JSON.parse(document.body) as { sealed: string };
  const { passkeys, ...old } = JSON.parse(world.ring.open('agent', sealed(text), document.id) ?? '{}');
  const again = world.ring.seal('agent', JSON.stringify(old), document.id).reveal();
  const version = document.version + 1;
  await world.store.documents.put({ ...document, version, body: JSON.stringify({ ...body, sealed: again }) });
  expect([passkeys, await passkeysOf()]).toEqual([[], 0]);
  await add(new Authenticator());
  expect(await passkeysOf()).toBe(1);
});

describe('signing in by passkey is refused', () => {
  let key: Authenticator;
  beforeEach(async () => {
    key = new Authenticator();
    key.counter = 5;
    await add(key);
  });

  it.each([
    ['another origin', { ...HERE, origin: 'https://evil.example' }],
    ['another port', { ...HERE, origin: 'https://desk.acme.example:8443' }],
    ['another site’s passkeys', { ...HERE, rpId: 'acme.example' }],
    ['somebody whom the authenticator did not verify', { ...HERE, verified: false }],
  ])('to %s', async (_name, where) => {
    const { browser, location } = await signInWith(key, where);
    expect(location).toBe(REFUSED);
    expect(browser.cookies.has('desk_session')).toBe(false);
    expect((await signInWith(key)).location).toBe('/desk/records');
  });

  it('to an answer that was used, in the same browser and with its cookie in another', async () => {
    const browser = world.browser();
    const asked = await askedToSignIn(browser);
    const cookie = browser.cookies.get('desk_passkey') ?? '';
    const answer = key.get(asked, HERE);
    expect((await browser.post('/desk/passkey/answer', { answer })).location).toBe('/desk');
    key.counter += 10;
    const fresh = key.get(asked, HERE);
    for (const again of [answer, fresh]) {
      const thief = world.browser();
      thief.cookies.set('desk_passkey', cookie);
      expect((await thief.post('/desk/passkey/answer', { answer: again })).location).toBe(OVER);
      expect(thief.cookies.has('desk_session')).toBe(false);
    }
  });

  it('to all but one of many that send the same answer at once', async () => {
    key.counter = 0;
    const synced = new Authenticator();
    await add(synced);
    const browser = world.browser();
    const answer = synced.get(await askedToSignIn(browser), HERE);
    const cookie = browser.cookies.get('desk_passkey') ?? '';
    const all = await Promise.all(
      Array.from({ length: 8 }, () => {
        const one = world.browser();
        one.cookies.set('desk_passkey', cookie);
        return one.post('/desk/passkey/answer', { answer });
      }),
    );
    expect(all.filter(({ location }) => location === '/desk')).toHaveLength(1);
  });

  it('to an answer for another browser’s question, and after five minutes', async () => {
    const [asking, other] = [world.browser(), world.browser()];
    const answer = key.get(await askedToSignIn(asking), HERE);
    await askedToSignIn(other);
    expect((await other.post('/desk/passkey/answer', { answer })).location).toBe(REFUSED);
    expect((await world.browser().post('/desk/passkey/answer', { answer })).location).toBe(OVER);
    world.clock.now += 300_000;
    expect((await asking.post('/desk/passkey/answer', { answer })).location).toBe(OVER);
  });

  it('to a question that was asked for adding one', async () => {
    const asked = await askedToAdd();
    expect((await owner.post('/desk/passkey/answer', { answer: key.get(asked, HERE) })).location).toBe(OVER);
  });

  it('to a foreign passkey that says it is the owner’s', async () => {
    const foreign = new Authenticator();
    foreign.holder = key.holder;
    expect((await signInWith(foreign)).location).toBe(REFUSED);
    Object.assign(foreign, { id: key.id, counter: 100 });
    expect((await signInWith(foreign)).location).toBe(REFUSED);
    await world.hire('supervisor');
    const supervisor = await signedIn('supervisor@acme.example');
    const theirs = new Authenticator();
    await add(theirs, HERE, supervisor);
    theirs.holder = key.holder;
    expect((await signInWith(theirs)).location).toBe(REFUSED);
  });

  it('to a copy whose counter did not grow, which the audit log tells, with the address it came from', async () => {
    expect((await signInWith(key)).location).toBe('/desk/records');
    key.counter -= 1;
    expect((await signInWith(key)).location).toBe(REFUSED);
    key.counter -= 3;
    expect((await signInWith(key)).location).toBe(REFUSED);
    key.counter = 0;
    expect((await signInWith(key)).location).toBe(REFUSED);
    const rows = await world.store.documents.list({ kind: 'audit', limit: 500 });
    const refused = rows.map(({ body }) => JSON.parse(body)).filter(({ action }) => action === 'passkey.refused');
    expect(refused).toHaveLength(3);
    expect(refused.map(({ data }) => data)).toEqual(refused.map(() => ({ reason: 'counter', ip: '203.0.113.7' })));
    key.counter = 50;
    expect((await signInWith(key)).location).toBe('/desk/records');
  });

  it('to who was deactivated, and from a network that may not use the desk', async () => {
    await world.service.applications.update(world.caller(), world.application.id, { desk_networks: ['192.0.2.0/24'] });
    world.clock.now += 1_000;
    expect((await signInWith(key)).status).toBe(403);
    expect((await signInWith(key, HERE, world.browser('192.0.2.9'))).location).toBe('/desk/records');
    const [agent] = await world.store.documents.list({ kind: 'agent', limit: 1 });
    await world.hire('admin');
    await world.service.staff.agents.update(world.caller(), agent?.id ?? '', { active: false });
    expect((await signInWith(key, HERE, world.browser('192.0.2.9'))).location).toBe(REFUSED);
  });

  it('to an address after 50 wrong answers, but not to a browser that signed in before', async () => {
    const known = await signedIn(AGENT);
    await known.post('/desk/sign-out');
    const statuses: number[] = [];
    for (let guess = 0; guess < 52; guess++)
      statuses.push((await world.browser().post('/desk/passkey/answer', { answer: `{"guess":${guess}}` })).status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(2);
    expect((await signInWith(key, HERE, known)).location).toBe('/desk/records');
  });

  it('to what is no answer at all, without a fault', async () => {
    for (const answer of [
      '',
      'null',
      '[]',
      '{"id":{}}',
      '{"response":null}',
      '"x"',
      '{"id":"x","response":{"userHandle":7}}',
    ]) {
      const browser = world.browser();
      await askedToSignIn(browser);
      expect((await browser.post('/desk/passkey/answer', { answer })).location).toBe(REFUSED);
    }
  });
});

describe('without what passkeys need', () => {
  it.each([null, 'http://127.0.0.1:7070', 'http://desk.acme.example', 'https://[::1]'])(
    'nothing is offered at %s',
    async (publicUrl) => {
      const bare = await createDeskWorld({ publicUrl });
      await bare.hire('admin');
      const browser = bare.browser();
      expect((await browser.get('/desk/sign-in')).html).not.toContain('passkey');
      expect((await browser.post('/desk/passkey')).status).toBe(404);
      await browser.signIn('admin@acme.example');
      expect((await browser.get(ACCOUNT)).html).toContain('Passkeys are off: they need WATCHWORD_PUBLIC_URL');
      await bare.close();
    },
  );
});
