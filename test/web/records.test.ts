import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyReceipt } from '../../src/client/index.ts';
import type { Role } from '../../src/core/staff.ts';
import { createDeskWorld, type DeskBrowser, type DeskWorld, ORIGIN } from '../support/desk.ts';
import { wrongCode } from '../support/world.ts';

let world: DeskWorld;
beforeEach(async () => void (world = await createDeskWorld({ policies: { caller_check: { override: 'with_note' } } })));
afterEach(() => world.close());

const PHONE = '+14155552671';

async function signedIn(role: Role): Promise<DeskBrowser> {
  await world.hire(role);
  const browser = world.browser();
  const seen = await browser.signIn(`${role}@acme.example`);
  expect(seen.status).toBe(303);
  return browser;
}

/** A form of a page by the end of its action, sent with what was typed. */
async function send(browser: DeskBrowser, path: string, action: string, typed: Record<string, string> = {}) {
  const { html } = await browser.get(path);
  const form = [...html.matchAll(/<form[\s\S]*?<\/form>/g)].find(([text]) => text.includes(`${action}"`))?.[0] ?? '';
  const fields: Record<string, string> = {};
  for (const [input] of form.matchAll(/<input[^>]*>/g)) {
    fields[/\sname="([^"]*)"/.exec(input)?.[1] ?? ''] = /\svalue="([^"]*)"/.exec(input)?.[1] ?? '';
  }
  return browser.post(/action="([^"]*)"/.exec(form)?.[1] ?? '', { ...fields, ...typed });
}

async function approve(to = PHONE, extra: Record<string, unknown> = {}): Promise<string> {
  const { id, code } = await world.startAndRead(to, extra);
  await world.service.verify.check(world.caller(), id, { code: wrongCode(code) });
  await world.service.verify.check(world.caller(), id, { code });
  return id;
}

async function auditActions(): Promise<readonly string[]> {
  const found = await world.store.documents.list({ kind: 'audit', application: world.application.id, limit: 200 });
  return found.map(({ body }) => (JSON.parse(body) as { action: string }).action);
}

it('looks each agent of a record up once, whatever they did to it', async () => {
  const { id } = await world.startAndRead();
  await signedIn('agent');
  const agent = await world.store.documents.list({ kind: 'agent', limit: 5 });
  const actor = { type: 'agent', id: agent[0]?.id ?? '' } as const;
  await world.service.evidence.addNote({ ...world.caller(), actor }, id, 'Called back.');
  const auditor = await signedIn('auditor');
  const { agents } = world.service.staff;
  const { get } = agents;
  const asked: string[] = [];
  Object.assign(agents, { get: (...given: Parameters<typeof get>) => (asked.push(given[1]), get(...given)) });
  const { html } = await auditor.get(`/desk/records/${id}`);
  expect(html).toMatch(/Wrote a note[\s\S]*Robin agent/);
  expect(asked).toEqual([actor.id]);
});

describe('who canceled it', () => {
  const told = async (browser: DeskBrowser, id: string) => {
    const pages = [`/desk/records/${id}`, `/desk/records/${id}/evidence`];
    const seen = await Promise.all(pages.map((path) => browser.get(path)));
    return seen.map(({ html }) => /The code can no longer be entered\. ([^<]*)\.</.exec(html)?.[1]);
  };

  it('is said on the record and its evidence: an agent, a program, the person, or a newer code', async () => {
    const browser = await signedIn('supervisor');
    const [agent] = await world.store.documents.list({ kind: 'agent', limit: 1 });
    const actors = {
      'By the agent': { type: 'agent', id: agent?.id ?? '' },
      'By your program': { type: 'api_key', id: 'key_1' },
      'By the person': { type: 'hosted', id: null },
    } as const;
    for (const [words, actor] of Object.entries(actors)) {
      const { id } = await world.startAndRead();
      await world.service.verify.cancel({ ...world.caller(), actor }, id);
      expect(await told(browser, id)).toEqual([words, words]);
    }
    const { id } = await world.startAndRead();
    await world.service.verify.cancel(world.caller(), id);
    expect((await browser.get('/desk/records')).html).toContain('On request');
  });

  it('is the person for a message they did not ask for', async () => {
    await world.close();
    world = await createDeskWorld({ policies: { login: { not_me_link: 'email' } }, publicUrl: ORIGIN });
    const { id, message } = await world.startAndRead('ann@recipient.example');
    await world.service.notMe.report(/\/not-me\/(\S+)/.exec(message.text)?.[1] ?? '', 'cancel');
    expect(await told(await signedIn('supervisor'), id)).toEqual(
      Array(2).fill('By the person, who did not ask for it'),
    );
  });
});

describe('the list of records', () => {
  it('shows newest first, masked, with a way to each record', async () => {
    const id = await approve(PHONE, { reference: 'HM-1' });
    await world.startAndRead('+14155552672');
    const browser = await signedIn('agent');
    const { status, html } = await browser.get('/desk/records');
    expect(status).toBe(200);
    expect(html).toContain(`/desk/records/${id}`);
    expect(html).toContain('HM-1');
    expect(html).toMatch(/Pending[\s\S]*Verified/);
    expect(html).not.toContain('4155552671');
    expect(html).not.toContain('Cost</th>');
    expect(html).toMatch(/<span class="nowrap">\d+ \w{3}<\/span> <small>\d\d:\d\d<\/small><\/time>/);
    expect(html).toContain('<td role="cell" class="end" data-label="Tries">');
  });

  it('finds by number however it is spelt, by ticket and by id, and nothing else (S2.99, S3.23)', async () => {
    const id = await approve(PHONE, { reference: '4711', country: 'US' });
    const other = await approve('+14155552672');
    const browser = await signedIn('agent');
    for (const q of [PHONE, '+1 (415) 555-2671', '4711', id]) {
      const { html } = await browser.get(`/desk/records?q=${encodeURIComponent(q)}`);
      expect([q, html.includes(`/desk/records/${id}"`), html.includes(`/desk/records/${other}"`)]).toEqual([
        q,
        true,
        false,
      ]);
    }
    const none = await browser.get('/desk/records?q=nobody@acme.example&status=approved');
    expect(none.html).toContain('No record fits these filters');
    expect(none.html).toContain('Without “<bdi>nobody@acme.example</bdi>” there are some');
  });

  it.each([
    ['status=approved', true],
    ['status=failed', false],
    ['channel=sms', true],
    ['channel=voice', false],
    ['country=US', true],
    ['country=DE', false],
    ['purpose=login', true],
    ['purpose=checkout', false],
    ['purpose=Log+in', false],
    ['purpose=LOGIN', true],
    ['period=today', true],
    ['from=2099-01-01', false],
    ['until=2001-01-01', false],
    ['agent=api_key', true],
    ['agent=hosted', false],
    ['reason=SIM+swap', false],
  ])('filters by %s (S0.45, S2.99, S3.23)', async (query, shown) => {
    const id = await approve();
    const browser = await signedIn('agent');
    const { html } = await browser.get(`/desk/records?${query}`);
    expect(html.includes(`/desk/records/${id}"`)).toBe(shown);
    expect(html).toContain('class="chip"');
  });

  it.each(['from=2026-02-30', 'until=yesterday'])(
    'names a day that cannot be read, keeps it and shows nothing: %s',
    async (query) => {
      const [field = '', typed = ''] = query.split('=');
      await approve();
      const browser = await signedIn('admin');
      const { status, html } = await browser.get(`/desk/records?${query}`);
      expect([status, html.includes('No record fits these filters')]).toEqual([422, true]);
      expect(html).toMatch(new RegExp(`id="${field}-error">.*?“${typed}” is no day`));
      expect(html).toMatch(new RegExp(`name="${field}" value="${typed}"`));
      const file = await browser.post('/desk/records/export', { [field]: typed });
      expect(file.html.trim().split('\r\n')).toHaveLength(1);
    },
  );

  it('pages to older records and back to newer ones, and shows the first page for a cursor of its own making (S0.33)', async () => {
    const browser = await signedIn('agent');
    for (let i = 0; i < 60; i++) {
      await world.service.verify.start(world.caller(), { to: `one${i}@acme.example`, reference: `T-${i}.` });
      world.clock.now += 1000;
    }
    const first = await browser.get('/desk/records');
    const olderOf = (html: string) => /href="([^"]*)" rel="next"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const newerOf = (html: string) => /href="([^"]*)" rel="prev"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(first.html).toContain('T-59.');
    expect(newerOf(first.html)).toBe('');
    const second = await browser.get(olderOf(first.html));
    expect(second.html).toContain('T-34.');
    const third = await browser.get(olderOf(second.html));
    expect(third.html).toContain('T-0.');
    expect(olderOf(third.html)).toBe('');
    expect((await browser.get(newerOf(third.html))).html).toContain('T-34.');
    expect((await browser.get(newerOf((await browser.get(newerOf(third.html))).html))).html).toContain('T-59.');
    expect((await browser.get('/desk/records?cursor=vrf_x&trail=%3Cscript%3E')).html).toContain('T-59.');
  });

  it('leaves out what agents signed in with, until it is asked for', async () => {
    const id = await approve();
    const browser = await signedIn('auditor');
    const signIn = await world.store.records.search({
      application: world.application.id,
      mode: 'live',
      now: world.clock.now,
      purpose: 'staff_sign_in',
      limit: 1,
    });
    const own = signIn.rows[0]?.id ?? '';
    const shown = async (query: string) => {
      const { html } = await browser.get(`/desk/records${query}`);
      return [id, own].map((one) => html.includes(`/desk/records/${one}"`));
    };
    expect(await shown('')).toEqual([true, false]);
    expect(await shown('?signins=shown')).toEqual([true, true]);
    expect(await shown('?purpose=staff_sign_in')).toEqual([false, true]);
    expect(await shown(`?q=${own}`)).toEqual([false, true]);
    const file = await send(browser, '/desk/records', '/export');
    expect(file.html.trim().split('\r\n')).toHaveLength(2);
  });

  it('shows another application to an administrator of the installation, who may only look', async () => {
    const made = await world.service.applications.create(world.caller(), { name: 'branch', brand: 'Branch Bank' });
    const branch = made.ok ? await world.service.applications.find(made.value.id) : null;
    if (branch === null) throw new Error('no application');
    const there = await world.startAndRead(PHONE, { reference: 'B-1' }, world.caller('live', branch));
    const here = await approve('+14155552672');
    const list = `/desk/records?app=${branch.id}`;
    const record = `/desk/records/${there.id}?app=${branch.id}`;
    const admin = await signedIn('admin');
    const { html } = await admin.get(list);
    expect(html).toContain(`href="${record}"`);
    expect(html).not.toContain(`/desk/records/${here}`);
    expect(html).toContain('<bdi>Branch Bank</bdi>');
    const page = await admin.get(record);
    expect(page.html).toContain('B-1');
    expect(page.html).not.toMatch(/\/reveal|\/erase|\/notes|Enter the code/);
    expect((await admin.get(`/desk/records/${there.id}/evidence?app=${branch.id}`)).status).toBe(200);
    for (const rest of ['', '/reveal?app=', '/erase?app='])
      expect((await admin.get(`/desk/records/${there.id}${rest === '' ? '' : rest + branch.id}`)).status).toBe(404);
    for (const role of ['agent', 'supervisor', 'auditor'] as const) {
      const other = await signedIn(role);
      expect([(await other.get(list)).status, (await other.get(record)).status]).toEqual([404, 404]);
      expect((await other.get('/desk/records')).html).not.toContain('Branch Bank');
    }
    await world.hire('admin', { application: branch, email: 'branch@acme.example' });
    const stranger = world.browser();
    expect((await stranger.signIn('branch@acme.example', undefined, { app: 'branch' })).status).toBe(303);
    expect((await stranger.get('/desk/records')).html).toContain(there.id);
    expect((await stranger.get(`/desk/records?app=${world.application.id}`)).status).toBe(404);
    expect((await stranger.get(`/desk/records/${here}?app=${world.application.id}`)).status).toBe(404);
  });

  it('exports what the view shows, with formulas made harmless, and notes it', async () => {
    await approve(PHONE, { reference: '=HYPERLINK("http://x")' });
    await approve('+14155552672', { reference: 'other' });
    const browser = await signedIn('supervisor');
    const file = await send(browser, `/desk/records?q=${encodeURIComponent(PHONE)}`, '/export');
    expect(file.headers.get('content-type')).toMatch(/^text\/csv/);
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="records-[\d-]+\.csv"$/);
    const [head, row, ...rest] = file.html.trim().split('\r\n');
    expect(head).toMatch(/^Record,Started,Status/);
    expect(row).toContain(`"'=HYPERLINK(""http://x"")"`);
    expect(row).not.toContain('4155552671');
    expect(rest).toEqual([]);
    expect(await auditActions()).toContain('records.exported');
  });

  it('exports a file that a spreadsheet reads as UTF-8', async () => {
    await approve();
    const browser = await signedIn('auditor');
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { cookie, origin: ORIGIN, 'content-type': 'application/x-www-form-urlencoded' };
    const asked = new Request(`${ORIGIN}/desk/records/export`, { method: 'POST', headers, body: 'once=' });
    const bytes = new Uint8Array(await (await world.pages.fetch(asked)).arrayBuffer());
    expect(bytes.slice(0, 9)).toEqual(new TextEncoder().encode('\uFEFFRecord'));
  });

  it('says how a code went that was sent before an agent went on without it', async () => {
    const { id } = await world.startAndRead(PHONE, { purpose: 'caller_check' });
    const agent = await signedIn('agent');
    const facts = { cause: 'in_store', confirmation: 'photo_identity', note: 'Licence seen in the shop.' };
    await agent.post(`/desk/verifications/${id}/skip`, { ...facts, once: 'abcdefghijklmnop' });
    const { html } = await agent.get('/desk/records?status=skipped');
    expect(html).toMatch(/>\s*SMS\s*</);
    expect(html).toContain('0 / 5');
    expect(html).toContain('<small>Photo identity seen</small>');
    const own = { ...facts, to: PHONE, country: 'US', confirmation: 'call_back', once: 'qrstuvwxyzabcdef' };
    expect((await agent.post('/desk/skip', own)).status).toBe(303);
    expect((await agent.get('/desk')).html).toContain('<small>Call back to a number on file</small>');
  });
});

describe('a record', () => {
  it('tells the result and the time of each check, and never what was typed (S0.30)', async () => {
    const { id, code } = await world.startAndRead(PHONE, { reference: 'HM-7' });
    const wrong = wrongCode(code);
    await world.service.verify.check(world.caller(), id, { code: wrong });
    world.clock.now += 41_000;
    await world.service.verify.check(world.caller(), id, { code });
    const browser = await signedIn('supervisor');
    const { html } = await browser.get(`/desk/records/${id}`);
    expect(html).toMatch(/class="verdict is-good"[\s\S]*Verified on/);
    expect(html).toContain('entered the right code on try 2, 41 seconds after sending');
    expect(html).toContain('Wrong code entered by API');
    expect(html).toContain('Right code entered by API');
    for (const typed of [code, wrong]) expect(html.replace(/class="mono">[^<]*/g, '')).not.toContain(`>${typed}<`);
    expect(html).not.toContain(wrong);
  });

  it('shows who did what about it to those who see the audit log', async () => {
    const id = await approve();
    const agent = await signedIn('agent');
    await send(agent, `/desk/records/${id}`, '/notes', { note: 'Called back on the landline on file.' });
    expect((await agent.get(`/desk/records/${id}`)).html).not.toContain('<h2>Audit</h2>');
    const auditor = await signedIn('auditor');
    const { html } = await auditor.get(`/desk/records/${id}`);
    expect(html).toMatch(/<h2>Audit<\/h2>[\s\S]*Wrote a note[\s\S]*<bdi>Robin agent<\/bdi>/);
    expect(html).toContain(`href="/desk/audit?q=${id}"`);
  });

  it('stays as it is however often and late it is opened (S3.23)', async () => {
    const id = await approve();
    const browser = await signedIn('agent');
    const before = await world.store.verifications.get(id);
    world.clock.now += 3_000_000;
    for (const end of ['', '/evidence', '?cursor=x']) await browser.get(`/desk/records/${id}${end}`);
    expect((await world.store.verifications.get(id)).record).toEqual(before.record);
    expect((await browser.get(`/desk/records/${id}`)).html).toContain('Verified on');
  });

  it('shows a skipped one with why and how, and what it does not count as', async () => {
    const agent = await world.hire('agent');
    const caller = { ...world.caller(), actor: { type: 'agent', id: agent.id } as const };
    const skipped = await world.service.desk.skipWithoutSending(caller, {
      to: PHONE,
      purpose: 'caller_check',
      reason: 'SIM swap',
      cause: 'in_store',
      confirmation: 'photo_identity',
      note: 'Licence seen, <b>name</b> matches.',
    });
    if (!skipped.ok) throw new Error(skipped.problem.detail);
    const browser = world.browser();
    await browser.signIn('agent@acme.example');
    const { html } = await browser.get(`/desk/records/${skipped.value.id}`);
    for (const text of ['Skipped on', 'Caller is in store', 'Photo identity seen', 'does not count as verified'])
      expect(html).toContain(text);
    expect(html).toContain('Licence seen, &lt;b&gt;name&lt;/b&gt; matches.');
  });

  it('shows who looked at a skip, on the screen and on paper, beside whom the destination belongs to', async () => {
    await world.service.applications.putPolicy(world.caller(), 'caller_check', { override: 'with_review' });
    const agent = await signedIn('agent');
    const client = await world.service.people.import(
      world.caller(),
      `company,first name,last name,role,mobile\nBluegum Logistics,Mara,Ellison,Director,${PHONE}`,
    );
    expect(client.ok).toBe(true);
    const fields = { to: PHONE, cause: 'in_store', confirmation: 'photo_identity', note: 'Licence seen in the shop.' };
    const { location } = await agent.post('/desk/skip', { ...fields, reason: 'SIM swap', once: 'abcdefghijklmnop' });
    const id = location.split('/').at(-1) ?? '';
    const sheets = [`/desk/records/${id}`, `/desk/records/${id}/evidence`];
    for (const path of sheets) expect((await agent.get(path)).html).toContain('No supervisor has looked at it yet');
    const supervisor = await signedIn('supervisor');
    await supervisor.post(`/desk/verifications/${id}/reviewed`, { once: 'qrstuvwxyzabcdef' });
    for (const path of sheets) {
      const { html } = await agent.get(path);
      expect(html).toMatch(/<dt>Review<\/dt><dd><bdi>Robin supervisor, \d+ \w+ \d{4} at /);
      expect(html).toMatch(/Bluegum Logistics[\s\S]*Mara Ellison \(Director\)/);
    }
    expect((await agent.get(sheets[1] ?? '')).html).not.toContain('<h2>Audit</h2>');
    expect((await supervisor.get(sheets[1] ?? '')).html).toMatch(/<h2>Audit<\/h2>[\s\S]*Reviewed a skip/);
  });

  it('keeps notes of agents, once however often the form is sent, and refuses an empty one', async () => {
    const id = await approve();
    const browser = await signedIn('agent');
    const path = `/desk/records/${id}`;
    const done = await send(browser, path, '/notes', { note: 'Asked to move <i>the</i> number.' });
    expect([done.status, done.location]).toEqual([303, path]);
    expect((await browser.get(path)).html).toContain('Asked to move &lt;i&gt;the&lt;/i&gt; number.');
    expect((await send(browser, path, '/notes', { note: '  ' })).status).toBe(422);
    const fields = { once: 'abcdefghijklmnop', note: 'Twice.' };
    await Promise.all([browser.post(`${path}/notes`, fields), browser.post(`${path}/notes`, fields)]);
    expect((await browser.get(path)).html.match(/Twice\./g)).toHaveLength(1);
    expect(await auditActions()).toContain('record.noted');
  });

  it('uncovers the destination once, for a leader who says why, and notes it before it answers', async () => {
    const id = await approve();
    const browser = await signedIn('supervisor');
    const short = await send(browser, `/desk/records/${id}/reveal`, '/reveal', { why: 'no' });
    expect(short.status).toBe(422);
    expect(short.html).not.toContain(PHONE);
    const seen = await send(browser, `/desk/records/${id}/reveal`, '/reveal', {
      why: 'The caller disputes the number.',
    });
    expect([seen.status, seen.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(seen.html).toContain(PHONE);
    expect((await browser.get(`/desk/records/${id}/reveal`)).html).not.toContain(PHONE);
    expect((await browser.get(`/desk/records/${id}`)).html).toContain('The caller disputes the number.');
    expect(await auditActions()).toContain('record.revealed');
  });

  it('carries a receipt that proves the approval without the destination, and no live one of somebody else', async () => {
    const id = await approve();
    const browser = await signedIn('auditor');
    const early = await browser.get(`/desk/records/${id}/evidence`);
    expect(early.html).toContain('ten minutes after the approval');
    world.clock.now += 601_000;
    const { html } = await browser.get(`/desk/records/${id}/evidence`);
    const receipt = /id="receipt">\s*([\w.-]+)/.exec(html)?.[1] ?? '';
    const read = world.ring.verifyReceipt(receipt);
    expect(read).toMatchObject({ ok: true, claims: { sub: id } });
    expect(JSON.stringify(read)).not.toContain('4155552671');
    expect(html).toContain('/.well-known/jwks.json');
    expect(html).toContain('6 digits, good for 10 minutes');
    const asOf = /id="receipt-time"[^>]*>([^<]+)/.exec(html)?.[1] ?? '';
    const jwks = world.service.receipts.jwks();
    const offline = { jwks, audience: world.application.id, subject: id };
    expect(await verifyReceipt(receipt, { ...offline, now: world.clock.now })).toMatchObject({ reason: 'expired' });
    expect(await verifyReceipt(receipt, { ...offline, now: Date.parse(asOf) })).toMatchObject({ valid: true });
  });

  it('loses every trace of a person on an administrator’s word, and leaves that it took place', async () => {
    const id = await approve(PHONE, { reference: 'HM-9' });
    await world.service.desk.addNote(world.caller(), id, 'Lives at the harbour.');
    const browser = await signedIn('admin');
    expect((await browser.get(`/desk/records/${id}/erase`)).html).toContain('cannot be undone');
    const done = await send(browser, `/desk/records/${id}/erase`, '/erase');
    expect([done.status, done.location]).toEqual([303, `/desk/records/${id}`]);
    const { html } = await browser.get(`/desk/records/${id}`);
    expect(html).toContain('Erased destination');
    expect(html).toContain('Verified on');
    expect(html).not.toMatch(/HM-9|harbour|[•*.] ?71</);
    expect((await browser.get(`/desk/records?q=${encodeURIComponent(PHONE)}`)).html).not.toContain(`records/${id}"`);
    expect(await auditActions()).toContain('record.erased');
    expect((await browser.post(`/desk/records/${id}/erase`)).status).toBe(422);
    const again = await browser.get(`/desk/records/${id}/erase`);
    expect(again.html).toContain('The data is erased');
    expect(again.html).not.toContain('Erase this person');
  });

  it('is not there for another application, nor under an id of nobody', async () => {
    const id = await approve();
    const made = await world.service.applications.create(world.caller(), { name: 'other' });
    if (!made.ok) throw new Error('no application');
    const application = await world.service.applications.find(made.value.id);
    if (application === null) throw new Error('no application');
    await world.hire('admin', { application, email: 'eve@other.example' });
    const browser = world.browser();
    await browser.get('/desk/sign-in?app=other');
    await browser.signIn('eve@other.example', undefined, { app: 'other' });
    expect((await browser.get('/desk/records')).status).toBe(200);
    const own = await browser.get('/desk/records/vrf_nobody');
    for (const end of ['', '/evidence', '/reveal', '/erase']) {
      expect([end, (await browser.get(`/desk/records/${id}${end}`)).status]).toEqual([end, 404]);
    }
    for (const end of ['/notes', '/reveal', '/erase']) {
      const fields = { note: 'mine now', why: 'mine now mine now' };
      expect([end, (await browser.post(`/desk/records/${id}${end}`, fields)).status]).toEqual([end, 404]);
    }
    expect(own.html).toBe((await browser.get(`/desk/records/${id}`)).html);
  });

  it('takes no form from another site', async () => {
    const id = await approve();
    const browser = await signedIn('admin');
    for (const end of ['/notes', '/reveal', '/erase']) {
      const fields = { note: 'evil evil evil', why: 'evil evil evil' };
      const seen = await browser.post(`/desk/records/${id}${end}`, fields, { 'sec-fetch-site': 'cross-site' });
      expect([end, seen.status]).toEqual([end, 403]);
    }
    expect((await browser.get(`/desk/records/${id}`)).html).not.toContain('evil');
  });

  it('runs nothing that somebody wrote into a field of it', async () => {
    const evil = '<img src=x onerror=alert(1)>"\'><script>alert(2)</script>';
    const { id } = await world.startAndRead('b@acme.example', { reference: evil, reason: evil });
    await world.service.desk.addNote(world.caller(), id, evil);
    const browser = await signedIn('supervisor');
    const query = `q=${encodeURIComponent(evil)}&reason=${encodeURIComponent(evil)}&purpose=${encodeURIComponent(evil)}`;
    for (const path of ['', `/${id}`, `/${id}/evidence`, `/${id}/reveal`, `?${query}`]) {
      const { html } = await browser.get(`/desk/records${path}`);
      expect(html).not.toContain('<script>');
      expect(html).not.toMatch(/="[^"]*"['>]*<script/);
      expect(html).not.toContain('<img src=x');
    }
  });
});

describe('a search that few records fit', () => {
  it(
    'stops after its patience, says where, and goes on from there without missing any',
    { timeout: 60_000 },
    async () => {
      const first = await world.service.verify.start(world.caller(), {
        to: 'first@acme.example',
        reference: 'T-1',
        reason: 'Lost phone',
      });
      if (!first.ok) throw new Error('refused');
      for (let from = 0; from < 2_200; from += 200) {
        world.clock.now += 60_000;
        const some = Array.from({ length: 200 }, (_, i) => ({ to: `p${from + i}@acme.example` }));
        await Promise.all(some.map((input) => world.service.verify.start(world.caller(), input)));
      }
      const query = { application: world.application.id, mode: 'live', now: world.clock.now, limit: 5 } as const;
      const impatient = { ...query, reason: 'Lost phone', patience: 1 } as const;
      const stopped = await world.store.records.search(impatient);
      expect(stopped).toMatchObject({ rows: [], hasMore: true, reached: expect.stringMatching(/^vrf_/) });
      const found = await world.store.records.search({ ...impatient, before: stopped.reached ?? '' });
      expect(found.rows.map(({ id }) => id)).toEqual([first.value.verification.id]);
      expect(found).toMatchObject({ hasMore: false });
      expect((await world.store.records.search({ ...query, reason: 'Lost phone' })).rows).toHaveLength(1);
      const ticket = await world.store.records.search({ ...query, reference: 'T-1', patience: 1 });
      expect(ticket).toMatchObject({ rows: [{ reference: 'T-1' }], hasMore: false });
      const between = { createdAfter: world.clock.now - 61_000, createdBefore: world.clock.now + 1 };
      const newest = await world.store.records.search({ ...query, ...between, limit: 500 });
      expect(newest.rows).toHaveLength(400);
      const none = await world.store.records.search({ ...query, createdBefore: 1000 });
      expect(none).toEqual({ rows: [], hasMore: false });
    },
  );
});
