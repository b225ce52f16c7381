import { afterEach, describe, expect, it } from 'vitest';
import { createService } from '../../src/service/index.ts';
import { createHttpWorld, Sink, type WorldOptions } from '../support/world.ts';

let world: Awaited<ReturnType<typeof createHttpWorld>>;
afterEach(() => world.close());

async function open(options: WorldOptions = {}): Promise<void> {
  world = await createHttpWorld(options);
}

const SMS = { channel: 'sms', text: '{brand}: {code} is your code for {time}.' } as const;

async function put(template: object): Promise<Record<string, any>> {
  const { status, body } = await world.call('PUT', '/v1/templates', template);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

async function textOf(extra: Record<string, unknown> = {}, to = '+14155552671'): Promise<string> {
  const { message, code } = await world.startAndRead(to, extra);
  return message.text.replaceAll(code, 'CODE');
}

describe('a template', () => {
  it('is the message of its purpose, language and channel, and of no other', async () => {
    await open();
    const made = await put({ ...SMS, purpose: 'login', locale: 'en' });
    expect(made).toMatchObject({ id: 'tpl_sms.en.login', object: 'template', managed: false, warnings: [] });
    expect(await textOf()).toBe('Watchword: CODE is your code for 10 minutes.');
    expect(await textOf({ purpose: 'signup' })).toContain('sign-up code: CODE');
    expect(await textOf({ locale: 'de' })).toContain('Anmelde-Code: CODE');
    expect(await textOf({ channel: 'voice' })).toContain('Your Watchword code is');
  });

  it('gives way to the built-in words when it is deleted, and is listed and read until then', async () => {
    await open();
    const { id } = await put({ ...SMS, purpose: 'login' });
    expect((await world.call('GET', '/v1/templates')).body['data']).toHaveLength(1);
    expect((await world.call('GET', `/v1/templates/${id}`)).body).toMatchObject({ id, text: SMS.text });
    expect((await world.call('DELETE', `/v1/templates/${id}`)).body).toEqual({ deleted: true });
    expect((await world.call('DELETE', `/v1/templates/${id}`)).status).toBe(404);
    expect((await world.call('GET', `/v1/templates/${id}`)).status).toBe(404);
    expect(await textOf()).toContain('sign-in code: CODE');
  });

  it('is replaced by the next one for the same, and keeps the time it was made at', async () => {
    await open();
    const first = await put({ ...SMS, locale: 'EN' });
    world.clock.now += 5_000;
    const second = await put({ ...SMS, locale: 'en', text: '{code} is the code.' });
    expect(second).toMatchObject({ id: first['id'], created_at: first['created_at'] });
    expect(second['updated_at']).not.toBe(first['updated_at']);
    expect(await textOf()).toBe('CODE is the code.');
  });

  it('of the purpose comes before one of any, and within these the language decides', async () => {
    await open();
    const texts = {
      'login de-AT': { purpose: 'login', locale: 'de-AT' },
      'login de': { purpose: 'login', locale: 'de' },
      'login any': { purpose: 'login' },
      'any de': { locale: 'de' },
      'any any': {},
    };
    for (const [text, where] of Object.entries(texts)) await put({ channel: 'sms', text: `${text} {code}`, ...where });
    const of = async (purpose: string, locale: string): Promise<string> =>
      (await textOf({ purpose, locale })).replace(' CODE', '');
    expect(await of('login', 'de-AT')).toBe('login de-AT');
    expect(await of('login', 'de-CH')).toBe('login de');
    expect(await of('login', 'fr')).toBe('login any');
    expect(await of('signup', 'de-AT')).toBe('any de');
    expect(await of('signup', 'fr')).toBe('any any');
    expect(await of('signup', 'tlh')).toBe('any any');
  });

  it('may be in a language without built-in words, which other channels then do not have', async () => {
    await open();
    await put({ channel: 'sms', locale: 'cy', text: 'Eich cod {brand}: {code} ({minutes} munud)' });
    const { message, id } = await world.startAndRead('+447911123456', { locale: 'cy-GB' });
    expect(message.text).toContain('Eich cod Watchword: ');
    expect(message.locale).toBe('cy');
    expect((await world.call('GET', `/v1/verifications/${id}`)).body['locale']).toBe('cy');
    expect(await textOf({ locale: 'cy', channel: 'voice' })).toContain('Your Watchword code is');
    const refused = await world.call('PUT', '/v1/templates', { channel: 'sms', locale: 'cy', text: '{code} {time}' });
    expect(refused.body['errors']).toMatchObject([{ pointer: '/text', code: 'unknown_placeholder' }]);
  });

  it('of an e-mail has its subject and HTML, or ones made from the text', async () => {
    await open();
    await put({ channel: 'email', subject: 'Hello from {brand}', text: 'Your code:\n\n{code}\n\nBye\nAcme' });
    const { message, code } = await world.startAndRead('ann@example.com');
    expect(message.subject).toBe('Hello from Watchword');
    expect(message.html).toContain(`letter-spacing:6px;text-align:center">${code}</p>`);
    expect(message.html).toContain('Bye<br>\nAcme');
    await put({
      channel: 'email',
      text: 'Your code: {code}',
      html: '<h1>Hi</h1><p>It is <strong>{code}</strong>.</p>',
    });
    const second = (await world.startAndRead('ann@example.com')).message;
    expect(second.subject).toBe('Your Watchword code');
    expect(second.html).toMatch(/<h1>Hi<\/h1><p>It is <strong>\d{6}<\/strong>\.<\/p>/);
  });

  it('is spoken with its characters one by one', async () => {
    await open();
    const once = await put({ channel: 'voice', text: 'Your code is {code}.' });
    expect(once['warnings'][0]).toContain('once only');
    await put({ channel: 'voice', text: 'Your code is {code}. Again: {code}.' });
    const { message, code } = await world.startAndRead('+14155552671', { channel: 'voice' });
    expect(message.text.split(Array.from(code).join('. '))).toHaveLength(3);
  });

  it('of another application is as good as none', async () => {
    await open();
    const { id } = await put({ ...SMS });
    const made = await world.service.applications.create(world.caller(), { name: 'other' });
    const other = made.ok ? await world.service.applications.find('other') : null;
    if (other === null) throw new Error('no application');
    const as = world.caller('live', other);
    expect(await world.service.templates.get(as, String(id))).toMatchObject({ ok: false });
    expect(await world.service.templates.remove(as, String(id))).toMatchObject({ ok: false });
    const { message } = await world.startAndRead('+14155552671', {}, as);
    expect(message.text).toContain('other sign-in code');
  });

  it('is changed by no test key in production, and by none without the scope', async () => {
    await open({ mode: 'production' });
    const test = { authorization: `Bearer ${world.keys.test}` };
    expect((await world.call('PUT', '/v1/templates', SMS, test)).status).toBe(403);
    expect((await world.call('DELETE', '/v1/templates/tpl_sms.-.-', undefined, test)).status).toBe(403);
    const key = await world.newKey(world.application, 'live', ['send', 'check', 'read']);
    for (const [method, path] of [
      ['GET', ''],
      ['PUT', ''],
      ['POST', '/preview'],
      ['DELETE', '/tpl_sms.-.-'],
    ] as const) {
      const body = method === 'GET' || method === 'DELETE' ? undefined : SMS;
      const { status } = await world.call(method, `/v1/templates${path}`, body, { authorization: `Bearer ${key}` });
      expect(status).toBe(403);
    }
  });
});

describe('a list of templates', () => {
  it('is in pages, filtered by channel, purpose and language', async () => {
    await open();
    for (const purpose of ['a', 'b', 'c']) await put({ ...SMS, purpose });
    await put({ ...SMS, channel: 'telegram', locale: 'pt-br' });
    const list = async (query: string): Promise<{ ids: string[]; next: string | null }> => {
      const { body } = await world.call('GET', `/v1/templates?${query}`);
      return { ids: body['data'].map(({ id }: { id: string }) => id), next: body['next_cursor'] };
    };
    const first = await list('limit=3');
    expect(first).toEqual({ ids: ['tpl_sms.-.a', 'tpl_sms.-.b', 'tpl_sms.-.c'], next: 'tpl_sms.-.c' });
    expect(await list(`limit=3&cursor=${first.next}`)).toEqual({ ids: ['tpl_telegram.pt-BR.-'], next: null });
    expect((await list('purpose=b')).ids).toEqual(['tpl_sms.-.b']);
    expect((await list('channel=telegram&locale=PT-BR')).ids).toEqual(['tpl_telegram.pt-BR.-']);
    expect((await world.call('GET', '/v1/templates?cursor=evt_1')).status).toBe(400);
  });

  it('has at most two hundred', async () => {
    await open();
    for (let n = 0; n < 200; n++) {
      const made = await world.service.templates.put(world.caller(), { ...SMS, purpose: `p${n}` });
      expect(made.ok).toBe(true);
    }
    expect((await world.call('PUT', '/v1/templates', { ...SMS, purpose: 'more' })).status).toBe(409);
    expect((await world.call('PUT', '/v1/templates', { ...SMS, purpose: 'p7' })).status).toBe(200);
  });
});

describe('a change of a template', () => {
  it('holds on every instance within a second', async () => {
    await open();
    const { store, ring, env, sink, inbox } = world;
    const settings = { mode: 'development', publicUrl: null, limits: {}, managed: [] } as const;
    const other = createService({
      store,
      ring,
      env,
      providers: { sms: [sink] },
      inboxChannel: inbox,
      webhookClient: world.webhookClient,
      settings,
    });
    const listed = async (): Promise<number> => {
      const result = await other.templates.list(world.caller(), {});
      return result.ok ? result.value.data.length : -1;
    };
    expect(await listed()).toBe(0);
    await put(SMS);
    world.clock.now += 1_000;
    expect(await listed()).toBe(1);
  });

  it('that the store cannot tell of leaves the words that were there', async () => {
    let away = false;
    await open({
      mutate: (store) => ({
        ...store,
        documents: {
          ...store.documents,
          get: (kind, id) => store.documents.get(kind, id),
          put: (document) => store.documents.put(document),
          list: (query) => (away ? Promise.reject(new Error('away')) : store.documents.list(query)),
        },
      }),
    });
    await put(SMS);
    await world.service.templates.list(world.caller(), {});
    away = true;
    world.clock.now += 5_000;
    const listed = await world.service.templates.list(world.caller(), {});
    expect(listed.ok && listed.value.data).toHaveLength(1);
  });

  it('of two at once loses neither answer and leaves one of them', async () => {
    await open();
    const writes = await Promise.all(
      Array.from({ length: 5 }, (_, n) => world.service.templates.put(world.caller(), { ...SMS, text: `${n} {code}` })),
    );
    expect(writes.every(({ ok }) => ok)).toBe(true);
    expect((await world.call('GET', '/v1/templates')).body['data']).toHaveLength(1);
  });
});

describe('a template of the configuration file', () => {
  const managed = [
    { name: 'default', fields: {}, policies: {}, templates: [{ channel: 'sms', text: 'File: {code}' }] },
  ] as const;

  it('is shown read-only and used', async () => {
    await open({ managed });
    expect(await textOf()).toBe('File: CODE');
    const { body } = await world.call('GET', '/v1/templates/tpl_sms.-.-');
    expect(body).toMatchObject({ managed: true, created_at: null, updated_at: null });
    const refused = await world.call('PUT', '/v1/templates', SMS);
    expect([refused.status, refused.body['errors'][0].code]).toEqual([409, 'read_only']);
    expect((await world.call('DELETE', '/v1/templates/tpl_sms.-.-')).status).toBe(409);
  });
});

describe('a payment', () => {
  const context = { amount: 'EUR 49.90', payee: 'Acme & Söhne' };

  it.each([
    ['sms', '+14155552671'],
    ['voice', '+14155552671'],
    ['whatsapp', '+14155552671'],
    ['telegram', '+14155552671'],
    ['email', 'ann@example.com'],
  ])('says amount and payee by %s', async (channel, to) => {
    await open();
    const { message } = await world.startAndRead(to, { purpose: 'payment', channel, context });
    expect(message.text).toContain('Amount: EUR 49.90');
    expect(message.text).toContain('Payee: Acme & Söhne');
    if (channel === 'email') expect(message.html).toContain('Amount: EUR 49.90<br>\nPayee: Acme &amp; Söhne');
  });

  it('whose template asks for what the start does not bring is refused', async () => {
    await open();
    await put({ channel: 'sms', purpose: 'payment', text: 'Pay {amount} to {payee} with {code}.' });
    const refused = await world.call('POST', '/v1/verifications', { to: '+14155552671', purpose: 'payment' });
    expect(refused.status).toBe(400);
    expect(refused.body['errors']).toMatchObject([
      { pointer: '/context/amount', code: 'missing' },
      { pointer: '/context/payee', code: 'missing' },
    ]);
    expect(await textOf({ purpose: 'payment', context })).toBe('Pay EUR 49.90 to Acme & Söhne with CODE.');
    // Another channel has its own words, and these ask for nothing.
    expect(await textOf({ purpose: 'payment', channel: 'voice' })).toContain('Your Watchword code is');
  });

  it('is not hidden by a template that keeps it to itself', async () => {
    await open();
    await put({ channel: 'sms', text: 'Plain {code}' });
    expect(await textOf({ purpose: 'payment' })).toBe('Plain CODE');
    expect(await textOf({ purpose: 'payment', context })).toContain('Amount: EUR 49.90');
  });

  it('never goes through a provider that carries only the code', async () => {
    const bare = Object.assign(new Sink('bare'), { onlyCode: true as const });
    const full = new Sink('full');
    await open({ providers: { sms: [bare, full], whatsapp: [bare] } });
    const start = { to: '+14155552671', purpose: 'payment', context };
    const refused = await world.call('POST', '/v1/verifications', { ...start, channel: 'whatsapp' });
    expect([refused.status, refused.body['code']]).toEqual([422, 'channel_unavailable']);
    const sent = async (body: object): Promise<readonly number[]> => {
      expect((await world.call('POST', '/v1/verifications', body)).status).toBe(201);
      await world.service.worker.tick();
      return [bare.messages.length, full.messages.length];
    };
    expect(await sent(start)).toEqual([0, 1]);
    expect(await sent({ to: start.to, purpose: 'payment' })).toEqual([1, 1]);
    expect(await sent({ to: start.to, purpose: 'payment', channel: 'whatsapp' })).toEqual([2, 1]);
  });

  it('needs what its policy says', async () => {
    await open({ policies: { payment: { required_context: ['amount', 'payee', 'a/b'] } } });
    const { status, body } = await world.call('POST', '/v1/verifications', {
      to: '+14155552671',
      purpose: 'payment',
      context: { amount: 'EUR 1' },
    });
    expect(status).toBe(400);
    expect(body['errors'].map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/context/payee',
      '/context/a~1b',
    ]);
  });

  it.each([
    ['amount', 'a lot'],
    ['amount', '1'.repeat(25)],
    ['amount', '1 evil.tk'],
    ['payee', 'x'.repeat(41)],
    ['payee', 'Ac\u202eme'],
    ['payee', '<b>Acme</b>'],
    ['payee', ' '],
  ])('with the %s %j cannot be shown as it is, and is refused rather than cut', async (name, value) => {
    await open();
    const body = { to: '+14155552671', purpose: 'payment', context: { ...context, [name]: value } };
    const refused = await world.call('POST', '/v1/verifications', body);
    expect([refused.status, refused.body['errors'][0].pointer]).toEqual([400, `/context/${name}`]);
    const other = await world.call('POST', '/v1/verifications', { ...body, purpose: 'login' });
    expect(other.status).toBe(201);
  });
});

describe('an SMS', () => {
  it('is bound to the site of its policy, in every language and form, and an e-mail never is', async () => {
    await open({ policies: { login: { sms_domain: 'shop.example' } } });
    const { message, code } = await world.startAndRead('+14155552671', { locale: 'ar' });
    expect(message.text.split('\n').at(-1)).toBe(`@shop.example #${code}`);
    await put({ channel: 'sms', text: 'Short {code}' });
    expect(await textOf()).toBe('Short CODE\n@shop.example #CODE');
    for (const [to, channel] of [
      ['ann@example.com', 'email'],
      ['+14155552671', 'voice'],
    ] as const)
      expect((await world.startAndRead(to, { channel })).message.text).not.toContain('@shop');
  });

  it('ends with the hash of the Android app of its policy', async () => {
    await open({ policies: { login: { sms_app_hash: 'FA+9qCX9VSu' } } });
    expect((await textOf()).split('\n').at(-1)).toBe('FA+9qCX9VSu');
    expect(await textOf({}, 'ann@example.com')).not.toContain('FA+9qCX9VSu');
  });

  it('has one last line, so that a policy may ask for one of the two', async () => {
    await open();
    const both = { sms_domain: 'shop.example', sms_app_hash: 'FA+9qCX9VSu' };
    expect((await world.call('PUT', '/v1/policies/login', both)).body['errors'][0].pointer).toBe('/sms_app_hash');
    for (const bad of [
      { sms_domain: 'Shop.example' },
      { sms_domain: 'https://shop.example' },
      { sms_app_hash: 'short' },
    ])
      expect((await world.call('PUT', '/v1/policies/login', bad)).status).toBe(400);
  });

  it('tells its template the site, and one that needs it is passed over without', async () => {
    await open();
    await put({ channel: 'sms', text: '{code} works on {domain} only.', allow_links: true });
    expect(await textOf()).toContain('sign-in code');
    await world.call('PUT', '/v1/policies/login', { sms_domain: 'shop.example' });
    expect(await textOf()).toBe('CODE works on shop.example only.\n@shop.example #CODE');
  });
});

describe('a preview', () => {
  const preview = async (body: object): Promise<Record<string, any>> =>
    (await world.call('POST', '/v1/templates/preview', body)).body;

  it('shows words before they are saved, with dots, alphabet and segments', async () => {
    await open();
    expect(await preview(SMS)).toMatchObject({
      source: 'request',
      text: 'Watchword: •••••• is your code for 10 minutes.',
      encoding: 'gsm7',
      segments: 1,
      estimated_cost: null,
      warnings: [],
    });
    const long = await preview({ ...SMS, text: `Ваш код {code}. ${'Никому его не говорите. '.repeat(4)}` });
    expect(long).toMatchObject({ encoding: 'ucs2', segments: 2 });
    expect(long['warnings']).toEqual(['This SMS takes 2 segments: it has characters outside the GSM alphabet.']);
    expect((await world.call('GET', '/v1/templates')).body['data']).toEqual([]);
  });

  it('without words shows those in use, and a payment with samples', async () => {
    await open();
    expect(await preview({ channel: 'sms', purpose: 'payment', locale: 'de' })).toMatchObject({
      source: 'built_in',
      template: null,
      locale: 'de',
      text: expect.stringContaining('Betrag: EUR 1249.90\nEmpfänger: Harbour Bookshop'),
    });
    await put({ ...SMS, locale: 'de' });
    expect(await preview({ channel: 'sms', locale: 'de-AT' })).toMatchObject({
      source: 'template',
      template: 'tpl_sms.de.-',
    });
    const started = await world.call('POST', '/v1/preview', { to: '+491701234567', locale: 'de-AT' });
    expect(started.body).toMatchObject({ template: 'tpl_sms.de.-', encoding: 'gsm7', html: null, locale: 'de' });
  });

  it('says which language stands in for one without words', async () => {
    await open();
    const { warnings, locale } = await preview({ channel: 'telegram', locale: 'tlh' });
    expect(locale).toBe('en');
    expect(warnings).toEqual(['There are no texts in the requested language: the message is in English.']);
  });

  it('warns when the last line makes it longer than an app or a segment can take', async () => {
    await open({ policies: { login: { sms_app_hash: 'FA+9qCX9VSu' } } });
    const text = `${'x'.repeat(145)} {code}`;
    expect((await preview({ ...SMS, text }))['warnings']).toEqual([
      'This SMS takes 2 segments.',
      'Android hands an SMS to its app only up to 140 bytes, which is one segment.',
      'The code comes late: it may not show on a locked phone.',
    ]);
  });
});
