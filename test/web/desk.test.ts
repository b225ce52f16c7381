import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentView } from '../../src/core/agent-views.ts';
import { createDeskWorld, type DeskBrowser, type DeskWorld, type Seen } from '../support/desk.ts';
import { wrongCode } from '../support/world.ts';

let world: DeskWorld;
let agent: AgentView;
let browser: DeskBrowser;

beforeEach(async () => {
  world = await createDeskWorld({ policies: { caller_check: { preset: 'desk' } } });
  agent = await world.hire('agent', { name: 'Priya Raman' });
  browser = await signedIn('agent');
});
afterEach(() => world.close());

async function signedIn(role: string): Promise<DeskBrowser> {
  const opened = world.browser();
  await opened.signIn(`${role}@acme.example`);
  return opened;
}

const FORM = { channel: 'sms', to: '+61 491 570 156', country: 'AU', reason: 'SIM swap', reference: 'HM-48219' };

/** Sends the desk's form as a person does. */
async function send(typed: Record<string, string> = {}, by = browser): Promise<Seen> {
  return by.post('/desk', { ...FORM, once: world.env.randomText(26), ...typed });
}

async function started(typed: Record<string, string> = {}): Promise<{ path: string; id: string; code: string }> {
  world.clock.now += 1;
  const { location, html } = await send(typed);
  if (!location.startsWith('/desk/verifications/')) throw new Error(`not sent: ${html}`);
  await world.service.worker.tick();
  return { path: location, id: location.split('/').at(-1) ?? '', code: world.sink.last().code.reveal() };
}

function act(path: string, name: string, fields: Record<string, string> = {}, by = browser): Promise<Seen> {
  // Ids of one millisecond are in no order.
  world.clock.now += 1;
  return by.post(`${path}/${name}`, { once: world.env.randomText(26), ...fields });
}

const check = (path: string, code: string, by = browser): Promise<Seen> => act(path, 'check', { code }, by);

async function acts(): Promise<unknown[]> {
  const found = await world.store.documents.list({ kind: 'audit', application: world.application.id, limit: 500 });
  return found
    .map(({ body }) => JSON.parse(body) as { action: string; actor: { id: string }; data: object })
    .filter(({ action }) => /^(verification|skip)\.(?!closed)/.test(action))
    .map(({ action, actor, data }) => [action, actor.id, data]);
}

describe('sending', () => {
  it('starts for the agent, leads to the page of the code, and says where it went (S0.1, S0.2, S0.23, S0.25)', async () => {
    const { path, id } = await started({ note: 'Port to another carrier' });
    const found = await world.service.desk.record(world.caller(), id);
    expect(found).toMatchObject({
      value: {
        actor: { type: 'agent', id: agent.id },
        reason: 'SIM swap',
        reference: 'HM-48219',
        purpose: 'caller_check',
        to: { masked: '+61 491 ••• ••56', country: 'AU' },
      },
    });
    const page = await browser.get(path);
    expect(page.html).toContain('<strong>Code on its way</strong> by SMS to +61 491 ••• ••56.');
    expect(page.html).toContain('Enter the caller’s code');
    expect(page.html).toContain('Started by <bdi>Priya Raman</bdi>');
    const notes = await world.service.desk.notes(world.caller(), id);
    expect(notes).toMatchObject({ value: [{ text: 'Port to another carrier' }] });
  });

  it('reads a national number in the country that is chosen (S0.13, S0.15)', async () => {
    const { id } = await started({ to: '0491 570 156' });
    expect(await world.service.verify.get(world.caller(), id)).toMatchObject({ value: { to: { country: 'AU' } } });
  });

  it.each([
    ['voice', 'by voice call to +61 491 ••• ••56.'],
    ['email', 'by e-mail to'],
  ])('names %s in the middle of a sentence as such', async (channel, words) => {
    const { path } = await started(channel === 'email' ? { channel, to: 'ann@acme.example' } : { channel });
    expect((await browser.get(path)).html).toContain(words);
  });

  it('takes an e-mail address whatever way is chosen (S0.53, S0.55)', async () => {
    const { id } = await started({ to: 'Mara@bluegum.example' });
    expect(await world.service.verify.get(world.caller(), id)).toMatchObject({ value: { channel: 'email' } });
    expect(world.sink.last().to).toBe('Mara@bluegum.example');
    expect((await browser.get(`/desk/verifications/${id}`)).html).toContain(
      'to the mailbox beginning with Ma at bluegum.example.',
    );
  });

  it('sends once however often the form is sent', async () => {
    const once = world.env.randomText(26);
    const answers = await Promise.all([1, 2, 3].map(() => send({ once })));
    const back = await send({ once });
    expect(new Set([...answers, back].map(({ location }) => location)).size).toBe(1);
    const found = await world.service.desk.search(world.caller(), { reference: 'HM-48219' });
    expect(found).toMatchObject({ ok: true, value: { data: [{ sends: 1 }] } });
  });

  it('does nothing for a form that was used already and says other words', async () => {
    const once = world.env.randomText(26);
    await send({ once });
    const other = await send({ once, to: '+61 491 570 110' });
    expect(other.location).toBe('/desk');
    expect((await browser.get('/desk')).html).toContain('This form was already sent.');
  });

  it.each([
    ['a number that is too short', { to: '0491' }, 'This number is too short for Australia.'],
    [
      'one of a country with an article',
      { to: '07400', country: 'GB' },
      'This number is too short for the United Kingdom.',
    ],
    ['a number that is too long', { to: '0491 570 156 789 1' }, 'This number is too long for Australia.'],
    ['one digit (D0.4)', { to: '4' }, 'for Australia'],
    ['letters', { to: 'call me' }, 'This is not a phone number.'],
    ['a premium number', { to: '+61 1900 123 456' }, 'Australia'],
    ['half an address', { to: 'mara@bluegum' }, 'Enter the whole address, with a dot after the @ sign'],
    ['nothing', { to: '' }, 'Enter the mobile number.'],
    ['no reason', { reason: '' }, 'Choose why the caller must be verified.'],
    ['a reason of nobody', { reason: 'Because' }, 'is not one of the reasons'],
  ])('says what is wrong with %s, keeps what was typed and sends nothing (S0.16)', async (_what, typed, text) => {
    const { status, html } = await send({ ...typed, note: 'Asked twice' });
    expect(status).toBe(422);
    expect(html).toContain(text);
    expect(html).toContain('<title>Error: Desk');
    expect(html).toContain('value="HM-48219"');
    expect(html).toContain('Asked twice');
    expect(html).toContain('aria-invalid="true"');
    expect(world.sink.messages.filter(({ to }) => to.startsWith('+'))).toEqual([]);
  });

  it('lists every error when there are several, each leading to its field', async () => {
    const { html } = await send({ to: '0491', reason: '' });
    expect(html).toContain('<a href="#to">This number is too short for Australia. Check it with the caller.</a>');
    expect(html).toContain('<a href="#reason">Choose why the caller must be verified.</a>');
  });

  it('names the country that is not allowed, and what a limit leaves to do', async () => {
    await world.service.applications.update(world.caller(), world.application.id, { countries: ['NZ'] });
    world.clock.now += 1000;
    expect((await send()).html).toContain('Australia is not allowed for this application.');
    await world.service.applications.update(world.caller(), world.application.id, {
      countries: null,
      limits: { destination_sends: { max: 1, window_seconds: 86_400 } },
    });
    world.clock.now += 1000;
    await started();
    expect((await send()).html).toMatch(/This destination has had 1 codes in 24 hours. Try again after \d/);
  });

  it('says that nobody in the directory has the number, and that a destination gets no more', async () => {
    await world.service.suppressions.add(world.caller(), { to: '+61491570156' });
    expect((await send()).html).toContain('This destination gets no more messages');
    await world.store.applications.putPolicy(world.application.id, 'caller_check', {
      preset: 'desk',
      recipients: 'directory',
    });
    world.clock.now += 1000;
    expect((await send()).html).toContain('Nobody in the directory has this number.');
  });

  it('asks once before it sends to a number that is not what one would expect', async () => {
    const landline = { to: '+49 30 901820', country: 'AU' };
    const asked = await send(landline);
    expect(asked.status).toBe(200);
    expect(asked.html).toContain('The number is of Germany, not of Australia.');
    expect(asked.html).toContain('It is a landline: a message by SMS may not arrive.');
    expect(asked.html).not.toContain('It costs');
    const confirmed = /name="confirmed" value="([^"]*)"/.exec(asked.html)?.[1] ?? '';
    const other = await send({ to: '+49 40 428280', country: 'AU', confirmed });
    expect(other.html).toContain('Nothing was sent yet.');
    expect((await send({ ...landline, confirmed })).location).toMatch(/^\/desk\/verifications\/vrf_/);
  });
});

describe('the page of a code', () => {
  it('never changes a record by being opened, in any state (D0.1, D0.2, D0.3)', async () => {
    const { path, id, code } = await started();
    const rows = async (): Promise<string> =>
      JSON.stringify([(await world.store.verifications.get(id)).record, await world.store.records.events(id)]);
    for (const change of [
      async () => undefined,
      async () => check(path, wrongCode(code)),
      async () => check(path, code),
      async () => void (world.clock.now += 3_600_000 - 1_000_000),
      async () => void (world.clock.now += 900_000),
    ]) {
      await change();
      const before = await rows();
      for (let times = 0; times < 3; times++) expect((await browser.get(path)).status).toBe(200);
      expect(await rows()).toBe(before);
    }
    expect(await world.service.verify.get(world.caller(), id)).toMatchObject({ value: { status: 'approved' } });
  });

  it('approves the right code once, in the agent’s name, and says so to whoever comes later (S0.28, S0.29, D2.6)', async () => {
    const { path, id, code } = await started();
    const answer = await check(path, ` ${code.slice(0, 3)}-${code.slice(3)} `);
    expect([answer.status, answer.location]).toEqual([303, path]);
    const page = await browser.get(path);
    expect(page.html).toContain('Caller verified');
    expect(page.html).toContain('You can go on with: SIM swap.');
    expect(page.html).toContain('Next caller');
    await check(path, code);
    expect((await browser.get(path)).html).toMatch(/Already verified at \d\d:\d\d:\d\d by Priya Raman\./);
    expect(await world.service.verify.get(world.caller(), id)).toMatchObject({ value: { checks: 1 } });
  });

  it('counts a wrong code once though the form is sent twice, and a reload counts nothing', async () => {
    const { path, id, code } = await started();
    const fields = { code: wrongCode(code), once: world.env.randomText(26) };
    await Promise.all([browser.post(`${path}/check`, fields), browser.post(`${path}/check`, fields)]);
    const page = await browser.get(path);
    expect(page.html).toContain('That is not the code. 2 attempts left.');
    expect(page.html).toContain('<title>Error: Enter the caller’s code');
    expect((await browser.get(path)).html).not.toContain('That is not the code');
    expect(await world.service.verify.get(world.caller(), id)).toMatchObject({ value: { checks: 1 } });
  });

  it('does not count what is no code', async () => {
    const { path, id } = await started();
    await check(path, '12');
    expect((await browser.get(path)).html).toContain('A code has 6 digits. Nothing was counted.');
    await check(path, '');
    expect((await browser.get(path)).html).toContain('Enter the code.');
    expect(await world.service.verify.get(world.caller(), id)).toMatchObject({ value: { checks: 0 } });
  });

  it('ends after three wrong codes, whatever comes then (S0.27, S0.28, D0.2, D0.10, D2.6)', async () => {
    const { path, id, code } = await started();
    for (let times = 0; times < 3; times++) await check(path, wrongCode(code));
    expect(await world.service.verify.get(world.caller(), id)).toMatchObject({ value: { status: 'failed' } });
    const page = await browser.get(path);
    expect(page.html).toContain('Too many wrong codes');
    expect(page.html).toContain('3 wrong codes were entered.');
    expect(page.html).not.toContain('name="code"');
    await check(path, code);
    expect(await world.service.verify.get(world.caller(), id)).toMatchObject({
      value: { status: 'failed', checks: 3 },
    });
  });

  it('says that the code has expired after five minutes, though nothing has closed it (S0.27, S0.28, D2.8)', async () => {
    const { path, code } = await started();
    world.clock.now += 300_000;
    const page = await browser.get(path);
    expect(page.html).toContain('The code has expired');
    expect(page.html).toContain('No right code was entered in 5 minutes.');
    await check(path, code);
    expect((await browser.get(path)).html).not.toContain('Caller verified');
  });

  it('sends again after the wait, with the sends that are left, and refuses before in a sentence', async () => {
    const { path, code } = await started();
    await act(path, 'resend', { channel: 'sms' });
    expect((await browser.get(path)).html).toContain('You can send again in 30 seconds.');
    world.clock.now += 30_000;
    await act(path, 'resend', { channel: 'sms' });
    const page = await browser.get(path);
    expect(page.html).toContain('<strong>On its way again,</strong> the same code. 3 sends left.');
    await world.service.worker.tick();
    expect(world.sink.last().code.reveal()).toBe(code);
    expect((await browser.get(path)).html).toContain('Queued again');
  });

  it('goes over another channel', async () => {
    const { path } = await started();
    expect((await browser.get(path)).html).toContain('Call instead');
    world.clock.now += 30_000;
    await act(path, 'resend', { channel: 'voice' });
    await world.service.worker.tick();
    expect(world.sink.last().channel).toBe('voice');
  });

  it('shows how far the message got, and costs only to those who may see them', async () => {
    world.sink.answer = () => ({ type: 'accepted', messageId: 'm1', segments: 1, price: '0.0550 AUD' });
    await world.hire('supervisor');
    const { path } = await started();
    const page = await browser.get(path);
    expect(page.html).toContain('Sent by Sink');
    expect(page.html).toContain('1 segment');
    expect(page.html).not.toContain('0.0550 AUD');
    expect((await (await signedIn('supervisor')).get(path)).html).toContain('0.0550 AUD');
  });

  it('cancels by a form, once', async () => {
    const { path, code } = await started();
    await act(path, 'cancel');
    expect((await browser.get(path)).html).toContain('<strong>Code canceled.</strong> It can no longer be entered.');
    expect((await browser.get(path)).html).toContain('<p>By the agent. It can no longer be entered.</p>');
    await check(path, code);
    expect((await browser.get(path)).html).toMatch(/This code was canceled at \d\d:/);
  });

  it('says whose code it is to another agent, who acts under a name of their own', async () => {
    const { path, id, code } = await started();
    const other = await world.hire('agent', { email: 'tom@acme.example', name: 'Tom Okafor' });
    const second = world.browser();
    await second.signIn('tom@acme.example');
    expect((await second.get(path)).html).toContain('What you do here is recorded under your name.');
    await check(path, code, second);
    const events = await world.store.records.events(id);
    expect(events.find(({ type }) => type === 'approved')?.actor.id).toBe(other.id);
  });

  it('never holds the code, in any page on the way', async () => {
    const { path, code } = await started();
    const pages = [await browser.get('/desk'), await browser.get(path)];
    await check(path, wrongCode(code));
    pages.push(await browser.get(path), await browser.get(`${path}/skip`));
    await check(path, code);
    pages.push(await browser.get(path), await browser.get('/desk'));
    for (const { html } of pages) expect(html).not.toContain(code);
    const documents = await world.store.documents.list({ kind: 'audit', limit: 500 });
    expect(JSON.stringify(documents)).not.toContain(code);
  });

  it('does not let anybody at codes that people sign in to the desk with', async () => {
    await world.browser().password('agent@acme.example');
    const { rows } = await world.store.records.search({
      application: world.application.id,
      mode: 'live',
      now: world.clock.now,
      purpose: 'staff_sign_in',
      limit: 1,
    });
    const path = `/desk/verifications/${rows[0]?.id ?? ''}`;
    expect(rows).toHaveLength(1);
    expect((await browser.get(path)).status).toBe(404);
    expect((await act(path, 'cancel')).status).toBe(404);
    expect((await act(path, 'resend')).status).toBe(404);
  });
});

describe('skipping', () => {
  const SKIPPED = { cause: 'in_store', confirmation: 'photo_identity', note: 'Passport seen, Lena Vogt' };

  it('ends an open code with cause, confirmation and note, and never counts as verified (S0.14, S0.17)', async () => {
    const { path, id } = await started();
    expect((await browser.get(`${path}/skip`)).html).toContain('never counts as verified');
    const refused = await act(path, 'skip', { ...SKIPPED, note: 'short' });
    expect(refused.status).toBe(422);
    expect(refused.html).toContain('Write at least 10 characters: what you checked, and who the representative is.');
    expect((await act(path, 'skip', SKIPPED)).location).toBe(path);
    const page = await browser.get(path);
    expect(page.html).toContain('<strong>Skip recorded.</strong> It does not count as verified.');
    expect(page.html).toContain('Photo identity seen');
    expect(page.html).toContain('Passport seen, Lena Vogt');
    expect(await world.service.verify.get(world.caller(), id)).toMatchObject({
      value: { status: 'skipped', approved_at: null },
    });
  });

  it('records a skip without ever sending (S0.13, S0.17)', async () => {
    const answer = await browser.post('/desk/skip', { ...FORM, ...SKIPPED, once: world.env.randomText(26) });
    expect(answer.location).toMatch(/^\/desk\/verifications\/vrf_/);
    const page = await browser.get(answer.location);
    expect(page.html).toContain('No code was sent.');
    expect(page.html).toContain('Verification skipped');
    expect(world.sink.messages.filter(({ to }) => to.startsWith('+'))).toEqual([]);
  });

  it('is not offered and not done where the policy says never', async () => {
    await world.store.applications.putPolicy(world.application.id, 'caller_check', {
      preset: 'desk',
      override: 'never',
    });
    world.clock.now += 1000;
    const { path } = await started();
    expect((await browser.get(path)).html).not.toContain('/skip');
    expect((await browser.get('/desk')).html).not.toContain('/skip');
    for (const { status } of [
      await browser.get('/desk/skip'),
      await browser.get(`${path}/skip`),
      await act(path, 'skip', SKIPPED),
      await browser.post('/desk/skip', { ...FORM, ...SKIPPED }),
    ])
      expect(status).toBe(403);
  });

  it('waits for a supervisor where the policy asks, who is somebody else', async () => {
    await world.store.applications.putPolicy(world.application.id, 'caller_check', {
      preset: 'desk',
      override: 'with_review',
    });
    world.clock.now += 1000;
    const chief = await world.hire('supervisor', { name: 'Sam Whitlock' });
    const supervisor = await signedIn('supervisor');
    const { path } = await started();
    await act(path, 'skip', SKIPPED);
    expect((await browser.get('/desk')).html).not.toContain('Skips to review');
    expect((await supervisor.get('/desk')).html).toContain('Skips to review');
    expect((await act(path, 'reviewed')).status).toBe(403);
    expect((await act(path, 'reviewed', {}, supervisor)).location).toBe(path);
    await act(path, 'reviewed', {}, supervisor);
    expect((await browser.get(path)).html).toContain('Sam Whitlock,');
    expect((await supervisor.get('/desk')).html).not.toContain('Skips to review');
    const reviews = (await acts()).filter((entry) => JSON.stringify(entry).includes('skip.reviewed'));
    expect(reviews).toEqual([['skip.reviewed', chief.id, { ip: '203.0.113.7' }]]);
    const own = await supervisor.post('/desk/skip', { ...FORM, ...SKIPPED, once: world.env.randomText(26) });
    expect((await supervisor.get(own.location)).html).toContain('Another supervisor looks at it.');
    expect((await supervisor.get(own.location)).html).not.toContain('Mark as reviewed');
    await act(own.location, 'reviewed', {}, supervisor);
    expect((await supervisor.get(own.location)).html).toContain('Somebody else reviews your own skips.');
  });
});

describe('the desk', () => {
  it('counts what agents did today, and leads open codes to their page (S0.12, S0.31)', async () => {
    const first = await started();
    await check(first.path, first.code);
    const { path } = await started({ to: '+61 491 570 110' });
    world.clock.now += 1000;
    await world.startAndRead('+14155552671');
    const { html } = await browser.get('/desk');
    expect(html).toContain('<dt>Started today</dt><dd>2</dd><dd>by 1 agent</dd>');
    expect(html).toContain('<dt>Verified</dt><dd>1</dd><dd>100% of those closed</dd>');
    expect(html).toContain('<dt>Open now</dt><dd>1</dd><dd>1 is yours</dd>');
    expect(html).toContain(`href="${path}"`);
    expect(html).toContain('3 of 3 tries left');
    expect(html).not.toContain('+1 415');
  });

  it('says which channels nobody answers on and offers the others', async () => {
    await world.close();
    const dead = { type: 'failure', kind: 'unavailable', retry: 'retry', detail: 'HTTP 500' } as const;
    const { Sink } = await import('../support/world.ts');
    const sms = new Sink('twilio');
    const mail = new Sink('smtp');
    sms.answer = () => dead;
    world = await createDeskWorld({
      policies: { caller_check: { preset: 'desk' } },
      providers: { sms: [sms], email: [mail] },
    });
    await world.hire('agent');
    browser = world.browser();
    await browser.password('agent@acme.example');
    await world.service.worker.tick();
    await browser.post('/desk/second-factor', { code: mail.last().code.reveal() });
    for (let times = 0; times < 5; times++) {
      await send({ to: `+61 491 570 15${times + 1}` });
      for (let tick = 0; tick < 4; tick++) {
        world.clock.now += 3000;
        await world.service.worker.tick();
      }
    }
    const { html } = await browser.get('/desk');
    expect(html).toContain('<strong>SMS is not going out.</strong> Twilio stopped answering.');
    expect(html).toMatch(/value="sms"[^>]*disabled/);
    expect(html).toMatch(/value="email"[^>]*checked/);
    expect(html).toContain('E-mail address');
  });
});

describe('the audit log', () => {
  it('notes every act of an agent in the commit that does it, with outcomes and from where, without codes (S3.57)', async () => {
    const { path, code } = await started();
    world.clock.now += 30_000;
    await act(path, 'resend', { channel: 'sms' });
    await check(path, wrongCode(code));
    await check(path, code);
    const second = await started({ to: '+61 491 570 110' });
    await act(second.path, 'cancel');
    const ip = '203.0.113.7';
    expect(await acts()).toEqual([
      ['verification.started', agent.id, { purpose: 'caller_check', channel: 'sms', reason: 'SIM swap', ip }],
      ['verification.resent', agent.id, { channel: 'sms', ip }],
      ['verification.checked', agent.id, { outcome: 'incorrect', remaining: 2, ip }],
      ['verification.checked', agent.id, { outcome: 'approved', ip }],
      ['verification.started', agent.id, { purpose: 'caller_check', channel: 'sms', reason: 'SIM swap', ip }],
      ['verification.canceled', agent.id, { reason: 'operator', ip }],
    ]);
  });
});
