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

async function noted(): Promise<readonly { action: string; data: Record<string, string> }[]> {
  const rows = await world.store.documents.list({ kind: AUDIT_KIND, limit: 200 });
  return rows.map(({ body }) => JSON.parse(body) as { action: string; data: Record<string, string> });
}

async function newTenant(name: string) {
  const made = await world.service.applications.create(world.caller(), { name });
  if (!made.ok) throw new Error(made.problem.code);
  const application = await world.service.applications.find(made.value.id);
  if (application === null) throw new Error('no application');
  return application;
}

/** A form of a page as it stands, with some fields typed. */
async function submit(from: string, typed: Record<string, string> = {}) {
  return browser.submit(await browser.get(from), typed);
}

describe('applications', () => {
  it('are listed with what they send through, how they did lately, and whether they work', async () => {
    await world.service.verify.start(world.caller(), { to: '+14155552671' });
    await world.service.insights.count();
    await world.service.applications.update(world.caller(), world.application.id, {
      limits: { money_day: { max: 60, currency: 'AUD' } },
    });
    const { html } = await browser.get('/desk/applications');
    expect(html).toMatch(/>SMS, [^<]*E-mail[^<]*</);
    const row = /<tr[^>]*><th[\s\S]*?<\/tr>/.exec(html.slice(html.indexOf('<tbody')))?.[0] ?? '';
    expect(row.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')).toMatch(/ 1 – – of 60 AUD Working $/);
    await world.service.applications.update(world.caller(), world.application.id, { sends_stopped: true });
    expect((await browser.get('/desk/applications')).html).toContain('Stopped');
  });

  it('are all listed for an administrator of “default”, and only the own one for others', async () => {
    const shop = await newTenant('shop');
    const mine = await browser.get('/desk/applications');
    expect(mine.html).toContain(`href="/desk/applications/${shop.id}"`);
    expect(mine.html).toContain('New application');
    await world.hire('admin', { email: 'eve@shop.example', application: shop });
    const other = world.browser();
    await other.signIn('eve@shop.example', PASSWORD, { app: 'shop' });
    const seen = await other.get('/desk/applications');
    expect(seen.html).toContain(shop.id);
    expect(seen.html).not.toContain(world.application.id);
    expect(seen.html).not.toContain('New application');
  });

  it.each(['', '/policies', '/policies/login', '/keys', '/webhooks'])(
    'of another tenant are nowhere, like unknown ones: %s',
    async (below) => {
      const shop = await newTenant('shop');
      await world.hire('admin', { email: 'eve@shop.example', application: shop });
      const other = world.browser();
      await other.signIn('eve@shop.example', PASSWORD, { app: 'shop' });
      const foreign = await other.get(path + below);
      const unknown = await other.get(`/desk/applications/app_01ARZ3NDEKTSV4RRFFQ69G5FAV${below}`);
      expect([foreign.status, unknown.status]).toEqual([404, 404]);
      expect(foreign.html).toBe(unknown.html);
    },
  );

  it('are created by a form that keeps what was typed and names the field', async () => {
    const bad = await submit('/desk/applications/new', { name: 'app_x', brand: '<i>Har' });
    expect(bad.status).toBe(422);
    expect(bad.html).toContain('value="&lt;i&gt;Har"');
    expect(bad.html).toContain('id="brand-error"');
    const made = await submit('/desk/applications/new', { name: 'Harbour', preset: 'desk' });
    expect(made.location).toMatch(/^\/desk\/applications\/app_/);
    expect((await browser.get(made.location)).html).toContain('Harbour is created.');
    expect(await noted()).toContainEqual(expect.objectContaining({ action: 'application.created' }));
  });
});

describe('the general settings', () => {
  it('are saved, and the change is in the audit log by the names of its fields', async () => {
    const done = await submit(path, {
      brand: 'Bluegum',
      countries: 'au, nz',
      reasons: 'Lost SIM\r\nNew phone, old SIM',
    });
    expect([done.status, done.location]).toEqual([303, path]);
    const after = await world.service.applications.get(world.caller(), world.application.id);
    expect(after.ok && after.value).toMatchObject({
      brand: 'Bluegum',
      countries: ['AU', 'NZ'],
      reasons: ['Lost SIM', 'New phone, old SIM'],
    });
    const [change] = (await noted()).filter(({ action }) => action === 'application.changed');
    expect(change?.data['fields']?.split(',').toSorted()).toEqual(['brand', 'countries', 'reasons']);
  });

  it('take lists as long as the API does, in any script', async () => {
    const reasons = Array.from({ length: 50 }, (_, at) => `${at} ${'Απώλεια κάρτας '.repeat(7).trim()}`);
    expect((await submit(path, { reasons: reasons.join('\r\n'), brand: 'Ακμή' })).status).toBe(303);
    expect((await browser.get(path)).html).toContain(reasons[49]);
  });

  it('refuse a pale accent, keeping everything that was typed', async () => {
    const bad = await submit(path, { accent: '#ffff00', brand: '"><script>' });
    expect(bad.status).toBe(422);
    expect(bad.html).toContain('contrast of 4.5:1');
    expect(bad.html).toContain('value="#ffff00"');
    expect(bad.html).toContain('&quot;&gt;&lt;script&gt;');
    expect(bad.html).not.toContain('"><script>');
  });

  it('tell the second of two forms that the first was saved, and let it through when it is sent again', async () => {
    const first = await browser.get(path);
    const second = await browser.get(path);
    await browser.submit(first, { brand: 'One' });
    const late = await browser.submit(second, { brand: 'Two' });
    expect(late.status).toBe(422);
    expect(late.html).toMatch(/Somebody changed this meanwhile\. Last changed [^.]+, by Robin admin\./);
    expect(late.html).toContain('value="Two"');
    expect((await browser.submit(late)).status).toBe(303);
  });

  it('are refused to a form of another site', async () => {
    const { status } = await browser.post(path, { brand: 'Evil' }, { 'sec-fetch-site': 'cross-site' });
    expect(status).toBe(403);
  });
});

describe('policies', () => {
  it('lead to the purpose asked for, and say what is no purpose', async () => {
    expect((await browser.get(`${path}/policies`)).location).toBe(`${path}/policies/login`);
    expect((await browser.get(`${path}/policies?purpose=payout`)).location).toBe(`${path}/policies/payout`);
    const bad = await browser.get(`${path}/policies?purpose=Pay%20<b>`);
    expect(bad.html).toContain('value="Pay &lt;b&gt;"');
    expect(bad.html).toContain('id="purpose-error"');
  });

  it('keep only what differs from the preset', async () => {
    const saved = await submit(`${path}/policies/payout`, { max_checks: '3', ttl_seconds: '120' });
    expect(saved.status).toBe(303);
    const policy = await world.service.applications.policy(world.caller(), 'payout');
    expect(policy.ok && policy.value.overrides).toEqual({ preset: 'default', max_checks: 3, ttl_seconds: 120 });
    expect((await browser.get(`${path}/policies/payout`)).html).toContain('Changed here. Preset: 5.');
    expect(await noted()).toContainEqual(expect.objectContaining({ action: 'policy.changed' }));
  });

  it('follow another preset in every field that was not changed', async () => {
    await submit(`${path}/policies/payout`, { max_checks: '4' });
    await submit(`${path}/policies/payout`, { max_checks: '4', preset: 'desk' });
    const policy = await world.service.applications.policy(world.caller(), 'payout');
    expect(policy.ok && policy.value.overrides).toEqual({ preset: 'desk', max_checks: 4 });
    expect(policy.ok && policy.value.ttl_seconds).toBe(300);
  });

  it.each([
    ['code_length', '3'],
    ['code_length', 'six'],
    ['ttl_seconds', '29'],
    ['max_checks', '11'],
    ['max_sends', ''],
    ['resend_cooldown_seconds', '30, soon'],
    ['channels', 'sms, pigeon'],
    ['retention_days', '-1'],
    ['sms_domain', 'https://x'],
  ])('refuse %s %s at the field, with what was typed', async (name, value) => {
    const bad = await submit(`${path}/policies/payout`, { [name]: value });
    expect(bad.status).toBe(422);
    expect(bad.html).toContain(`id="${name}-error"`);
    if (value !== '') expect(bad.html).toContain(`value="${value}"`);
    expect((await world.service.applications.policies(world.caller())).ok).toBe(true);
  });

  it('refuse a contradiction between two fields', async () => {
    const bad = await submit(`${path}/policies/payout`, { check_by_destination: 'yes' });
    expect(bad.status).toBe(422);
    expect(bad.html).toContain('id="check_by_destination-error"');
  });

  it('tell the second of two forms, and reset only what was looked at', async () => {
    const first = await browser.get(`${path}/policies/payout`);
    const reset = await browser.get(`${path}/policies/payout/reset`);
    await browser.submit(first, { max_checks: '3' });
    const late = await browser.submit(first, { max_checks: '2', once: 'another-token-of-a-form' });
    expect(late.html).toMatch(/Somebody changed this meanwhile\. Version 1, since [^.]+, by Robin admin\./);
    await browser.submit(reset);
    const kept = await world.service.applications.policy(world.caller(), 'payout');
    expect(kept.ok && kept.value.max_checks).toBe(3);
    await submit(`${path}/policies/payout/reset`);
    const gone = await world.service.applications.policy(world.caller(), 'payout');
    expect(gone.ok && gone.value.overrides).toEqual({});
  });

  it('say which version they are and who made it, and are saved as the next one', async () => {
    const first = await browser.get(`${path}/policies/payout`);
    expect(first.html).toContain('Never changed here.');
    expect(first.html).toContain('Save as version 1');
    await browser.submit(first, { max_checks: '3' });
    const second = await browser.get(`${path}/policies/payout`);
    expect(second.html).toMatch(/Version 1, since [\d:]+, by /);
    expect(second.html).toContain('Save as version 2');
    expect(second.html).toContain('Saved as version 1.');
  });

  it('tell every change in words, and bring an earlier version back as a new one', async () => {
    await submit(`${path}/policies/payout`, { max_checks: '3', check_by_destination: 'yes', on_open: 'replace' });
    await submit(`${path}/policies/payout`, { max_checks: '4', ttl_seconds: '120' });
    const page = await browser.get(`${path}/policies/payout/versions`);
    expect(page.html).toContain('Wrong codes allowed: 4 instead of 3.');
    expect(page.html).toContain('Valid for, in seconds: 120 instead of 600.');
    expect(page.html).toContain('When a code is already open: Close the old one instead of Start another beside it.');
    expect(page.html).toContain('Checks may find the code by its destination: yes instead of no.');
    expect(page.html).toContain('As it is now');
    expect(page.html).toContain('Restore version 1<');
    const version = /name="version" value="(\w+)"/.exec(page.html)?.[1] ?? '';
    const restore = () => browser.post(`${path}/policies/payout/restore`, { number: '1', version });
    const done = await restore();
    expect(done.location).toBe(`${path}/policies/payout`);
    expect((await browser.get(`${path}/policies/payout`)).html).toContain('Version 1 is restored as version 3.');
    const policy = await world.service.applications.policy(world.caller(), 'payout');
    expect(policy.ok && [policy.value.max_checks, policy.value.ttl_seconds]).toEqual([3, 600]);
    await restore();
    expect((await browser.get(`${path}/policies/payout`)).html).toContain('Nothing was restored.');
    const { html } = await browser.get(`${path}/policies/payout/versions`);
    expect(html).toContain('Version 1 brought back.');
  });

  it('have no versions at another tenant’s or of what is no purpose', async () => {
    await newTenant('shop');
    expect((await browser.get(`${path}/policies/No/versions`)).status).toBe(404);
    expect((await browser.get(`${path}/policies/payout/versions?cursor=x`)).status).toBe(404);
    const unknown = await browser.get(`/desk/applications/app_01ARZ3NDEKTSV4RRFFQ69G5FAV/policies/payout/versions`);
    expect(unknown.status).toBe(404);
  });

  it('are tried on last week’s records before they are saved', async () => {
    const late = await world.startAndRead('+14155552671', { purpose: 'payout' });
    world.clock.now += 200_000;
    await world.service.verify.check(world.caller(), late.id, { code: late.code });
    await world.startAndRead('ann@example.com', { purpose: 'payout' });
    const tried = await submit(`${path}/policies/payout`, {
      act: 'try',
      ttl_seconds: '120',
      channels: 'sms',
      recipients: 'directory',
    });
    expect(tried.status).toBe(200);
    const text = tried.html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
    expect(text).toContain('2 codes of payout since');
    expect(text).toContain('Verified after the code would have ended 1');
    expect(text).toContain('Starts that would have been refused 1');
    expect(text).toContain('The records tell nothing of: Who may receive codes.');
    expect(tried.html).toContain('value="120"');
    const policy = await world.service.applications.policy(world.caller(), 'payout');
    expect(policy.ok && policy.value.overrides).toEqual({});
    const bad = await submit(`${path}/policies/payout`, { act: 'try', max_checks: '11' });
    expect(bad.status).toBe(422);
  });
});

describe('API keys', () => {
  const NEW = { name: 'Billing', mode: 'live', scopes: 'send' };

  it('are shown once: in no address, no cookie, not after a reload, and the form sent again makes no other', async () => {
    const form = await browser.get(`${path}/keys`);
    const made = await browser.submit(form, NEW);
    const [key = ''] = /ww_live_[\w-]+/.exec(made.html) ?? [];
    expect(made.status).toBe(200);
    expect(made.html).toContain('It is shown only now.');
    const caller = await world.service.keys.authenticate(key);
    expect(caller?.scopes).toEqual(['send']);
    expect([...browser.cookies.values()].join()).not.toContain(key);
    const again = await browser.submit(form, NEW);
    expect([again.status, again.location]).toEqual([303, `${path}/keys`]);
    const after = await browser.get(again.location);
    expect(after.html).toContain('This form was already sent.');
    expect(after.html).not.toContain(key);
    const keys = await world.service.keys.list(world.application);
    expect(keys.ok && keys.value.data).toHaveLength(1);
    expect(JSON.stringify(await noted())).not.toContain(key);
  });

  it.each([
    ['name', { ...NEW, name: '' }],
    ['ends', { ...NEW, ends: '2020-01-01' }],
    ['ends', { ...NEW, ends: 'soon' }],
    ['scopes', { ...NEW, scopes: '' }],
    ['scopes', { ...NEW, scopes: 'root' }],
    ['password', { ...NEW, scopes: 'admin' }],
  ])('name the wrong field: %s', async (field, typed) => {
    const bad = await submit(`${path}/keys`, typed);
    expect(bad.status).toBe(422);
    expect(bad.html).toContain(`id="${field}-error"`);
  });

  it('are revoked after a question, in the own application only', async () => {
    const made = await world.service.keys.create(world.application, { mode: 'live', scopes: ['send'], name: 'CRM' });
    const key = made.ok ? made.value : null;
    const question = await browser.get(`${path}/keys/${key?.id}/revoke`);
    expect(question.html).toContain('Revoke CRM?');
    expect(await world.service.keys.authenticate(key?.key ?? '')).not.toBeNull();
    await browser.submit(question);
    expect(await world.service.keys.authenticate(key?.key ?? '')).toBeNull();
    expect((await browser.get(`${path}/keys`)).html).toContain('Revoked');
    expect(await noted()).toContainEqual(expect.objectContaining({ action: 'key.revoked', target: key?.id }));
    const shop = await newTenant('shop');
    const foreign = await world.service.keys.create(shop, { mode: 'live', scopes: ['send'] });
    const id = foreign.ok ? foreign.value.id : '';
    expect((await browser.get(`${path}/keys/${id}/revoke`)).status).toBe(404);
    expect((await browser.post(`${path}/keys/${id}/revoke`)).status).toBe(404);
  });
});

describe('webhooks', () => {
  const NEW = { url: 'https://hooks.acme.example/otp', events: 'verification.approved' };

  async function made(): Promise<{ readonly id: string; readonly secret: string }> {
    const created = await world.service.webhooks.create(world.caller(), { url: NEW.url });
    if (!created.ok) throw new Error(created.problem.code);
    return { id: created.value.id, secret: created.value.secret ?? '' };
  }

  it('show their secret once, when they are added', async () => {
    const form = await browser.get(`${path}/webhooks`);
    const added = await browser.submit(form, NEW);
    const [secret = ''] = /whsec_[\w+/=]+/.exec(added.html) ?? [];
    expect(secret.length).toBeGreaterThan(30);
    const again = await browser.submit(form, NEW);
    expect(again.location).toBe(`${path}/webhooks`);
    const page = await browser.get(`${path}/webhooks`);
    expect(page.html).toContain('hooks.acme.example');
    expect(page.html).not.toContain(secret);
    const list = await world.service.webhooks.list(world.caller());
    expect(list.ok && list.value.data.map(({ events }) => events)).toEqual([['verification.approved']]);
    expect(await noted()).toContainEqual(expect.objectContaining({ action: 'webhook.created' }));
  });

  it('keep a wrong address in the form, at its field', async () => {
    const bad = await submit(`${path}/webhooks`, { ...NEW, url: 'ftp://x"><b>' });
    expect(bad.status).toBe(422);
    expect(bad.html).toContain('id="url-error"');
    expect(bad.html).toContain('value="ftp://x&quot;&gt;&lt;b&gt;"');
  });

  it('are switched off and on, given a new secret once, and removed after a question', async () => {
    const { id, secret } = await made();
    const here = `${path}/webhooks/${id}`;
    await browser.post(`${here}/state`, { enabled: 'no' });
    const off = await world.service.webhooks.get(world.caller(), id);
    expect(off.ok && off.value.status).toBe('disabled');
    const once = 'a-token-of-one-form-only';
    const rotated = await browser.post(`${here}/secret`, { once });
    const [fresh = ''] = /whsec_[\w+/=]+/.exec(rotated.html) ?? [];
    expect(fresh).not.toBe(secret);
    expect((await browser.post(`${here}/secret`, { once })).status).toBe(303);
    expect((await browser.get(here)).html).not.toContain(fresh);
    await browser.submit(await browser.get(`${here}/remove`));
    expect((await browser.get(here)).status).toBe(404);
    const actions = (await noted()).map(({ action }) => action);
    expect(actions.filter((action) => action.startsWith('webhook.')).toSorted()).toEqual([
      'webhook.changed',
      'webhook.changed',
      'webhook.created',
      'webhook.removed',
    ]);
  });

  it('list what was posted, and post it again with the same id', async () => {
    const { id } = await made();
    world.webhookClient.answer = { type: 'answered', status: 500 };
    const queued = await browser.post(`${path}/webhooks/${id}/test`);
    await world.service.worker.tick();
    expect((await browser.get(`${path}/webhooks/${id}`)).html).toContain('webhook.test');
    const delivery = await browser.get(queued.location);
    expect(delivery.html).toContain('500 in 0 ms');
    expect(delivery.html).toMatch(/<dt>Next try<\/dt><dd><time datetime="[^"]+">(?:\d+ \w+, )?\d\d:\d\d<\/time>/);
    world.webhookClient.answer = { type: 'answered', status: 204 };
    await browser.post(queued.location);
    await world.service.worker.tick();
    expect((await browser.get(queued.location)).html).toContain('Delivered');
    expect(new Set(world.posts.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(await noted()).toContainEqual(expect.objectContaining({ action: 'webhook.redelivered' }));
  });

  it('of another application are not there', async () => {
    const shop = await newTenant('shop');
    const foreign = await world.service.webhooks.create(world.caller('live', shop), { url: NEW.url });
    const id = foreign.ok ? foreign.value.id : '';
    for (const below of ['', '/remove']) expect((await browser.get(`${path}/webhooks/${id}${below}`)).status).toBe(404);
    for (const below of ['', '/secret', '/state', '/test', '/remove'])
      expect((await browser.post(`${path}/webhooks/${id}${below}`, NEW)).status).toBe(404);
    expect((await browser.get(`/desk/applications/${shop.id}/webhooks/${id}`)).status).toBe(200);
  });
});
