import { expect } from 'vitest';
import { providerContract } from '../support/provider-contract.ts';

const SID = `AC${'0123456789abcdef'.repeat(2)}`;
const TOKEN = 'auth-token-of-the-account';

const refused = (code: number, status: number, message: string): string =>
  JSON.stringify({ code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status });

providerContract({
  scheme: 'twilio',
  channel: 'sms',
  dsn: (port) => `twilio://${SID}:${TOKEN}@127.0.0.1:${port}?from=%2B14155292729&tls=0`,
  credentials: [SID, TOKEN],
  success: {
    reply: { status: 201, body: JSON.stringify({ sid: 'SM1', status: 'queued', num_segments: '1', price: null }) },
    messageId: 'SM1',
  },
  request(call, message) {
    expect(call.method).toBe('POST');
    expect(call.url).toBe(`/2010-04-01/Accounts/${SID}/Messages.json`);
    expect(call.headers.authorization).toBe(`Basic ${Buffer.from(`${SID}:${TOKEN}`).toString('base64')}`);
    expect(Object.fromEntries(new URLSearchParams(call.body))).toEqual({
      To: message.to,
      From: '+14155292729',
      Body: message.text,
    });
  },
  errors: [
    { code: '20003', status: 401, body: refused(20003, 401, 'Authenticate'), kind: 'misconfigured' },
    { code: '20404', status: 404, body: refused(20404, 404, 'Not found'), kind: 'misconfigured' },
    { code: '20429', status: 429, body: refused(20429, 429, 'Too Many Requests'), kind: 'rate_limited' },
    {
      code: '21211',
      status: 400,
      body: refused(21211, 400, "Invalid 'To' Phone Number: +14155552671"),
      kind: 'invalid_destination',
    },
    { code: '21212', status: 400, body: refused(21212, 400, "Invalid 'From' Number"), kind: 'misconfigured' },
    { code: '21408', status: 403, body: refused(21408, 403, 'Region not enabled'), kind: 'rejected' },
    { code: '21606', status: 400, body: refused(21606, 400, 'From cannot send SMS'), kind: 'misconfigured' },
    { code: '21610', status: 400, body: refused(21610, 400, 'Unsubscribed recipient'), kind: 'rejected' },
    { code: '21612', status: 400, body: refused(21612, 400, 'Not reachable'), kind: 'invalid_destination' },
    { code: '21614', status: 400, body: refused(21614, 400, 'Not a mobile number'), kind: 'invalid_destination' },
    { code: '30450', status: 403, body: refused(30450, 403, 'Blocked'), kind: 'suspected_fraud' },
    { code: '60410', status: 403, body: refused(60410, 403, 'Blocked for fraud'), kind: 'suspected_fraud' },
  ],
});
