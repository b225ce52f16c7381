import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AUDIT_KIND } from '../../src/service/audit/trail.ts';
import { createDeskWorld, type DeskBrowser, type DeskWorld, PASSWORD } from '../support/desk.ts';

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

async function actions(): Promise<readonly string[]> {
  const rows = await world.store.documents.list({ kind: AUDIT_KIND, limit: 200 });
  return rows.map(({ body }) => (JSON.parse(body) as { action: string }).action);
}

async function submit(from: string, typed: Record<string, string> = {}) {
  return browser.submit(await browser.get(from), typed);
}

/** Past the second for which settings are remembered. */
const settle = (): void => void (world.clock.now += 1000);

describe('limits', () => {
  it('are set field by field, and an empty field is not set', async () => {
    const saved = await submit(`${path}/limits`, {
      signal_ip: '7',
      'signal_ip-window': '600',
      money_day: '60',
      'money_day-currency': 'aud',
    });
    expect(saved.location).toBe(`${path}/limits`);
    const after = await world.service.applications.get(world.caller(), world.application.id);
    expect(after.ok && after.value.limits).toEqual({
      signal_ip: { max: 7, window_seconds: 600 },
      money_day: { max: 60, currency: 'AUD' },
    });
    expect(await actions()).toContain('limits.changed');
  });

  it.each([
    [{ signal_ip: '0' }, 'signal_ip'],
    [{ signal_ip: 'many' }, 'signal_ip'],
    [{ signal_ip: '5', 'signal_ip-window': '0' }, 'signal_ip-window'],
    [{ 'signal_ip-window': '60' }, 'signal_ip'],
    [{ money_day: '60', 'money_day-currency': 'dollars' }, 'money_day-currency'],
  ])('refuse %j at %s', async (typed, field) => {
    const bad = await submit(`${path}/limits`, typed);
    expect(bad.status).toBe(422);
    expect(bad.html).toContain(`id="${field}-error"`);
  });
});

it.each([
  ['limits', { signal_ip: '7' }, { signal_ip: '9' }],
  ['access', { desk_networks: '203.0.113.0/24' }, { desk_networks: '203.0.112.0/23' }],
] as const)('the form of %s names who changed it meanwhile, and when', async (page, one, two) => {
  const [first, second] = [await browser.get(`${path}/${page}`), await browser.get(`${path}/${page}`)];
  await browser.submit(first, one);
  const late = await browser.submit(second, two);
  expect(late.status).toBe(422);
  expect(late.html).toMatch(/Somebody changed this meanwhile\. Last changed [^.]+, by Robin admin\./);
  expect((await browser.submit(late)).status).toBe(303);
});

it('a limit says what it counts, and how often it refused lately', async () => {
  await submit(`${path}/limits`, { application_sends: '1' });
  settle();
  await world.service.verify.start(world.caller(), { to: '+14155552671' });
  for (const to of ['+14155552672', '+14155552673'])
    expect(await world.service.verify.start(world.caller(), { to })).toMatchObject({ ok: false });
  await world.service.insights.count();
  const { html } = await browser.get(`${path}/limits`);
  expect(html).toMatch(/<legend>Messages of the application <small[^>]*>application_sends<\/small><\/legend>/);
  expect(html.match(/Refused \d+ times? in 7 days/g)).toEqual(['Refused 2 times in 7 days']);
});

it('the one field that has an error is where the page opens', async () => {
  const one = await submit(path, { accent: '#ffffff' });
  expect(/<[^>]*autofocus[^>]*>/g.exec(one.html)?.[0]).toContain('id="accent"');
  const two = await submit(path, { accent: '#ffffff', time_zone: 'Mars/Phobos' });
  expect(two.html.match(/<[^>]*autofocus[^>]*>/g)).toEqual([expect.stringContaining('error-list')]);
});

describe('stopping all sends', () => {
  it('asks first, refuses starts and resends, drops what waits, and is said on every page of the desk', async () => {
    const question = await browser.get(`${path}/stop`);
    expect(question.html).toContain('Stop all sends of default?');
    const early = await world.startAndRead();
    const waiting = await world.service.verify.start(world.caller(), { to: '+14155552672' });
    await browser.submit(question);
    settle();
    const refused = await world.service.verify.start(world.caller(), { to: '+14155552673' });
    expect(!refused.ok && refused.problem.code).toBe('sends_stopped');
    world.clock.now += 40_000;
    const again = await world.service.verify.resend(world.caller(), early.id, {});
    expect(!again.ok && again.problem.code).toBe('sends_stopped');
    const before = world.sink.messages.length;
    await world.service.worker.tick();
    expect(world.sink.messages).toHaveLength(before);
    const id = waiting.ok ? waiting.value.verification.id : '';
    const sends = await world.service.records.sends(world.caller(), id);
    expect(sends.ok && sends.value.data[0]).toMatchObject({ status: 'dropped', error: 'sends_stopped' });
    const checked = await world.service.verify.check(world.caller(), early.id, { code: early.code });
    expect(checked.ok && checked.value.result).toBe('approved');
    expect((await browser.get('/desk')).html).toContain('All sends of default are stopped.');
    expect(await actions()).toContain('sends.stopped');
  });

  it('lets agents sign in, one of whom ends it', async () => {
    await submit(`${path}/stop`);
    settle();
    const other = world.browser();
    await other.signIn('admin@acme.example');
    await other.submit(await other.get(`${path}/stop`));
    settle();
    expect((await other.get('/desk')).html).not.toContain('are stopped.');
    expect((await world.service.verify.start(world.caller(), { to: '+14155552671' })).ok).toBe(true);
    expect(await actions()).toContain('sends.resumed');
  });
});

describe('the networks of the desk', () => {
  it('cannot be set so that the administrator locks himself out', async () => {
    const bad = await submit(`${path}/access`, { desk_networks: '10.0.0.0/8' });
    expect(bad.status).toBe(422);
    expect(bad.html).toContain('you would lock yourself out');
    expect(bad.html).toContain('>10.0.0.0/8</textarea>');
    const odd = await submit(`${path}/access`, { desk_networks: 'office' });
    expect(odd.html).toContain('id="desk_networks-error"');
  });

  it('turn everybody else away at every page, signed in or not, and at signing in (S2.84)', async () => {
    const away = world.browser('198.51.100.9');
    await away.signIn('admin@acme.example');
    expect((await away.get('/desk')).status).toBe(200);
    await submit(`${path}/access`, { desk_networks: '203.0.113.0/24\n2001:db8::/32' });
    settle();
    expect((await browser.get('/desk')).status).toBe(200);
    expect([(await away.get('/desk')).status, (await away.post(`${path}/stop`, { stopped: 'yes' })).status]).toEqual([
      403, 403,
    ]);
    const stranger = world.browser('198.51.100.9');
    for (const page of ['/desk/sign-in', '/desk/sign-in?app=default', '/desk/forgot-password', '/desk/passkey'])
      expect([page, (await stranger.get(page)).status]).toEqual([page, 403]);
    const asked = await stranger.post('/desk/forgot-password', { email: 'admin@acme.example' });
    expect([asked.status, (await world.browser().get('/desk/sign-in')).status]).toEqual([403, 200]);
    expect((await stranger.password('admin@acme.example', PASSWORD)).status).toBe(403);
    expect((await world.browser('2001:db8::7').password('admin@acme.example', PASSWORD)).status).toBe(303);
    expect(await actions()).toContain('access.changed');
  });
});

it('a link that sets a password, and a sign-in that waits for its code, go no further outside the networks', async () => {
  await browser.post('/desk/agents/invite', { name: 'Milo', email: 'milo@acme.example', role: 'agent' });
  await world.service.worker.tick();
  const link = /\/desk\/set-password\/[\w.-]+/.exec(world.sink.last().text)?.[0] ?? '';
  const away = world.browser('198.51.100.9');
  await away.password('admin@acme.example', PASSWORD);
  expect([(await away.get(link)).status, (await away.get('/desk/second-factor')).status]).toEqual([200, 200]);
  await submit(`${path}/access`, { desk_networks: '203.0.113.0/24' });
  settle();
  const chosen = { new: PASSWORD, again: PASSWORD };
  const answers = [await away.get(link), await away.post(link, chosen), await away.get('/desk/second-factor')];
  for (const { status, html } of answers)
    expect([status, html.includes('not used from your network')]).toEqual([403, true]);
  expect((await world.browser().post(link, chosen)).status).toBe(303);
});

describe('trying a provider', () => {
  const TRY = { provider: 'sms sink', to: '+14155552671' };

  it('sends one message without a code through it, noted in the audit log, ten times an hour', async () => {
    for (let at = 0; at < 10; at++) expect((await submit(`${path}/providers`, TRY)).status).toBe(303);
    expect(world.sink.last()).toMatchObject({ to: '+14155552671', channel: 'sms' });
    expect(world.sink.last().text).toContain('There is nothing to enter.');
    const eleventh = await submit(`${path}/providers`, TRY);
    expect(eleventh.status).toBe(422);
    expect(eleventh.html).toContain('at most 10 test messages an hour');
    expect(world.sink.messages.filter(({ channel }) => channel === 'sms')).toHaveLength(10);
    expect((await actions()).filter((action) => action === 'provider.tested')).toHaveLength(10);
    world.clock.now += 3_600_001;
    await browser.signIn('admin@acme.example');
    expect((await submit(`${path}/providers`, TRY)).status).toBe(303);
  });

  it('names each channel as people call it', async () => {
    const { html } = await browser.get(`${path}/providers`);
    expect(html).toContain('>SMS, in the order they are asked<');
    expect(html).toContain('>sink (SMS)</option>');
  });

  it('says why a provider did not take it', async () => {
    world.sink.answer = () => ({ type: 'failure', kind: 'misconfigured', retry: 'final', detail: 'wrong <password>' });
    const { location } = await submit(`${path}/providers`, TRY);
    expect((await browser.get(location)).html).toContain('misconfigured: wrong &lt;password&gt;');
  });

  it.each([
    ['an unknown provider', { ...TRY, provider: 'sms other' }, 'provider-error'],
    ['a wrong number', { ...TRY, to: '123' }, 'class="error"|is-bad'],
    ['a mailbox for SMS', { ...TRY, to: 'a@b.example' }, 'to-error'],
  ])('refuses %s', async (_what, typed, mark) => {
    const bad = await submit(`${path}/providers`, typed);
    expect(bad.status).toBe(422);
    expect(bad.html).toMatch(new RegExp(mark));
    expect(world.sink.messages.filter(({ channel }) => channel === 'sms')).toHaveLength(0);
  });
});

describe('templates', () => {
  it('are looked at without being saved, then saved, and removed after a question (S0.46)', async () => {
    const words = { channel: 'sms', locale: 'en', text: '{brand}: {code} <b>works</b> for {time}.', act: 'preview' };
    const seen = await submit(`${path}/templates/new`, words);
    const none = await world.service.templates.list(world.caller(), {});
    expect(none.ok && none.value.data).toEqual([]);
    expect(seen.html).not.toContain('<b>works</b>');
    const saved = await submit(`${path}/templates/new`, { ...words, text: '{brand}: {code}', act: 'save' });
    expect(saved.location).toBe(`${path}/templates/tpl_sms.en.-`);
    const { html } = await browser.get(saved.location);
    expect(html).toContain('GSM 7-bit');
    expect(html).toContain('<h1>SMS template, en</h1>');
    await submit(`${saved.location}/remove`);
    expect((await browser.get(saved.location)).status).toBe(404);
    expect((await actions()).filter((action) => action === 'template.changed')).toHaveLength(2);
  });

  it('say what the linter refuses, at the field, with what was typed', async () => {
    const bad = await submit(`${path}/templates/new`, { text: 'No code here', act: 'save' });
    expect(bad.status).toBe(422);
    expect(bad.html).toContain('id="text-error"');
    expect(bad.html).toContain('>No code here</textarea>');
  });
});

describe('suppressions', () => {
  it('are added and lifted by typing the address, which no page shows again', async () => {
    const to = '+14155552671';
    await submit(`${path}/suppressions`, { to, act: 'add' });
    const page = await browser.get(`${path}/suppressions`);
    expect(page.html).toContain('Put here by hand');
    expect(page.html).not.toContain('4155552671');
    const lifted = await submit(`${path}/suppressions`, { to, act: 'lift' });
    expect(lifted.status).toBe(303);
    const again = await submit(`${path}/suppressions`, { to, act: 'lift' });
    expect(again.html).toContain('Nothing holds this address back.');
  });
});
