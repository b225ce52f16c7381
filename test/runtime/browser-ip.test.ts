import { expect, it } from 'vitest';
import { browserIp } from '../../src/runtime/handler.ts';

const FROM = '198.51.100.4';
const asked = (forwardedFor?: string): Request =>
  new Request('http://app.example/', {
    headers: forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor },
  });
const socket = (remoteAddress: string): object => ({ incoming: { socket: { remoteAddress } } });

it.each([
  ['the other end of the socket', asked(), socket(FROM), { hops: 0 }, FROM],
  ['this host, when it asks itself', asked(), socket('127.0.0.1'), { hops: 0 }, '127.0.0.1'],
  ['what a trusted host program forwards', asked(FROM), undefined, { hops: 1 }, FROM],
  ['nothing known without a socket', asked(), undefined, { hops: 1 }, '0.0.0.0'],
  ['nothing known without a socket, whatever strangers forward', asked(FROM), undefined, { hops: 0 }, '0.0.0.0'],
] as const)('a browser counts under %s', (_what, request, bindings, trusted, ip) => {
  expect(browserIp(request, bindings, trusted)).toBe(ip);
});
