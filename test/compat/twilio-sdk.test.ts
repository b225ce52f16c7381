import twilio from 'twilio';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serve, type RunningServer } from '../../src/http/index.ts';
import { wrongCode } from '../support/world.ts';
import { createFacades, type Facades } from './facades.ts';

const PHONE = '+14155552671';
const MAIL = 'ann@example.com';
let one: Facades;
let server: RunningServer;
let ids: { readonly account_sid: string; readonly service_sid: string };

/** The SDK's own HTTP client; only the host of its requests is another one. */
class RedirectedClient extends twilio.RequestClient {
  override request: twilio.RequestClient['request'] = (options) => {
    const uri = options.uri.replace('https://verify.twilio.com', `http://127.0.0.1:${server.port}/twilio`);
    return twilio.RequestClient.prototype.request.call(this, { ...options, uri }) as never;
  };
}

function clientOf(key: string, account = ids.account_sid) {
  return twilio(account, key, { httpClient: new RedirectedClient() });
}

function verifyService() {
  return clientOf(one.keys.live).verify.v2.services(ids.service_sid);
}

/** Which of Twilio's errors a call ends with. */
async function errorOf(call: Promise<unknown>): Promise<readonly [status: number, code: number]> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof twilio.RestException)) throw new Error(`no error of the API: ${String(error)}`);
  expect(error.moreInfo).toBe(`https://www.twilio.com/docs/errors/${error.code}`);
  return [error.status, Number(error.code)];
}

beforeEach(async () => {
  one = await createFacades(['twilio']);
  ids = (await one.call('GET', `/v1/applications/${one.application.id}`)).body['twilio'];
  server = await serve((request, env) => one.api.fetch(request, env), { port: 0, host: '127.0.0.1' });
});
afterEach(async () => {
  await server.close();
  await one.close();
});

describe('the official twilio SDK against the façade', () => {
  it('finds its account and service in the application, and nothing there while the dialect is off', async () => {
    expect(ids.account_sid).toMatch(/^AC[0-9a-f]{32}$/);
    expect(ids.service_sid).toMatch(/^VA[0-9a-f]{32}$/);
    await one.speak([]);
    expect((await one.call('GET', `/v1/applications/${one.application.id}`)).body['twilio']).toBeNull();
    expect(await errorOf(verifyService().fetch())).toEqual([404, 20404]);
  });

  it('reads and lists the service', async () => {
    const service = await verifyService().fetch();
    expect(service).toMatchObject({
      sid: ids.service_sid,
      accountSid: ids.account_sid,
      friendlyName: 'Watchword',
      codeLength: 6,
      customCodeEnabled: false,
    });
    expect(service.dateCreated).toBeInstanceOf(Date);
    const listed = await clientOf(one.keys.live).verify.v2.services.list({ limit: 20 });
    expect(listed.map(({ sid }) => sid)).toEqual([ids.service_sid]);
    expect(await errorOf(clientOf(one.keys.live).verify.v2.services.create({ friendlyName: 'x' }))).toEqual([
      405, 20004,
    ]);
  });

  it('creates a verification and checks it by number', async () => {
    const created = await verifyService().verifications.create({ to: PHONE, channel: 'sms' });
    expect(created).toMatchObject({
      to: PHONE,
      channel: 'sms',
      status: 'pending',
      valid: false,
      amount: null,
      payee: null,
    });
    expect(created.sid).toMatch(/^VE[0-9a-f]{32}$/);
    expect(created.serviceSid).toBe(ids.service_sid);
    expect(created.accountSid).toBe(ids.account_sid);
    expect(created.dateCreated).toBeInstanceOf(Date);
    expect(created.sendCodeAttempts).toEqual([
      { time: expect.stringMatching(/Z$/), channel: 'SMS', attempt_sid: expect.stringMatching(/^VL[0-9a-f]{32}$/) },
    ]);
    const code = await one.deliveredCode();
    const wrong = await verifyService().verificationChecks.create({ to: PHONE, code: wrongCode(code) });
    expect(wrong).toMatchObject({ sid: created.sid, status: 'pending', valid: false });
    const right = await verifyService().verificationChecks.create({ to: PHONE, code });
    expect(right).toMatchObject({ sid: created.sid, to: PHONE, channel: 'sms', status: 'approved', valid: true });
    const again = verifyService().verificationChecks.create({ to: PHONE, code });
    expect(await errorOf(again)).toEqual([404, 20404]);
    expect(await errorOf(verifyService().verifications(created.sid).fetch())).toEqual([404, 20404]);
  });

  it('checks by SID, with or without the number', async () => {
    const { sid } = await verifyService().verifications.create({ to: PHONE, channel: 'sms' });
    const code = await one.deliveredCode();
    const other = verifyService().verificationChecks.create({ verificationSid: sid, to: '+14155552672', code });
    expect(await errorOf(other)).toEqual([404, 20404]);
    const checked = await verifyService().verificationChecks.create({ verificationSid: sid, code });
    expect(checked).toMatchObject({ sid, status: 'approved', valid: true });
  });

  it.each([
    ['call', 'voice'],
    ['email', 'email'],
    ['sms', 'sms'],
  ])('sends by %s', async (channel, ours) => {
    const to = channel === 'email' ? MAIL : PHONE;
    const created = await verifyService().verifications.create({ to, channel });
    expect(created).toMatchObject({ to, channel });
    const code = await one.deliveredCode();
    expect(one.sink.last().channel).toBe(ours);
    expect((await verifyService().verificationChecks.create({ to, code })).valid).toBe(true);
  });

  it('sends the same code again under the same SID, also over another channel', async () => {
    const first = await verifyService().verifications.create({ to: PHONE, channel: 'sms' });
    const code = await one.deliveredCode();
    const second = await verifyService().verifications.create({ to: PHONE, channel: 'sms' });
    const third = await verifyService().verifications.create({ to: PHONE, channel: 'call' });
    expect([second.sid, third.sid]).toEqual([first.sid, first.sid]);
    expect(await one.deliveredCode()).toBe(code);
    expect(one.sink.messages.map(({ channel }) => channel).toSorted()).toEqual(['sms', 'sms', 'voice']);
    expect(third.sendCodeAttempts).toHaveLength(3);
    expect(new Set(third.sendCodeAttempts.map(({ attempt_sid }: { attempt_sid: string }) => attempt_sid)).size).toBe(3);
  });

  it('60203: refuses the sixth message', async () => {
    for (let i = 0; i < 5; i++) await verifyService().verifications.create({ to: PHONE, channel: 'sms' });
    expect(await errorOf(verifyService().verifications.create({ to: PHONE, channel: 'sms' }))).toEqual([429, 60203]);
  });

  it('60202: refuses every code after the fifth wrong one, by number and by SID', async () => {
    const { sid } = await verifyService().verifications.create({ to: PHONE, channel: 'sms' });
    const code = await one.deliveredCode();
    for (let i = 0; i < 5; i++) {
      const wrong = await verifyService().verificationChecks.create({ to: PHONE, code: wrongCode(code) });
      expect(wrong.status).toBe('pending');
    }
    expect(await errorOf(verifyService().verificationChecks.create({ to: PHONE, code }))).toEqual([429, 60202]);
    const bySid = verifyService().verificationChecks.create({ verificationSid: sid, code });
    expect(await errorOf(bySid)).toEqual([429, 60202]);
    one.clock.now += 600_000;
    expect(await errorOf(verifyService().verificationChecks.create({ to: PHONE, code }))).toEqual([404, 20404]);
  });

  it('20404: after the end of its life there is no verification', async () => {
    const { sid } = await verifyService().verifications.create({ to: PHONE, channel: 'sms' });
    const code = await one.deliveredCode();
    one.clock.now += 600_000;
    expect(await errorOf(verifyService().verificationChecks.create({ to: PHONE, code }))).toEqual([404, 20404]);
    expect(await errorOf(verifyService().verificationChecks.create({ verificationSid: sid, code }))).toEqual([
      404, 20404,
    ]);
    expect(await errorOf(verifyService().verifications(sid).fetch())).toEqual([404, 20404]);
  });

  it('fetches an open verification by SID and by number, and cancels it', async () => {
    const { sid } = await verifyService().verifications.create({ to: PHONE, channel: 'sms' });
    expect(await verifyService().verifications(PHONE).fetch()).toMatchObject({ sid, to: PHONE, status: 'pending' });
    const bySid = await verifyService().verifications(sid).fetch();
    expect(bySid).toMatchObject({ sid, status: 'pending' });
    expect(bySid.to).not.toContain('555');
    expect(await errorOf(verifyService().verifications(sid).update({ status: 'approved' }))).toEqual([403, 60204]);
    const canceled = await verifyService().verifications(sid).update({ status: 'canceled' });
    expect(canceled).toMatchObject({ sid, status: 'canceled', valid: false });
    expect(await errorOf(verifyService().verifications(sid).update({ status: 'canceled' }))).toEqual([404, 20404]);
  });

  it('approves by update what was started with a code of the caller’s own, which it checked itself; nothing else', async () => {
    await one.setPolicy('twilio_verify', { custom_code: true });
    const { sid } = await verifyService().verifications.create({ to: PHONE, channel: 'sms', customCode: '864209' });
    const approved = await verifyService().verifications(sid).update({ status: 'approved' });
    expect(approved).toMatchObject({ sid, status: 'approved', valid: true });
    expect(await errorOf(verifyService().verifications(sid).update({ status: 'approved' }))).toEqual([404, 20404]);
    const check = verifyService().verificationChecks.create({ verificationSid: sid, code: '864209' });
    expect(await errorOf(check)).toEqual([404, 20404]);
    const [record] = (await one.call('GET', '/v1/verifications')).body['data'];
    expect(record).toMatchObject({ status: 'approved', status_reason: 'own_code', checks: 1 });
    const { data } = (await one.call('GET', `/v1/verifications/${record.id}/events`)).body;
    const fact = data.find(({ type }: { type: string }) => type === 'approved');
    expect(fact).toMatchObject({ actor: { type: 'api_key' }, data: { method: 'own_code' } });
    // A code that was drawn here is for the person alone, whatever the policy would have taken.
    const drawn = await verifyService().verifications.create({ to: PHONE, channel: 'sms' });
    expect(await errorOf(verifyService().verifications(drawn.sid).update({ status: 'approved' }))).toEqual([
      403, 60204,
    ]);
    expect(await verifyService().verifications(drawn.sid).fetch()).toMatchObject({ status: 'pending' });
  });

  it('asks of whoever approves by update what it asks of whoever checks', async () => {
    await one.setPolicy('twilio_verify', { custom_code: true });
    const made = await one.call('POST', '/v1/api-keys', { mode: 'live', scopes: ['send', 'read'] });
    const sending = clientOf(String(made.body['key'])).verify.v2.services(ids.service_sid);
    const { sid } = await sending.verifications.create({ to: PHONE, channel: 'sms', customCode: '864209' });
    expect(await errorOf(sending.verifications(sid).update({ status: 'approved' }))).toEqual([403, 20403]);
    expect(await verifyService().verifications(sid).fetch()).toMatchObject({ status: 'pending' });
  });

  it('binds a code to amount and payee', async () => {
    const transaction = { amount: '€39.99', payee: 'Acme Inc.' };
    const created = await verifyService().verifications.create({ to: PHONE, channel: 'sms', ...transaction });
    expect(created).toMatchObject(transaction);
    const code = await one.deliveredCode();
    const other = await verifyService().verificationChecks.create({ to: PHONE, code, ...transaction, payee: 'Eve' });
    expect(other.valid).toBe(false);
    expect(await errorOf(verifyService().verificationChecks.create({ to: PHONE, code }))).toEqual([400, 60206]);
    const half = verifyService().verificationChecks.create({ to: PHONE, code, amount: '1' });
    expect(await errorOf(half)).toEqual([400, 60206]);
    const right = await verifyService().verificationChecks.create({ to: PHONE, code, ...transaction });
    expect(right).toMatchObject({ valid: true, ...transaction });
    // Another transaction is another verification.
    const next = await verifyService().verifications.create({ to: PHONE, channel: 'sms', ...transaction });
    const changed = await verifyService().verifications.create({
      to: PHONE,
      channel: 'sms',
      amount: '€1',
      payee: 'Eve',
    });
    expect(changed.sid).not.toBe(next.sid);
  });

  it('takes a custom code where the policy does, and says openly where it does not', async () => {
    const create = () => verifyService().verifications.create({ to: PHONE, channel: 'sms', customCode: '271828' });
    expect(await errorOf(create())).toEqual([403, 60204]);
    await one.setPolicy('twilio_verify', { custom_code: true });
    expect((await verifyService().fetch()).customCodeEnabled).toBe(true);
    const first = await create();
    expect(await one.deliveredCode()).toBe('271828');
    const second = await verifyService().verifications.create({ to: PHONE, channel: 'sms', customCode: '314159' });
    expect(second.sid).not.toBe(first.sid);
    expect((await verifyService().verificationChecks.create({ to: PHONE, code: '314159' })).valid).toBe(true);
  });

  it('writes in the language that is asked for, and keeps the tags', async () => {
    await verifyService().verifications.create({
      to: PHONE,
      channel: 'sms',
      locale: 'de',
      tags: '{"tenant_id":"12345"}',
    });
    await one.deliveredCode();
    expect(one.sink.last().locale).toBe('de');
    const { data } = (await one.call('GET', '/v1/verifications')).body;
    expect(data[0]).toMatchObject({ purpose: 'twilio_verify', locale: 'de', metadata: { tenant_id: '12345' } });
  });

  it('counts the address of the end user by the limit of that name, and refuses names it would not count', async () => {
    await one.call('PATCH', `/v1/applications/${one.application.id}`, { limits: { signal_ip: { max: 1 } } });
    one.clock.now += 1_000;
    const rateLimits = JSON.stringify({ end_user_ip_address: '203.0.113.7' });
    await verifyService().verifications.create({ to: PHONE, channel: 'sms', rateLimits });
    const next = verifyService().verifications.create({ to: '+14155552672', channel: 'sms', rateLimits });
    expect(await errorOf(next)).toEqual([429, 20429]);
    const unknown = verifyService().verifications.create({ to: PHONE, channel: 'sms', rateLimits: '{"session":"1"}' });
    expect(await errorOf(unknown)).toEqual([400, 60200]);
  });

  it.each([
    ['templateSid', { templateSid: 'HJaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' }],
    ['customFriendlyName', { customFriendlyName: 'Bank' }],
    ['customMessage', { customMessage: 'Hi' }],
    ['appHash', { appHash: 'AAAAAAAAAAA' }],
    ['sendDigits', { sendDigits: '1' }],
  ])('60204: refuses %s openly instead of dropping it', async (_name, extra) => {
    const create = verifyService().verifications.create({ to: PHONE, channel: 'sms', ...extra });
    expect(await errorOf(create)).toEqual([403, 60204]);
  });

  it.each([
    ['a number that is none', { to: '12', channel: 'sms' }],
    ['an unknown channel', { to: PHONE, channel: 'pigeon' }],
    ['silent network authentication', { to: PHONE, channel: 'sna' }],
    ['no channel', { to: PHONE, channel: '' }],
    ['a wrong locale', { to: PHONE, channel: 'sms', locale: '!!' }],
    ['tags that are no JSON', { to: PHONE, channel: 'sms', tags: '{' }],
    ['a device address that is none', { to: PHONE, channel: 'sms', deviceIp: '999.1.1.1' }],
  ])('60200: refuses %s', async (_name, options) => {
    expect(await errorOf(verifyService().verifications.create(options))).toEqual([400, 60200]);
  });

  it('60205: a landline takes no SMS, but a call', async () => {
    const landline = '+493012345678';
    expect(await errorOf(verifyService().verifications.create({ to: landline, channel: 'sms' }))).toEqual([403, 60205]);
    expect((await verifyService().verifications.create({ to: landline, channel: 'call' })).status).toBe('pending');
  });

  it('60605, 60223, 21610: refuses closed countries, channels that are not to be had, and who said stop', async () => {
    await one.setPolicy('twilio_verify', { channels: ['sms', 'voice'] });
    expect(await errorOf(verifyService().verifications.create({ to: PHONE, channel: 'whatsapp' }))).toEqual([
      403, 60223,
    ]);
    await one.call('POST', '/v1/lists/suppressions', { to: PHONE });
    expect(await errorOf(verifyService().verifications.create({ to: PHONE, channel: 'sms' }))).toEqual([400, 21610]);
    await one.call('PATCH', `/v1/applications/${one.application.id}`, { countries: ['DE'] });
    one.clock.now += 1_000;
    expect(await errorOf(verifyService().verifications.create({ to: PHONE, channel: 'sms' }))).toEqual([403, 60605]);
  });

  it('60212: says so when a policy asks for a wait between messages', async () => {
    await one.setPolicy('twilio_verify', { resend_cooldown_seconds: [30] });
    await verifyService().verifications.create({ to: PHONE, channel: 'sms' });
    expect(await errorOf(verifyService().verifications.create({ to: PHONE, channel: 'sms' }))).toEqual([429, 60212]);
  });

  it('a code of another length is a wrong one, and costs nothing', async () => {
    await verifyService().verifications.create({ to: PHONE, channel: 'sms' });
    const code = await one.deliveredCode();
    for (let i = 0; i < 9; i++)
      expect((await verifyService().verificationChecks.create({ to: PHONE, code: '12345678' })).status).toBe('pending');
    expect(await errorOf(verifyService().verificationChecks.create({ to: PHONE, code: '1' }))).toEqual([400, 60200]);
    expect(await errorOf(verifyService().verificationChecks.create({ code }))).toEqual([400, 60200]);
    expect((await verifyService().verificationChecks.create({ to: PHONE, code })).valid).toBe(true);
  });

  it('20003: refuses wrong keys, other accounts and keys of other applications', async () => {
    expect(await errorOf(clientOf('ww_live_nothing').verify.v2.services(ids.service_sid).fetch())).toEqual([
      401, 20003,
    ]);
    const account = `AC${'0'.repeat(32)}`;
    expect(await errorOf(clientOf(one.keys.live, account).verify.v2.services(ids.service_sid).fetch())).toEqual([
      401, 20003,
    ]);
  });

  it('test keys reach only the inbox', async () => {
    const service = clientOf(one.keys.test).verify.v2.services(ids.service_sid);
    const { sid } = await service.verifications.create({ to: PHONE, channel: 'sms' });
    await one.service.worker.tick();
    expect(one.sink.messages).toHaveLength(0);
    expect(await errorOf(verifyService().verifications(sid).fetch())).toEqual([404, 20404]);
    const checked = await service.verificationChecks.create({ to: PHONE, code: one.inbox.last().code.reveal() });
    expect(checked.valid).toBe(true);
  });

  it('one of many parallel right codes is approved, the others find nothing', async () => {
    await verifyService().verifications.create({ to: PHONE, channel: 'sms' });
    const code = await one.deliveredCode();
    const all = await Promise.allSettled(
      Array.from({ length: 12 }, () => verifyService().verificationChecks.create({ to: PHONE, code })),
    );
    expect(all.filter((result) => result.status === 'fulfilled' && result.value.valid)).toHaveLength(1);
  });
});
