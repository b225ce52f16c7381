import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FACADE_ROUTES } from '../../src/http/index.ts';
import { createFacades, type Facades } from './facades.ts';

const REQUESTS = Number(process.env['WATCHWORD_FUZZ'] ?? 600);
const NAMES = [
  'phone_number',
  'security_code',
  'session_token',
  'otp',
  'session_code',
  'destination',
  'channel',
  'purpose',
  'code',
  'phoneNumber',
  'message',
  'authenticationId',
  'To',
  'Channel',
  'Code',
  'CustomCode',
  'Locale',
  'Amount',
  'Payee',
  'RateLimits',
  'Tags',
  'VerificationSid',
  'Status',
  'DeviceIp',
  '__proto__',
  'constructor',
];
const VALUES = [
  '+14155552671',
  'ann@example.com',
  '123456',
  'sms',
  'call',
  'login',
  '{{code}}',
  '{}',
  '{"a":1}',
  '[]',
  'canceled',
  'approved',
  '203.0.113.9',
  `VE${'0'.repeat(32)}`,
  `VE${'f'.repeat(32)}`,
  'vrf_01JB0M9S6V4T2K8R5XQZ3N7WYAHCDE',
  'a.b.c',
  '\u0000',
  '\ud800',
  '\u202e',
  '',
  ' ',
  '%',
  'x'.repeat(3_000),
  '1e309',
  '../..',
];
const TYPES = [
  'application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  '',
];

let one: Facades;
let sids: { readonly account_sid: string; readonly service_sid: string };
beforeAll(async () => {
  one = await createFacades(['twilio', 'phone-verify', 'otp', 'camara'], {
    limits: { destination_sends: { max: 1_000_000 }, destination_failures: { max: 1_000_000 } },
  });
  sids = one.service.applications.sids(one.application);
});
afterAll(() => one.close());

const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...VALUES) },
  fc.constantFrom(null, true, 0, -1, 1.5, [], {}),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const fields = fc.dictionary(fc.constantFrom(...NAMES), value, { maxKeys: 6 });
const request = fc.record({
  route: fc.constantFrom(...FACADE_ROUTES),
  method: fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, fc.constantFrom('GET', 'PUT', 'DELETE', 'PATCH')),
  parameter: fc.oneof(fc.constantFrom(...VALUES), fc.string({ maxLength: 20 })),
  type: fc.constantFrom(...TYPES),
  fields,
  raw: fc.option(fc.string({ unit: 'binary', maxLength: 60 }), { freq: 6 }),
});

/** Lone surrogates have no place in a URL. */
function encoded(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '?'));
}

function bodyOf(type: string, given: Readonly<Record<string, unknown>>): string {
  if (type.startsWith('application/x-www'))
    return Object.entries(given)
      .map(([name, text]) => `${encodeURIComponent(name)}=${encoded(String(text))}`)
      .join('&');
  return JSON.stringify(given);
}

describe('hostile input to the façades', () => {
  it('G14: never makes a 5xx, a stack trace or an answer that is no JSON', async () => {
    const authorizations: Readonly<Record<string, string>> = {
      twilio: `Basic ${Buffer.from(`${sids.account_sid}:${one.keys.live}`).toString('base64')}`,
    };
    const seen = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(request, async ({ route, method, parameter, type, fields: given, raw }) => {
        const path = route.path.replace('{service}', sids.service_sid).replace('{sid}', encoded(parameter) || 'x');
        const used = method ?? route.method;
        const body = used === 'GET' ? undefined : (raw ?? bodyOf(type, given));
        const response = await one.api.request(path, {
          method: used,
          headers: {
            authorization: authorizations[route.speech.dialect] ?? `Bearer ${one.keys.live}`,
            ...(type === '' ? {} : { 'content-type': type }),
          },
          ...(body === undefined ? {} : { body }),
        });
        const text = await response.text();
        seen.set(response.status, (seen.get(response.status) ?? 0) + 1);
        expect(response.status, `${used} ${path} ${text}`).toBeLessThan(500);
        if (text !== '') expect(() => JSON.parse(text), text).not.toThrow();
        expect(text).not.toMatch(/\bat [\w.<>]+ \(|node_modules|\.ts:\d/);
        expect(response.headers.get('cache-control')).toBe('no-store');
      }),
      { numRuns: REQUESTS },
    );
    // The requests come through: some are obeyed, and most kinds of refusal are seen.
    expect([...seen.keys()]).toEqual(expect.arrayContaining([200, 400, 404, 405, 415]));
  }, 120_000);
});
