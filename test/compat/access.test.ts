import { afterEach, describe, expect, it } from 'vitest';
import { createFacades, type Facades, NO_KEY } from './facades.ts';

const PHONE = '+14155552671';
let one: Facades;
afterEach(() => one.close());

/** One request per dialect that would send a code. */
const STARTS = {
  'phone-verify': { path: '/api/phone/register', body: { phone_number: PHONE } },
  otp: { path: '/otp/send/', body: { destination: PHONE } },
  camara: { path: '/camara/one-time-password-sms/v1/send-code', body: { phoneNumber: PHONE, message: '{{code}}' } },
} as const;
type KeyedDialect = keyof typeof STARTS;
const KEYED = Object.keys(STARTS) as readonly KeyedDialect[];

function start(dialect: KeyedDialect, headers: Readonly<Record<string, string | null>> = {}, query = '') {
  const { path, body } = STARTS[dialect];
  return one.send('POST', `${path}${query}`, body, headers);
}

describe('who may use a façade', () => {
  it.each(KEYED)('%s is not there until the application names it', async (dialect) => {
    one = await createFacades([]);
    expect((await start(dialect)).status).toBe(404);
    expect((await start(dialect, NO_KEY)).status).toBe(404);
    await one.speak([dialect]);
    expect((await start(dialect)).status).toBe(200);
    await one.speak(KEYED.filter((other) => other !== dialect));
    expect((await start(dialect)).status).toBe(404);
  });

  it.each(KEYED)('%s needs an API key with the scope', async (dialect) => {
    one = await createFacades([dialect]);
    expect((await start(dialect, NO_KEY)).status).toBe(401);
    for (const authorization of ['Bearer nothing', 'Bearer', `Basic ${one.keys.live}`, 'x'.repeat(600)])
      expect((await start(dialect, { authorization })).status).toBe(401);
    const reader = await one.newKey(one.application, 'live', ['read', 'check']);
    expect((await start(dialect, { authorization: `Bearer ${reader}` })).status).toBe(403);
  });

  it('is open as soon as the answer says so, also to a key that was just used', async () => {
    one = await createFacades([]);
    expect((await start('otp')).status).toBe(404);
    expect((await one.call('PATCH', `/v1/applications/${one.application.id}`, { compat: ['otp'] })).status).toBe(200);
    expect((await start('otp')).status).toBe(200);
  });

  it('takes one entry per dialect, and `public` only where browsers call', async () => {
    one = await createFacades(['otp:public', 'phone-verify', 'twilio', 'camara']);
    const path = `/v1/applications/${one.application.id}`;
    for (const compat of [['otp', 'otp:public'], ['twilio:public'], ['camara:public'], ['soap']])
      expect((await one.call('PATCH', path, { compat })).status).toBe(400);
  });
});

describe.each(['phone-verify', 'otp'] as const)('%s without keys', (dialect) => {
  it('is open where the application says public, and only for live messages', async () => {
    one = await createFacades([`${dialect}:public`]);
    expect((await start(dialect, NO_KEY)).status).toBe(200);
    await one.service.worker.tick();
    expect(one.sink.messages).toHaveLength(1);
    const { data } = (await one.call('GET', '/v1/verifications?actor=hosted')).body;
    expect(data).toHaveLength(1);
    expect((await start(dialect, { authorization: 'Bearer nothing' })).status).toBe(401);
  });

  it('means the application that ?app= names', async () => {
    one = await createFacades([`${dialect}:public`]);
    await one.call('POST', '/v1/applications', { name: 'shop' });
    one.clock.now += 1_000;
    expect((await start(dialect, NO_KEY, '?app=default')).status).toBe(200);
    expect((await start(dialect, NO_KEY, '?app=shop')).status).toBe(404);
    expect((await start(dialect, NO_KEY, '?app=nobody')).status).toBe(404);
  });

  it('refuses pages of other sites', async () => {
    one = await createFacades([`${dialect}:public`]);
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ])
      expect((await start(dialect, { ...NO_KEY, ...headers })).status).toBe(403);
    expect(
      (await start(dialect, { ...NO_KEY, origin: 'http://localhost', 'sec-fetch-site': 'same-origin' })).status,
    ).toBe(200);
  });

  it('is limited by the browser’s address, which no header of its own changes', async () => {
    one = await createFacades([`${dialect}:public`]);
    const call = (i: number) => {
      const { path } = STARTS[dialect];
      const body = dialect === 'otp' ? { destination: `+1415555${2000 + i}` } : { phone_number: `+1415555${2000 + i}` };
      return one.send('POST', path, body, { ...NO_KEY, 'x-forwarded-for': `203.0.113.${i}` });
    };
    const statuses = [];
    for (let i = 0; i < 12; i++) statuses.push((await call(i)).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 429, 429]);
  });
});

describe('two tenants', () => {
  it('G12: no façade reads, checks or ends what is the other’s', async () => {
    one = await createFacades(['twilio', 'phone-verify', 'otp', 'camara']);
    const other = await one.call('POST', '/v1/applications', { name: 'other' });
    one.clock.now += 1_000;
    const application = await one.service.applications.find('other');
    if (application === null) throw new Error('no application');
    await one.store.applications.update({ ...application, compat: ['twilio', 'phone-verify', 'otp', 'camara'] });
    one.clock.now += 2_000;
    const mine = `Bearer ${one.keys.live}`;
    const theirs = `Bearer ${await one.newKey(application)}`;

    const registered = await one.send('POST', '/api/phone/register', { phone_number: PHONE }, { authorization: mine });
    const code = await one.deliveredCode();
    const token = String(registered.body['session_token']);
    const verify = { phone_number: PHONE, security_code: code, session_token: token };
    expect((await one.send('POST', '/api/phone/verify', verify, { authorization: theirs })).status).toBe(400);
    expect((await one.send('POST', '/api/phone/verify', verify, { authorization: mine })).status).toBe(200);

    await one.send('POST', '/otp/send', { destination: PHONE }, { authorization: mine });
    const otp = { destination: PHONE, code: await one.deliveredCode() };
    expect((await one.send('POST', '/otp/verify', otp, { authorization: theirs })).body['code']).toBe(
      'expired_or_not_sent',
    );
    expect((await one.send('POST', '/otp/verify', otp, { authorization: mine })).status).toBe(200);

    const camara = '/camara/one-time-password-sms/v1';
    const sent = await one.send(
      'POST',
      `${camara}/send-code`,
      { phoneNumber: PHONE, message: '{{code}}' },
      { authorization: mine },
    );
    const guess = { authenticationId: sent.body['authenticationId'], code: await one.deliveredCode() };
    expect((await one.send('POST', `${camara}/validate-code`, guess, { authorization: theirs })).status).toBe(404);
    expect((await one.send('POST', `${camara}/validate-code`, guess, { authorization: mine })).status).toBe(204);

    const my = one.service.applications.sids(one.application);
    const their = one.service.applications.sids(application);
    const basic = (account: string, key: string) => ({
      authorization: `Basic ${Buffer.from(`${account}:${key.slice('Bearer '.length)}`).toString('base64')}`,
    });
    const base = `/twilio/v2/Services/${my.service_sid}`;
    const form = `To=${encodeURIComponent(PHONE)}&Channel=sms`;
    const created = await one.send('POST', `${base}/Verifications`, form, basic(my.account_sid, mine));
    expect(created.status).toBe(201);
    const { sid } = created.body;
    const foreign = basic(their.account_sid, theirs);
    expect((await one.send('POST', `${base}/Verifications`, form, foreign)).status).toBe(404);
    expect((await one.send('GET', base, undefined, foreign)).status).toBe(404);
    const theirBase = `/twilio/v2/Services/${their.service_sid}`;
    for (const call of [
      one.send('GET', `${theirBase}/Verifications/${sid}`, undefined, foreign),
      one.send('GET', `${theirBase}/Verifications/${PHONE}`, undefined, foreign),
      one.send('POST', `${theirBase}/Verifications/${sid}`, 'Status=canceled', foreign),
      one.send('POST', `${theirBase}/VerificationCheck`, `VerificationSid=${sid}&Code=123456`, foreign),
      one.send('POST', `${theirBase}/VerificationCheck`, `To=${encodeURIComponent(PHONE)}&Code=123456`, foreign),
    ])
      expect([(await call).status, (await call).body['code']]).toEqual([404, 20404]);
    expect((await one.send('GET', base, undefined, basic(their.account_sid, mine))).status).toBe(401);
    expect((await one.send('GET', `${base}/Verifications/${sid}`, undefined, basic(my.account_sid, mine))).status).toBe(
      200,
    );
    expect(other.status).toBe(201);
  });

  it('A35: a verification of the API is none of a façade, by whatever name', async () => {
    one = await createFacades(['twilio', 'phone-verify', 'otp', 'camara']);
    const { id, code } = await one.startAndRead(PHONE);
    const guess = { authenticationId: id, code };
    expect((await one.send('POST', '/camara/one-time-password-sms/v1/validate-code', guess)).status).toBe(404);
    expect((await one.send('POST', '/otp/verify', { destination: PHONE, code })).status).toBe(400);
    expect((await one.call('POST', `/v1/verifications/${id}/checks`, { code })).body['result']).toBe('approved');
  });
});
