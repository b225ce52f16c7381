import { describe, expect, it } from 'vitest';
import { contrastOnWhite } from '../../src/core/contrast.ts';
import { LIMIT_NAMES } from '../../src/core/limits.ts';
import { POLICY_BOUNDS, PRESETS } from '../../src/core/policy.ts';
import {
  applicationPatchSchema,
  applicationSchema,
  configSchema,
  fieldErrors,
  limitsSchema,
  policySchema,
} from '../../src/schema/index.ts';
import type { z } from 'zod';

function pointers(schema: z.ZodType, value: unknown): readonly string[] {
  const parsed = schema.safeParse(value);
  return parsed.success ? [] : fieldErrors(parsed.error.issues, value).map(({ pointer }) => pointer);
}

describe('a policy', () => {
  it.each(Object.entries(PRESETS))('takes the whole preset %s', (_, preset) => {
    expect(policySchema.parse(preset)).toEqual(preset);
  });

  it.each([
    ['ttl_seconds', POLICY_BOUNDS.ttl_seconds],
    ['max_checks', POLICY_BOUNDS.max_checks],
    ['max_sends', POLICY_BOUNDS.max_sends],
    ['retention_days', POLICY_BOUNDS.retention_days],
  ])('%s stays within its bounds', (field, { min, max }) => {
    for (const inside of [min, max]) expect(pointers(policySchema, { [field]: inside })).toEqual([]);
    for (const outside of [min - 1, max + 1, min + 0.5, String(min), Number.NaN])
      expect(pointers(policySchema, { [field]: outside })).toEqual([`/${field}`]);
  });

  it('fills half a code from the presets', () => {
    expect(policySchema.parse({ code: { length: 8 } })).toEqual({ code: { length: 8, alphabet: 'digits' } });
    expect(policySchema.parse({ code: { alphabet: 'safe' } })).toEqual({ code: { length: 6, alphabet: 'safe' } });
  });

  it.each([
    [{ code: { length: 3 } }, '/code/length'],
    [{ code: { length: 11 } }, '/code/length'],
    [{ code: { alphabet: 'hex' } }, '/code/alphabet'],
    [{ code: { pattern: 'x' } }, '/code/pattern'],
    [{ resend_cooldown_seconds: [] }, '/resend_cooldown_seconds'],
    [{ resend_cooldown_seconds: [30, -1] }, '/resend_cooldown_seconds/1'],
    [{ channels: ['sms', 'sms'] }, '/channels'],
    [{ channels: ['fax'] }, '/channels/0'],
    [{ preset: 'none' }, '/preset'],
    [{ constructor: 1 }, '/constructor'],
  ])('%j is refused at %s', (value, pointer) => {
    expect(pointers(policySchema, value)).toEqual([pointer]);
  });
});

describe('an application', () => {
  const GOOD = {
    name: 'Shop 24',
    brand: 'Booking.example & Söhne',
    preset: 'desk',
    default_country: 'AU',
    countries: ['AU', 'NZ', 'XK'],
    time_zone: 'Australia/Sydney',
    locale: 'en-AU',
    return_urls: [
      'https://shop.example/done?x=1',
      'http://localhost:3000/done',
      'http://127.0.0.1/',
      'http://[::1]:8080/',
    ],
    reasons: ['Address change'],
    limits: { destination_sends: { max: 20, window_seconds: 86_400 } },
    compat: ['twilio', 'phone-verify', 'otp', 'camara'],
    frame_ancestors: ['https://shop.example', 'https://a.example:8443'],
    accent: '#0a58ca',
    test_code: '123456',
  };

  it('takes every field', () => {
    expect(applicationSchema.parse(GOOD)).toEqual(GOOD);
    expect(pointers(applicationSchema, { name: 'a' })).toEqual([]);
    expect(pointers(applicationPatchSchema, {})).toEqual([]);
    expect(
      pointers(applicationPatchSchema, { default_country: null, countries: null, accent: null, test_code: null }),
    ).toEqual([]);
  });

  it.each([
    ['name', ['', 'app_1', ' a', 'a ', 'a\nb', 'x'.repeat(81), null]],
    ['brand', ['<a href>', 'evil.tk/x', 'a\u202eb', 'x'.repeat(41), '']],
    ['default_country', ['au', 'UK', 'ZZ', 'AUS', '']],
    ['time_zone', ['Mars/Olympus', '+05:00', '']],
    ['accent', ['#fff', 'red', '#ffff00', '#777777', '#0a58ca;x']],
    ['test_code', ['123', '12345678901', 'abcdef', '１２３４', 123_456]],
  ])('%s is refused when it is no such thing', (field, values) => {
    for (const value of values)
      expect(pointers(applicationSchema, { ...GOOD, [field]: value }), JSON.stringify(value)).toEqual([`/${field}`]);
  });

  it.each([
    [
      'return_urls',
      [
        'http://shop.example/',
        'https://u:p@shop.example/',
        'https://shop.example/#x',
        'javascript:alert(1)',
        '/done',
        'https://shop.example/a b',
        'https:\\\\x',
        'http://127.0.0.1.evil.example/',
        'http://localhost.evil.example/',
      ],
    ],
    [
      'frame_ancestors',
      [
        'http://shop.example',
        'https://shop.example/',
        'https://shop.example/x',
        '*',
        'https://*.example',
        'https://SHOP.example',
        "https://a.example; script-src 'x'",
      ],
    ],
    ['countries', ['us', 'EUR', 'UK']],
    ['compat', ['firebase']],
    ['reasons', ['', 'a\tb']],
  ])('%s is refused item by item', (field, values) => {
    for (const value of values)
      expect(pointers(applicationSchema, { ...GOOD, [field]: [value] }), value).toEqual([`/${field}/0`]);
  });

  it('measures contrast as WCAG does', () => {
    expect(contrastOnWhite('#000000')).toBeCloseTo(21, 5);
    expect(contrastOnWhite('#ffffff')).toBeCloseTo(1, 5);
    expect(contrastOnWhite('#767676')).toBeGreaterThanOrEqual(4.5);
    expect(contrastOnWhite('#777777')).toBeLessThan(4.5);
  });
});

describe('limits', () => {
  it('are known by name', () => {
    for (const name of LIMIT_NAMES) expect(pointers(limitsSchema, { [name]: { max: 5 } })).toEqual([]);
    expect(pointers(limitsSchema, { sends: { max: 5 } })).toEqual(['/sends']);
    expect(pointers(limitsSchema, { signal_ip: { max: 0 } })).toEqual(['/signal_ip/max']);
    expect(pointers(limitsSchema, { signal_ip: { window_seconds: 60 } })).toEqual(['/signal_ip/max']);
  });

  it('that hold for ever have no window', () => {
    expect(pointers(limitsSchema, { destination_consecutive_failures: { max: 5, window_seconds: 60 } })).toEqual([
      '/destination_consecutive_failures/window_seconds',
    ]);
  });
});

describe('the configuration file', () => {
  it('takes the example of the documentation', () => {
    const config = {
      limits: { destination_sends: { max: 20, window_seconds: 86_400 } },
      applications: [
        {
          name: 'default',
          preset: 'desk',
          default_country: 'AU',
          policies: { login: { ttl_seconds: 300 } },
          providers: { sms: ['twilio://x'] },
        },
      ],
    };
    expect(configSchema.parse(config)).toEqual(config);
  });

  it('lists every fault at once, each at its place', () => {
    const config = {
      limit: {},
      limits: { nope: { max: 1 } },
      applications: [
        { preset: 'x', policies: { Login: {}, login: { max_checks: 99 } }, providers: { fax: [], sms: [1] } },
      ],
    };
    expect(pointers(configSchema, config).toSorted()).toEqual([
      '/applications/0/name',
      '/applications/0/policies/Login',
      '/applications/0/policies/login/max_checks',
      '/applications/0/preset',
      '/applications/0/providers/fax',
      '/applications/0/providers/sms/0',
      '/limit',
      '/limits/nope',
    ]);
  });

  it('refuses two applications of one name', () => {
    expect(pointers(configSchema, { applications: [{ name: 'a' }, { name: 'a' }] })).toEqual(['/applications']);
  });
});
