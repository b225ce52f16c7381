import { afterEach, expect, it } from 'vitest';
import { countStoreCalls } from '../support/store-calls.ts';
import { createFacades, type Facades } from './facades.ts';

let one: Facades;
afterEach(() => one.close());

it('a façade asks the store for a start and a check what the API asks it under the same policy', async () => {
  const { mutate, during } = countStoreCalls();
  one = await createFacades(['twilio', 'phone-verify', 'otp', 'camara'], { mutate });
  const { account_sid, service_sid } = one.service.applications.sids(one.application);
  const basic = { authorization: `Basic ${Buffer.from(`${account_sid}:${one.keys.live}`).toString('base64')}` };
  const twilio = `/twilio/v2/Services/${service_sid}`;
  const camara = '/camara/one-time-password-sms/v1';
  const number = (last: number): string => `+1415555267${last}`;
  const WAYS = {
    phone_verification: {
      start: (to: string) => one.send('POST', '/api/phone/register', { phone_number: to }),
      check: (to: string, code: string, begun: Record<string, any>) =>
        one.send('POST', '/api/phone/verify', { phone_number: to, security_code: code, ...begun }),
    },
    otp: {
      start: (to: string) => one.send('POST', '/otp/send', { destination: to }),
      check: (to: string, code: string) => one.send('POST', '/otp/verify', { destination: to, code }),
    },
    twilio_verify: {
      start: (to: string) =>
        one.send('POST', `${twilio}/Verifications`, `To=${encodeURIComponent(to)}&Channel=sms`, basic),
      check: (to: string, code: string) =>
        one.send('POST', `${twilio}/VerificationCheck`, `To=${encodeURIComponent(to)}&Code=${code}`, basic),
    },
    one_time_password_sms: {
      start: (to: string) => one.send('POST', `${camara}/send-code`, { phoneNumber: to, message: '{{code}}' }),
      check: (_to: string, code: string, begun: Record<string, any>) =>
        one.send('POST', `${camara}/validate-code`, { ...begun, code }),
    },
  } as const;
  await one.call('POST', '/v1/verifications', { to: number(9) });
  // Else its message and the next one go out at once, and either may be the newest.
  await one.deliveredCode();
  await one.send('GET', twilio, undefined, basic);
  for (const [purpose, { start, check }] of Object.entries(WAYS)) {
    const native = await during(() => one.call('POST', '/v1/verifications', { to: number(1), purpose }));
    const path = ['otp', 'twilio_verify'].includes(purpose)
      ? '/v1/checks'
      : `/v1/verifications/${native.answer.body['id']}/checks`;
    const named = path === '/v1/checks' ? { to: number(1), purpose } : {};
    const code = await one.deliveredCode();
    const judged = await during(() => one.call('POST', path, { ...named, code }));
    expect(judged.answer.body['result']).toBe('approved');
    const begun = await during(() => start(number(2)));
    const submitted = await one.deliveredCode();
    const checked = await during(() => check(number(2), submitted, begun.answer.body));
    expect([purpose, checked.answer.status < 300]).toEqual([purpose, true]);
    expect([purpose, begun.asked]).toEqual([purpose, native.asked]);
    expect([purpose, checked.asked]).toEqual([purpose, judged.asked]);
  }
});
