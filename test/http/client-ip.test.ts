import { describe, expect, it } from 'vitest';
import { inCidr, ipLimitKey, parseCidr, parseIp } from '../../src/core/ip.ts';
import { NO_PROXIES, parseTrustedProxies, type TrustedProxies } from '../../src/core/trusted-proxies.ts';
import { clientIp } from '../../src/http/index.ts';

function trust(text: string): TrustedProxies {
  const parsed = parseTrustedProxies(text);
  if (!parsed.ok) throw new Error(`no setting: ${text}`);
  return parsed.value;
}

describe('A7: the address a request counts under', () => {
  it.each([
    ['nobody is trusted by default', '', '203.0.113.9', '1.1.1.1', '203.0.113.9'],
    [
      'the rightmost untrusted address behind a trusted proxy',
      '10.0.0.0/8',
      '10.1.2.3',
      '1.1.1.1, 198.51.100.7',
      '198.51.100.7',
    ],
    ['through two trusted proxies', '10.0.0.0/8', '10.1.2.3', '1.1.1.1, 198.51.100.7, 10.9.9.9', '198.51.100.7'],
    ['a trusted proxy without a header counts as itself', 'loopback', '127.0.0.1', null, '127.0.0.1'],
    ['a forged header of an untrusted peer is nothing', '10.0.0.0/8', '203.0.113.9', '10.0.0.1', '203.0.113.9'],
    ['loopback is both families', 'loopback', '::1', '198.51.100.7', '198.51.100.7'],
    ['an IPv4-mapped peer is its IPv4 address', '10.0.0.0/8', '::ffff:10.1.2.3', '198.51.100.7', '198.51.100.7'],
    ['one hop takes the last entry', '1', '203.0.113.9', '1.1.1.1, 198.51.100.7', '198.51.100.7'],
    ['two hops take the last but one', '2', '203.0.113.9', '1.1.1.1, 198.51.100.7, 192.0.2.1', '198.51.100.7'],
    ['more hops than entries stop at the first entry', '5', '203.0.113.9', '198.51.100.7', '198.51.100.7'],
    [
      'a malformed entry stops at the last vouched address',
      '10.0.0.0/8',
      '10.1.2.3',
      '198.51.100.7, nonsense',
      '10.1.2.3',
    ],
    [
      'a malformed entry further left hides what is behind it',
      '10.0.0.0/8',
      '10.1.2.3',
      '1.1.1.1, x, 10.0.0.2',
      '10.0.0.2',
    ],
    ['ports and brackets are dropped', '10.0.0.1', '10.0.0.1', '[2001:db8::7]:443', '2001:db8:0:0:0:0:0:7'],
    ['a port behind IPv4 is dropped', '10.0.0.1', '10.0.0.1', '198.51.100.7:5050', '198.51.100.7'],
    ['a zone of the peer is dropped', '', 'fe80::1%eth0', null, 'fe80:0:0:0:0:0:0:1'],
  ])('%s', (_, setting, peer, forwarded, expected) => {
    expect(clientIp(peer, forwarded, trust(setting))).toBe(expected);
  });

  it('stays one address whatever an untrusted peer forwards', () => {
    const seen = new Set(Array.from({ length: 200 }, (_, i) => clientIp('203.0.113.9', `198.51.100.${i}`, NO_PROXIES)));
    expect([...seen]).toEqual(['203.0.113.9']);
  });

  it('is one key for a thousand addresses of one /64', () => {
    const keys = new Set(Array.from({ length: 1_000 }, (_, i) => ipLimitKey(`2001:db8:1:2:${i.toString(16)}::1`)));
    expect([...keys]).toEqual(['2001:db8:1:2::/64']);
    expect(ipLimitKey('2001:db8:1:3::1')).not.toBe(ipLimitKey('2001:db8:1:2::1'));
  });

  it('reads a thousand forwarded entries no further than the real ones', () => {
    const header = `${'1.1.1.1,'.repeat(1_000)}198.51.100.7`;
    expect(clientIp('10.0.0.1', header, trust('10.0.0.1'))).toBe('198.51.100.7');
  });

  it.each(['10.0.0.0/33', '10.0.0', 'example.com', '-1', '99', '::/129', '10.0.0.0/8/8', '1 2'])(
    '%s is no setting',
    (text) => {
      expect(parseTrustedProxies(text).ok).toBe(false);
    },
  );
});

describe('addresses', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:C000:0201', '192.0.2.1'],
    ['2001:DB8::1', '2001:db8:0:0::/64'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['1::', '1:0:0:0::/64'],
  ])('%s counts as %s', (text, key) => {
    expect(ipLimitKey(text)).toBe(key);
  });

  it.each([
    '',
    ' ',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    '1.2.3.4/8',
    '1::2::3',
    ':1',
    '1:',
    ':::',
    '12345::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    '::1.2.3',
    '1.2.3.4::',
    'fe80::1%eth0',
    '[::1]',
    'x'.repeat(100),
  ])('%j is none', (text) => {
    expect(parseIp(text)).toBeNull();
  });

  it.each([
    ['10.255.255.255', '10.0.0.0/8', true],
    ['11.0.0.0', '10.0.0.0/8', false],
    ['192.168.5.130', '192.168.5.128/25', true],
    ['192.168.5.127', '192.168.5.128/25', false],
    ['::1', '::/0', true],
    ['1.2.3.4', '::/0', false],
    ['2001:db8:ffff::1', '2001:db8::/32', true],
    ['1.2.3.4', '0.0.0.0/0', true],
  ])('%s in %s: %s', (address, block, expected) => {
    const ip = parseIp(address);
    const cidr = parseCidr(block);
    expect(ip !== null && cidr !== null && inCidr(ip, cidr)).toBe(expected);
  });
});
