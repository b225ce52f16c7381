import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDeskWorld, type DeskBrowser, type DeskWorld, ORIGIN, PASSWORD } from '../support/desk.ts';

// A28 (forms of other sites), A45 (what staff may do), S0.31: ids of others, roles, streams and the caller's link.

let world: DeskWorld;
let browser: DeskBrowser;
const FORM = { channel: 'sms', to: '+61 491 570 156', country: 'AU', reason: 'SIM swap' };

beforeEach(async () => {
  world = await createDeskWorld({
    policies: { caller_check: { preset: 'desk', override: 'with_review' } },
    publicUrl: ORIGIN,
  });
  await world.hire('agent');
  browser = await signedIn('agent@acme.example');
});
afterEach(() => world.close());

async function signedIn(email: string): Promise<DeskBrowser> {
  const opened = world.browser();
  await opened.signIn(email);
  return opened;
}

async function started(): Promise<{ path: string; id: string; code: string }> {
  const { location } = await browser.post('/desk', { ...FORM, once: world.env.randomText(26) });
  await world.service.worker.tick();
  return { path: location, id: location.split('/').at(-1) ?? '', code: world.sink.last().code.reveal() };
}

const PAGES = ['', '/skip', '/events'];
const ACTS = ['/check', '/resend', '/cancel', '/skip', '/link', '/reviewed'];

/** A browser signed in to another application of the same service. */
async function neighbour(): Promise<DeskBrowser> {
  const made = await world.service.applications.create(world.caller(), { name: 'other', preset: 'desk' });
  if (!made.ok) throw new Error('no application');
  world.clock.now += 1000;
  const other = await world.service.applications.find('other');
  if (other === null) throw new Error('no application');
  await world.hire('admin', { email: 'eve@other.example', application: other });
  const opened = world.browser();
  const first = await opened.post('/desk/sign-in?app=other', {
    username: 'eve@other.example',
    password: PASSWORD,
    app: 'other',
  });
  await world.service.worker.tick();
  await opened.post('/desk/second-factor', { code: world.sink.last().code.reveal() });
  expect([first.status, (await opened.get('/desk')).status]).toEqual([303, 200]);
  return opened;
}

describe('codes of another application (IDOR)', () => {
  it('answer as if they were not there, and nothing is done to them', async () => {
    const { path, id } = await started();
    const eve = await neighbour();
    for (const page of PAGES) expect([page, (await eve.get(`${path}${page}`)).status]).toEqual([page, 404]);
    for (const act of ACTS)
      expect([act, (await eve.post(`${path}${act}`, { code: '123456' })).status]).toEqual([act, 404]);
    const unknown = await eve.get(`/desk/verifications/${id.slice(0, -1)}0`);
    expect((await eve.get(path)).html).toBe(unknown.html);
    expect((await eve.get(`/desk?again=${id}`)).html).not.toContain(
      'SIM swap</option><option value="SIM swap" selected',
    );
    expect(await world.service.verify.get(world.caller(), id)).toMatchObject({
      value: { status: 'pending', checks: 0, sends: 1 },
    });
  });
});

describe('forms of other sites (CSRF)', () => {
  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbour of this site', { 'sec-fetch-site': 'same-site' }],
    ['another origin', { 'sec-fetch-site': '', origin: 'https://evil.example' }],
  ])('are refused from %s', async (_name, headers) => {
    const { path, id, code } = await started();
    for (const act of ACTS.slice(0, -1))
      expect((await browser.post(`${path}${act}`, { code }, headers)).status).toBe(403);
    expect((await browser.post('/desk', FORM, headers)).status).toBe(403);
    expect((await browser.post('/desk/skip', FORM, headers)).status).toBe(403);
    expect(await world.service.verify.get(world.caller(), id)).toMatchObject({
      value: { status: 'pending', checks: 0 },
    });
  });

  it('have no twin by GET', async () => {
    const { path, id, code } = await started();
    for (const act of ['check', 'resend', 'cancel', 'link', 'reviewed'])
      expect((await browser.get(`${path}/${act}?code=${code}`)).status).toBe(404);
    expect(await world.service.verify.get(world.caller(), id)).toMatchObject({
      value: { status: 'pending', sends: 1 },
    });
  });

  it('set no field that is not asked for (D0.5)', async () => {
    const { location } = await browser.post('/desk', {
      ...FORM,
      approved_at: '2001-01-01T00:00:00Z',
      status: 'approved',
      actor: 'agt_x',
      code: '000000',
      expires_at: '2099-01-01',
    });
    const id = location.split('/').at(-1) ?? '';
    const found = await world.service.desk.record(world.caller(), id);
    expect(found).toMatchObject({ value: { status: 'pending', approved_at: null, actor: { type: 'agent' } } });
  });
});

describe('the stream of a page', () => {
  function listen(path: string): Promise<Response> {
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return Promise.resolve(world.pages.fetch(new Request(`http://127.0.0.1:7070${path}`, { headers: { cookie } })));
  }

  it('says that something changed and nothing else', async () => {
    const { path, code } = await started();
    const answer = await listen(`${path}/events`);
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const reader = answer.body?.getReader();
    await world.service.desk.live.look();
    await browser.post(`${path}/check`, { code, once: world.env.randomText(26) });
    await world.service.desk.live.look();
    await world.service.desk.live.look();
    world.service.desk.live.close();
    let text = '';
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read())
      text += new TextDecoder().decode(part.value);
    expect(text).toMatch(/^retry: 3000\n\nevent: changed\ndata: \d+p\n\nevent: changed\ndata: \d+a\n\n$/);
  });

  it('does not keep a session alive', async () => {
    const found = await world.service.staff.sessions.find(browser.cookies.get('desk_session') ?? '', {
      ip: null,
      userAgent: '',
      device: '',
    });
    if (found.state !== 'live') throw new Error('not signed in');
    for (let minutes = 0; minutes < 59; minutes += 10) {
      expect(await world.service.staff.sessions.lasts(found.staff)).toBe(true);
      world.clock.now += 600_000;
    }
    expect(await world.service.staff.sessions.lasts(found.staff)).toBe(false);
  });
});

describe('the link for the caller', () => {
  it('opens once, shows the words of the agent’s page, and approves for both', async () => {
    const { path, id, code } = await started();
    const bare = /\/v\/[^"<\s]+/;
    expect((await browser.get(path)).html).not.toMatch(bare);
    await browser.post(`${path}/link`, { once: world.env.randomText(26) });
    await browser.post(`${path}/link`, { once: world.env.randomText(26) });
    const { html } = await browser.get(path);
    expect(html).toContain('Type it on your page, or read it to me.');
    const link = bare.exec(html)?.[0] ?? '';
    const words = /<strong>([a-z]+ [a-z]+)<\/strong>/.exec(html)?.[1] ?? 'none';
    const phone = world.browser('198.51.100.9');
    await phone.get(link);
    const claimed = await phone.post(link);
    expect(claimed.status).toBe(303);
    expect((await world.browser().post(link)).location).not.toContain(id);
    const entry = await phone.get(claimed.location);
    expect(entry.html).toContain(words);
    expect(entry.html).not.toContain(code);
    expect(entry.html).toContain('Give it only to the agent you called.');
    expect(entry.html).not.toContain('will ask you for this code');
    await phone.post(claimed.location, { code });
    expect((await browser.get(path)).html).toContain('Caller verified');
    const record = await browser.get(`/desk/records/${id}`);
    expect(record.html).toContain('The caller entered the right code on try 1');
    expect(record.html).toContain('Right code entered by the caller');
    const events = await world.store.records.events(id);
    expect(events.find(({ type }) => type === 'approved')?.actor.type).toBe('hosted');
    expect(phone.cookies.has('ww_session')).toBe(false);
    const rows = await world.store.documents.list({ kind: 'audit', limit: 500 });
    expect(rows.filter(({ body }) => body.includes('verification.link_made'))).toHaveLength(1);
  });

  it('is not there unless an agent made it', async () => {
    const { id } = await started();
    const { hostedToken } = await import('../../src/service/hosted/link.ts');
    const phone = world.browser();
    const seen = await phone.post(`/v/${hostedToken(world.ring, id)}`);
    expect(seen.status).not.toBe(303);
  });
});
