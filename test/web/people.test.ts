import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../../src/core/staff.ts';
import { createDeskWorld, type DeskBrowser, type DeskWorld, type Seen } from '../support/desk.ts';

let world: DeskWorld;
beforeEach(
  async () => void (world = await createDeskWorld({ policies: { caller_check: { recipients: 'directory' } } })),
);
afterEach(() => world.close());

const PEOPLE = '/desk/people';
const MARA = {
  first_name: 'Mara',
  last_name: 'Ellison',
  role: 'Director',
  mobile: '+14155552671',
  email: 'mara@bluegum.example',
};

async function signedIn(role: Role): Promise<DeskBrowser> {
  await world.hire(role);
  const browser = world.browser();
  expect((await browser.signIn(`${role}@acme.example`)).status).toBe(303);
  return browser;
}

/** Sends the form of a page whose action ends so, with what was typed. */
async function send(browser: DeskBrowser, path: string, action: string, typed: Record<string, string> = {}) {
  return sendForm(browser, (await browser.get(path)).html, action, typed);
}

function sendForm(browser: DeskBrowser, html: string, action: string, typed: Record<string, string>): Promise<Seen> {
  const form = [...html.matchAll(/<form[\s\S]*?<\/form>/g)].find(
    ([text]) => text.includes('method="post"') && text.includes(`${action}"`),
  )?.[0];
  if (form === undefined) throw new Error(`no form ${action}`);
  const fields: Record<string, string> = {};
  for (const [input] of form.matchAll(/<input[^>]*>/g)) {
    fields[/\sname="([^"]*)"/.exec(input)?.[1] ?? ''] = (/\svalue="([^"]*)"/.exec(input)?.[1] ?? '')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&');
  }
  return browser.post(/action="([^"]*)"/.exec(form)?.[1] ?? '', { ...fields, ...typed });
}

async function addClient(browser: DeskBrowser, company = 'Bluegum Logistics'): Promise<string> {
  const seen = await send(browser, `${PEOPLE}/new`, '/new', { company, country: 'US', reference: '30-1' });
  expect(seen.status).toBe(303);
  return seen.location;
}

async function addMara(browser: DeskBrowser, client: string, more: Record<string, string> = {}): Promise<string> {
  const seen = await send(browser, `${client}/representatives/new`, '/new', { ...MARA, ...more });
  expect(seen.status).toBe(303);
  const { html } = await browser.get(client);
  return /href="([^"]*\/representatives\/rep_\w+)"/.exec(html)?.[1] ?? '';
}

async function audited(): Promise<readonly string[]> {
  const found = await world.store.documents.list({ kind: 'audit', application: world.application.id, limit: 200 });
  return found.map(({ body }) => (JSON.parse(body) as { action: string }).action);
}

const startFor = (to: string) => world.service.verify.start(world.caller(), { to, purpose: 'caller_check' });

/** Deactivates somebody by the page that asks, or activates them again. */
async function toggle(browser: DeskBrowser, person: string): Promise<Seen> {
  const asked = await browser.get(`${person}/state`);
  return send(browser, asked.status === 200 ? `${person}/state` : person, '/state');
}

describe('clients', () => {
  it('are added, changed, found by any name, and say who did it (S0.49, S2.100)', async () => {
    const browser = await signedIn('agent');
    const client = await addClient(browser);
    await addMara(browser, client);
    world.clock.now += 60_000;
    expect((await send(browser, `${client}/edit`, '/edit', { company: 'Bluegum Pty', country: '' })).status).toBe(303);
    const { html } = await browser.get(client);
    expect(html).toContain('<h1>Bluegum Pty</h1>');
    expect(html).toMatch(/Added [^<]* by <bdi>Robin agent<\/bdi>, changed/);
    for (const q of ['bluegum', 'ELLISON', '30-1']) {
      expect((await browser.get(`${PEOPLE}?q=${q}`)).html).toContain(client);
    }
    expect((await browser.get(`${PEOPLE}?q=nobody`)).html).toContain('No client fits');
    expect(await audited()).toEqual(expect.arrayContaining(['person.added', 'person.changed']));
  });

  it('keep what was typed and name the field that is wrong', async () => {
    const browser = await signedIn('agent');
    await addClient(browser);
    const again = await send(browser, `${PEOPLE}/new`, '/new', { company: 'bluegum logistics', reference: 'X-9' });
    expect(again.status).toBe(422);
    expect(again.html).toContain('A client of this name is already there.');
    expect(again.html).toContain('value="X-9"');
    expect((await send(browser, `${PEOPLE}/new`, '/new', { company: ' ' })).status).toBe(422);
  });

  it('go with their people when removed, and their records stay (S0.49, D0.9)', async () => {
    const browser = await signedIn('supervisor');
    const client = await addClient(browser);
    await addMara(browser, client);
    const sent = await startFor(MARA.mobile);
    if (!sent.ok) throw new Error(sent.problem.detail);
    expect((await browser.get(`${client}/remove`)).html).toContain('Records stay');
    expect((await browser.get(client)).status).toBe(200);
    const gone = await send(browser, `${client}/remove`, '/remove');
    expect([gone.status, gone.location]).toEqual([303, PEOPLE]);
    expect((await browser.get(client)).status).toBe(404);
    expect((await browser.get(`/desk/records/${sent.value.verification.id}`)).status).toBe(200);
    expect(await startFor(MARA.email)).toMatchObject({ ok: false });
    expect(await audited()).toContain('person.removed');
  });

  it('stand by name, 25 a page; a page past the end is the last (S0.50, S2.100)', async () => {
    const browser = await signedIn('agent');
    for (let i = 10; i < 40; i++) await world.service.people.add(world.caller(), { company: `Company ${i}` });
    expect((await browser.get(PEOPLE)).html).toContain('25 of 30 clients, by name');
    const last = await browser.get(`${PEOPLE}?page=99`);
    expect(last.html).toContain('Company 39');
    expect(last.html).not.toContain('Company 10');
    expect((await browser.get(`${PEOPLE}?page=-1`)).html).toContain('Company 10');
  });
});

describe('representatives', () => {
  it('have a number that is checked when it is entered, and a number or an address at least (S0.51)', async () => {
    const browser = await signedIn('agent');
    const client = await addClient(browser);
    const path = `${client}/representatives/new`;
    for (const [typed, field] of [
      [{ mobile: '12' }, 'mobile'],
      [{ mobile: '', email: 'mara@' }, 'email'],
      [{ mobile: '', email: '' }, 'mobile'],
      [{ mobile: 'mara@bluegum.example' }, 'mobile'],
      [{ first_name: '' }, 'first_name'],
    ] as const) {
      const seen = await send(browser, path, '/new', { ...MARA, ...typed });
      expect([typed, seen.status, seen.html.includes(`id="${field}-error"`)]).toEqual([typed, 422, true]);
    }
    expect((await send(browser, path, '/new', { ...MARA, mobile: '415 555 2671' })).status).toBe(303);
  });

  it('show masked, are never deleted, and are grey once deactivated (S0.51)', async () => {
    const browser = await signedIn('supervisor');
    const client = await addClient(browser);
    const person = await addMara(browser, client);
    expect((await browser.get(client)).html).not.toMatch(/5552671|mara@/);
    expect((await browser.get(person)).html).not.toMatch(/5552671|mara@/);
    expect((await browser.get(`${person}/state`)).html).toMatch(/Deactivate Mara Ellison\?[\s\S]*Keep active/);
    await toggle(browser, person);
    expect((await browser.get(`${person}/state`)).status).toBe(404);
    const off = await browser.get(client);
    expect(off.html).toContain('class="is-off"');
    expect(off.html).toContain('Inactive');
    expect(off.html).not.toContain('Send a code');
    await toggle(browser, person);
    expect((await browser.get(client)).html).toContain('Send a code');
    expect(await audited()).toEqual(expect.arrayContaining(['person.deactivated', 'person.activated']));
  });

  it('are in the directory as long as they are active, under the address on file now', async () => {
    const browser = await signedIn('supervisor');
    const client = await addClient(browser);
    expect(await startFor(MARA.mobile)).toMatchObject({ ok: false });
    const person = await addMara(browser, client);
    expect(await startFor(MARA.mobile)).toMatchObject({ ok: true });
    await send(browser, person, person, { mobile: '+14155552672' });
    expect(await startFor(MARA.mobile)).toMatchObject({ ok: false });
    expect(await startFor('+14155552672')).toMatchObject({ ok: true });
    await toggle(browser, person);
    expect(await startFor('+14155552672')).toMatchObject({ ok: false });
  });

  it('who share an address keep it known until the last of them is inactive; what others put there stays', async () => {
    const browser = await signedIn('supervisor');
    const first = await addMara(browser, await addClient(browser));
    const second = await addMara(browser, await addClient(browser, 'Kestrel'), { first_name: 'Kit' });
    await toggle(browser, first);
    expect(await startFor(MARA.mobile)).toMatchObject({ ok: true });
    await toggle(browser, second);
    expect(await startFor(MARA.mobile)).toMatchObject({ ok: false });
    await world.service.directory.put(world.caller(), { to: MARA.mobile, reference: 'crm-7' });
    await toggle(browser, second);
    await toggle(browser, second);
    expect(await startFor(MARA.mobile)).toMatchObject({ ok: true });
  });

  it('are erased everywhere on an administrator’s word', async () => {
    const browser = await signedIn('admin');
    const client = await addClient(browser);
    const person = await addMara(browser, client);
    const sent = await startFor(MARA.mobile);
    if (!sent.ok) throw new Error(sent.problem.detail);
    expect((await send(browser, `${person}/erase`, '/erase')).status).toBe(303);
    const { html } = await browser.get(client);
    expect(html).toContain('Erased person');
    expect(html).not.toMatch(/Mara|Ellison|Director/);
    expect((await browser.get(`/desk/records/${sent.value.verification.id}`)).html).toContain('Erased destination');
    const left = await world.store.documents.list({ kind: 'representative_address', limit: 10 });
    expect(left).toEqual([]);
    expect(await startFor(MARA.email)).toMatchObject({ ok: false });
    expect((await browser.get(`${person}/erase`)).status).toBe(404);
  });

  it('go with their record when its person is erased', async () => {
    const browser = await signedIn('admin');
    const client = await addClient(browser);
    await addMara(browser, client);
    const sent = await startFor(MARA.mobile);
    if (!sent.ok) throw new Error(sent.problem.detail);
    const record = `/desk/records/${sent.value.verification.id}`;
    expect((await browser.get(record)).html).toMatch(/Bluegum Logistics[\s\S]*Mara Ellison \(Director\)/);
    await send(browser, `${record}/erase`, '/erase');
    expect((await browser.get(client)).html).not.toMatch(/Mara|Ellison/);
  });
});

describe('a code to a client', () => {
  it('goes to an active representative of this client only, whatever the form says (S0.53)', async () => {
    const browser = await signedIn('supervisor');
    const client = await addClient(browser);
    const person = await addMara(browser, client);
    const other = await addMara(browser, await addClient(browser, 'Kestrel'), { mobile: '+14155552673' });
    const typed = { by: 'mobile', reason: 'SIM swap', reference: 'HM-1' };
    const sent = await send(browser, client, '/send', { ...typed, representative: person.split('/').at(-1) ?? '' });
    expect(sent.status).toBe(303);
    expect(sent.location).toMatch(/^\/desk\/(?:records|verifications)\/vrf_/);
    await world.service.worker.tick();
    expect(world.sink.last().to).toBe(MARA.mobile);
    const before = world.sink.messages.length;
    const strange = await send(browser, client, '/send', { ...typed, representative: other.split('/').at(-1) ?? '' });
    expect(strange.status).toBe(422);
    await toggle(browser, person);
    const fields = { ...typed, representative: person.split('/').at(-1) ?? '' };
    expect((await browser.post(`${client}/send`, fields)).status).toBe(422);
    await world.service.worker.tick();
    expect(world.sink.messages).toHaveLength(before);
  });

  it('names the reason that is missing and keeps the ticket', async () => {
    const browser = await signedIn('agent');
    await world.store.applications.putPolicy(world.application.id, 'caller_check', { reason: 'required' });
    world.clock.now += 2000;
    const client = await addClient(browser);
    const person = await addMara(browser, client);
    const rep = person.split('/').at(-1) ?? '';
    const seen = await send(browser, client, '/send', { by: 'mobile', representative: rep, reference: 'HM-2' });
    expect(seen.status).toBe(422);
    expect(seen.html).toContain('Choose why the caller must be verified.');
    expect(seen.html).toContain('value="HM-2"');
  });

  it('goes back through a long history, page by page, and to the newest', async () => {
    const browser = await signedIn('agent');
    const client = await addClient(browser);
    await addMara(browser, client);
    const limits = { destination_sends: { max: 100, window_seconds: 86_400 } };
    await world.service.applications.update(world.caller(), world.application.id, { limits });
    world.clock.now += 2000;
    const ids: string[] = [];
    for (let at = 0; at < 27; at++) {
      world.clock.now += 1000;
      const started = await startFor(at % 2 === 0 ? MARA.mobile : MARA.email);
      if (!started.ok) throw new Error(started.problem.detail);
      ids.unshift(started.value.verification.id);
    }
    const shown = ({ html }: Seen) => [...html.matchAll(/\/desk\/records\/(vrf_\w+)"/g)].map(([, id]) => id);
    const first = await browser.get(client);
    expect(shown(first)).toEqual(ids.slice(0, 25));
    const older =
      /rel="next" href="([^"]+)"|href="([^"]+)"[^>]*rel="next"/.exec(first.html)?.slice(1).find(Boolean) ?? '';
    const second = await browser.get(older.replaceAll('&amp;', '&'));
    expect(shown(second)).toEqual(ids.slice(25));
    expect(second.html).not.toContain('rel="next"');
    expect(second.html).toMatch(new RegExp(`href="${client}"[^>]*>\\s*Newest`));
  });

  it('looks a history up at once, however many people a client has', async () => {
    const browser = await signedIn('agent');
    const client = await addClient(browser);
    for (const first of ['Mara', 'Kit', 'Ann'])
      await addMara(browser, client, { first_name: first, email: `${first.toLowerCase()}@bluegum.example` });
    const { records } = world.store;
    const { search } = records;
    let asked = 0;
    Object.assign(records, { search: (...given: Parameters<typeof search>) => (asked++, search(...given)) });
    expect((await browser.get(client)).status).toBe(200);
    expect(asked).toBe(1);
  });

  it('offers to go on without a code where the policy does', async () => {
    const browser = await signedIn('agent');
    const client = await addClient(browser);
    await addMara(browser, client);
    expect((await browser.get(client)).html).not.toContain('Record a skip');
    await world.store.applications.putPolicy(world.application.id, 'caller_check', { override: 'with_note' });
    world.clock.now += 2000;
    expect((await browser.get(client)).html).toContain('href="/desk/skip"');
  });

  it('stands in the history of the client and of the person (S0.52)', async () => {
    const browser = await signedIn('supervisor');
    const client = await addClient(browser);
    const person = await addMara(browser, client);
    await addMara(browser, client, { first_name: 'Peter', mobile: '+14155552679', email: '' });
    const sent = await startFor(MARA.mobile);
    if (!sent.ok) throw new Error(sent.problem.detail);
    const record = `/desk/records/${sent.value.verification.id}`;
    expect((await browser.get(client)).html).toContain(record);
    const ids = [...(await browser.get(client)).html.matchAll(/representatives\/(rep_\w+)"/g)].map(
      ([, id]) => id ?? '',
    );
    const mine = person.split('/').at(-1) ?? '';
    const peter = ids.find((id) => id !== mine) ?? '';
    const shown = await Promise.all(
      ids.map(async (id) => (await browser.get(`${client}?person=${id}`)).html.includes(record)),
    );
    expect(ids).toContain(peter);
    expect(shown.filter(Boolean)).toHaveLength(1);
  });
});

describe('importing people', () => {
  const HEAD = 'company,country,reference,first name,last name,role,mobile,email';
  const GOOD = `${HEAD}\r\nBluegum,US,30-1,Mara,Ellison,Director,415 555 2671,mara@bluegum.example\r\n"Kestrel, and Sons",GB,,Kit,Aldous,,,kit@kestrel.example\r\n`;

  it('first shows what it would do, then adds everything once', async () => {
    const browser = await signedIn('agent');
    const seen = await browser.post(`${PEOPLE}/import`, { csv: GOOD });
    expect([seen.status, (await browser.get(PEOPLE)).html.includes('Bluegum')]).toEqual([200, false]);
    expect(seen.html).toContain('2 people to add, 0 already there.');
    const done = await sendForm(browser, seen.html, '/import', { csv: GOOD });
    expect([done.status, done.location]).toEqual([303, PEOPLE]);
    const { html } = await browser.get(PEOPLE);
    expect(html).toContain('2 clients and 2 representatives added.');
    expect(html).toContain('Kestrel, and Sons');
    const again = await browser.post(`${PEOPLE}/import`, { csv: GOOD, act: 'import', once: 'another-token-1234' });
    expect(again.status).toBe(303);
    expect((await browser.get(PEOPLE)).html).toContain('0 clients and 0 representatives added.');
    expect(await audited()).toContain('people.imported');
  });

  it('imports nothing when one line is wrong, and names each', async () => {
    const browser = await signedIn('agent');
    const bad = `${GOOD}Saltmarsh,AU,,Ruth,Calder,,12,\r\nSaltmarsh,ZZ,,Ann,Bo,,,ann@x.example\r\nBluegum,US,,Mara,Ellison,,+14155552671,mara@bluegum.example\r\n`;
    for (const act of ['', 'import']) {
      const seen = await browser.post(`${PEOPLE}/import`, { csv: bad, act });
      expect(seen.status).toBe(422);
      if (act === '') expect(seen.html.match(/Faulty/g)).toHaveLength(3);
      if (act === '') expect(seen.html).toContain('The same person as in line 2.');
    }
    expect((await browser.get(PEOPLE)).html).toContain('Nobody here yet');
  });

  it('reads what was copied from a spreadsheet, and names lines as an editor counts them', async () => {
    const browser = await signedIn('agent');
    const look = async (csv: string) => (await browser.post(`${PEOPLE}/import`, { csv })).html;
    const tabs = ['company\tfirst name\tlast name\temail', 'Tab, Inc\tKit\tAldous\tkit@tab.example'].join('\r\n');
    expect(await look(tabs)).toMatch(/<bdi>Tab, Inc<\/bdi>/);
    const gaps = `company;first name;last name;email\r\n\r\n"Two\r\nlines";A;B;a@two.example\r\n\r\nBad;C;D;nowhere`;
    expect(await look(gaps)).toMatch(/scope="row"[^>]*>\s*6\s*</);
  });

  it('says so when letters were lost, and when a client would have too many people', async () => {
    const browser = await signedIn('agent');
    const lost = await browser.post(`${PEOPLE}/import`, { csv: `${HEAD}\nM\uFFFDller,,,Jo,Lee,,,jo@m.example` });
    expect([lost.status, lost.html.includes('Save the file as UTF-8')]).toEqual([422, true]);
    const crowd = Array.from({ length: 201 }, (_, at) => `One,,,F${at},L${at},,,p${at}@one.example`).join('\n');
    for (const act of ['', 'import']) {
      const seen = await browser.post(`${PEOPLE}/import`, { csv: `${HEAD}\n${crowd}`, act });
      expect([seen.status, seen.html.includes('with this file “One” has 201')]).toEqual([422, true]);
    }
    const fits = crowd.split('\n').slice(1).join('\n');
    expect((await browser.post(`${PEOPLE}/import`, { csv: `${HEAD}\n${fits}`, act: 'import' })).status).toBe(303);
    expect((await browser.post(`${PEOPLE}/import`, { csv: `${HEAD}\n${crowd}` })).status).toBe(422);
    expect((await browser.get(PEOPLE)).html).toMatch(/F\d+ L\d+ and 195 more/);
  });

  it('takes a file in any encoding with its mark, or in UTF-8, and shows what was read of a faulty one', async () => {
    const browser = await signedIn('agent');
    const page = await browser.get(`${PEOPLE}/import`);
    const csv = 'company;first name;last name;email\r\nSöhne;Jörg;Łuczak;j@x.example';
    const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(csv, 'utf16le')]);
    for (const bytes of [Buffer.from(csv), Buffer.from(`\uFEFF${csv}`), wide]) {
      const seen = await browser.upload(page, { file: new File([bytes], 'people.csv', { type: 'text/csv' }) });
      expect([seen.status, seen.html.includes('Jörg Łuczak')]).toEqual([200, true]);
    }
    const faulty = new File([csv.replace('@', ' at ')], 'people.csv');
    const read = await browser.upload(page, { file: faulty });
    expect([read.status, read.html.includes('Söhne;Jörg;Łuczak;j at x.example</textarea>')]).toEqual([422, true]);
    const latin = new File([Buffer.from(csv.replace('Ł', 'L'), 'latin1')], 'people.csv');
    const lost = await browser.upload(page, { file: latin, csv: 'typed' });
    expect([lost.status, lost.html.includes('Save the sheet as “CSV UTF-8”')]).toEqual([422, true]);
    expect(lost.html).toContain('typed</textarea>');
    const looked = await browser.upload(page, { file: new File([csv], 'people.csv') });
    const done = await sendForm(browser, looked.html, '/import', { csv });
    expect([done.status, done.location]).toEqual([303, PEOPLE]);
  });

  it('tells a file that is too large what to do, instead of barring whoever sent it', async () => {
    const browser = await signedIn('agent');
    const seen = await browser.post(`${PEOPLE}/import`, { csv: `${HEAD}\n`.repeat(12_000) });
    expect(seen.status).toBe(413);
    expect(seen.html).toContain('fewer lines at a time');
  });

  it.each([
    ['company,first name', 'Missing: last name.'],
    [HEAD, 'There is nobody below the first line.'],
    [`${HEAD}\n"Bluegum`, 'A quote is not closed.'],
    ['', 'The first line names the columns.'],
  ])('refuses %s as a whole', async (csv, text) => {
    const browser = await signedIn('agent');
    const seen = await browser.post(`${PEOPLE}/import`, { csv });
    expect(seen.status).toBe(422);
    expect(seen.html).toContain(text);
  });
});

describe('what keeps strangers out', () => {
  it('answers 404 for clients and people of another application and for people of another client', async () => {
    const browser = await signedIn('admin');
    const client = await addClient(browser);
    const person = await addMara(browser, client);
    const kestrel = await addClient(browser, 'Kestrel');
    const mixed = person.replace(client, kestrel);
    expect((await browser.get(mixed)).status).toBe(404);
    expect((await browser.post(`${mixed}/state`, { act: 'deactivate' })).status).toBe(404);
    const made = await world.service.applications.create(world.caller(), { name: 'other' });
    const application = made.ok ? await world.service.applications.find(made.value.id) : null;
    if (application === null) throw new Error('no application');
    await world.hire('admin', { application, email: 'eve@other.example' });
    const eve = world.browser();
    await eve.get('/desk/sign-in?app=other');
    await eve.signIn('eve@other.example', undefined, { app: 'other' });
    for (const path of [client, `${client}/edit`, `${client}/remove`, person, `${person}/erase`]) {
      expect([path, (await eve.get(path)).status]).toEqual([path, 404]);
    }
    for (const path of [`${client}/edit`, `${client}/remove`, person, `${person}/erase`, `${client}/send`]) {
      expect([path, (await eve.post(path, { company: 'Mine', act: 'deactivate' })).status]).toEqual([path, 404]);
    }
    expect((await eve.get(PEOPLE)).html).not.toContain('Bluegum');
    expect((await browser.get(client)).html).toContain('Bluegum Logistics');
  });

  it('obeys no form of another site', async () => {
    const browser = await signedIn('admin');
    const client = await addClient(browser);
    const person = await addMara(browser, client);
    for (const path of [
      `${PEOPLE}/new`,
      `${client}/remove`,
      `${person}/state`,
      `${person}/erase`,
      `${PEOPLE}/import`,
    ]) {
      const seen = await browser.post(path, { company: 'Evil' }, { 'sec-fetch-site': 'cross-site' });
      expect([path, seen.status]).toEqual([path, 403]);
    }
    expect((await browser.get(client)).html).toContain('Mara Ellison');
  });

  it('shows as text whatever was typed as a name, and keeps none of it in clear', async () => {
    const browser = await signedIn('supervisor');
    const evil = '<script>alert(1)</script>"\'><b>';
    const client = await addClient(browser, `Evildoers ${evil}`);
    await addMara(browser, client, { first_name: `Evelyn ${evil}`, role: evil });
    for (const path of [
      PEOPLE,
      client,
      `${client}/edit`,
      `${client}/remove`,
      `${PEOPLE}?q=${encodeURIComponent(evil)}`,
    ]) {
      const { html } = await browser.get(path);
      expect([path, /<script>|<b>/.test(html), html.includes('&lt;script&gt;')]).toEqual([path, false, true]);
    }
    const bodies = await Promise.all(
      ['client', 'representative'].map(async (kind) => world.store.documents.list({ kind, limit: 10 })),
    );
    expect(JSON.stringify(bodies)).not.toMatch(/Evildoers|Evelyn|Ellison|4155552671|bluegum/);
  });
});
