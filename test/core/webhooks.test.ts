import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../src/core/events.ts';
import { isPublicIp } from '../../src/core/public-ip.ts';
import { nextTryAt, webhookEventOf } from '../../src/core/webhooks.ts';

const HOUR_MS = 3_600_000;

describe('the schedule of a webhook', () => {
  it('makes ten tries over about 75 hours, each a little earlier or later', () => {
    for (const chance of [0, 0.5, 0.999]) {
      let now = 0;
      let tries = 1;
      for (let next = nextTryAt(tries, now, chance); next !== null; next = nextTryAt(tries, now, chance)) {
        expect(next).toBeGreaterThan(now);
        now = next;
        tries++;
      }
      expect(tries).toBe(10);
      expect(now / HOUR_MS).toBeGreaterThan(67);
      expect(now / HOUR_MS).toBeLessThan(84);
    }
  });
});

it('a webhook is told of eight kinds of events', () => {
  const told = EVENT_TYPES.map(webhookEventOf).filter((name) => name !== null);
  expect(new Set(told).size).toBe(8);
});

describe('a public address', () => {
  it.each(['8.8.8.8', '1.1.1.1', '93.184.216.34', '2606:4700:4700::1111', '2a00:1450:4001:80b::200e'])(
    'is %s',
    (ip) => {
      expect(isPublicIp(ip)).toBe(true);
    },
  );

  it.each([
    '127.0.0.1',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '100.127.255.254',
    '198.18.0.1',
    '192.0.2.1',
    '203.0.113.9',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::a9fe:a9fe',
    'fe80::1',
    'fd00::1',
    'fc00::1',
    'ff02::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '2001::1',
    'fec0::1',
    '',
    'localhost',
    '2130706433',
    '0x7f.1',
    '127.1',
    '010.0.0.1',
    '1.2.3.4.5',
    'fe80::1%eth0',
  ])('is not %s', (ip) => {
    expect(isPublicIp(ip)).toBe(false);
  });
});
