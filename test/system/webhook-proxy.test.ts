import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createServer as createCustomer, type Server as Customer } from 'node:https';
import type * as Tls from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWebhookClient } from '../../src/channels/index.ts';
import { secret } from '../../src/core/redacted.ts';
import type { WebhookClient } from '../../src/ports/webhook-client.ts';
import { selfSigned } from '../support/self-signed.ts';

const { trusted } = vi.hoisted(() => ({ trusted: { ca: undefined as string | undefined } }));
// The one change: a certificate of the test may be trusted like a public one.
vi.mock('node:tls', async (original) => {
  const tls = await original<typeof Tls>();
  return { ...tls, connect: (options: Tls.ConnectionOptions) => tls.connect({ ...options, ca: trusted.ca }) };
});

const OUTSIDE = '93.184.216.34';
const INSIDE = '10.0.0.1';

let proxy: Server;
let customer: Customer;
let posts: string[] = [];
const certificate = selfSigned();
let asked: { readonly to: string; readonly as: string | undefined }[] = [];
let names: string[] = [];
let refusal: string | null = null;

beforeAll(async () => {
  // The name comes with the first message of TLS, before anybody looks at a certificate.
  const noteName = (name: string, done: (error: null) => void): void => {
    names.push(name);
    done(null);
  };
  customer = createCustomer({ ...certificate, SNICallback: noteName }, (request, response) => {
    posts.push(`${request.method} ${request.headers.host}${request.url}`);
    response.writeHead(204).end();
  });
  customer.on('tlsClientError', () => undefined);
  proxy = createServer();
  proxy.on('connect', (request: IncomingMessage, socket: Socket) => {
    asked.push({ to: request.url ?? '', as: request.headers['proxy-authorization'] });
    if (refusal !== null) return void socket.end(`HTTP/1.1 ${refusal}\r\n\r\n`);
    const onward = connect((customer.address() as AddressInfo).port, '127.0.0.1');
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
    socket.write('HTTP/1.1 200 Connected\r\n\r\n');
    socket.pipe(onward).pipe(socket);
  });
  for (const server of [proxy, customer]) await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
beforeEach(() => {
  asked = [];
  names = [];
  posts = [];
  refusal = null;
  trusted.ca = undefined;
});
afterAll(async () => {
  for (const server of [proxy, customer]) await new Promise((done) => server.close(done));
});

describe('webhooks through the operator’s proxy (A23)', () => {
  it('asks the proxy for the address that was looked at, and keeps name and certificate the host’s', async () => {
    const answer = await through('http://watch:wo%40rd@HOST').post('https://shop.example/hook', {}, '{}');
    expect(asked).toEqual([{ to: `${OUTSIDE}:443`, as: `Basic ${Buffer.from('watch:wo@rd').toString('base64')}` }]);
    expect(names).toEqual(['shop.example']);
    // The double's certificate is nobody's: it is refused inside the tunnel as it would be without.
    expect(answer).toEqual({ type: 'failed', reason: 'no connection (DEPTH_ZERO_SELF_SIGNED_CERT)' });
  });

  it('carries the request to a customer whose certificate is good', async () => {
    trusted.ca = certificate.cert;
    const client = through('http://HOST');
    expect(await client.post('https://localhost/hook?a=1', {}, '{}')).toEqual({ type: 'answered', status: 204 });
    expect(posts).toEqual(['POST localhost/hook?a=1']);
    expect(await client.post('https://shop.example/hook', {}, '{}')).toEqual({
      type: 'failed',
      reason: 'no connection (ERR_TLS_CERT_ALTNAME_INVALID)',
    });
    expect(posts).toHaveLength(1);
  });

  it('never asks for what is not on the public internet', async () => {
    expect(await through('http://HOST', INSIDE).post('https://shop.example/', {}, '{}')).toMatchObject({
      type: 'blocked',
    });
    expect(await through('http://HOST').post('https://[::1]/', {}, '{}')).toMatchObject({ type: 'blocked' });
    expect(asked).toEqual([]);
  });

  it('tells that the proxy refused, and never goes round it', async () => {
    refusal = '407 Proxy Authentication Required';
    expect(await through('http://HOST').post('https://shop.example:8443/', {}, '{}')).toEqual({
      type: 'failed',
      reason: 'the proxy answered 407',
    });
    expect(asked).toEqual([{ to: `${OUTSIDE}:8443`, as: undefined }]);
    const away = createWebhookClient({
      loopback: false,
      proxy: secret('http://127.0.0.1:1'),
      resolve: async () => [OUTSIDE],
    });
    expect(await away.post('https://shop.example/', {}, '{}')).toEqual({
      type: 'failed',
      reason: 'no connection (ECONNREFUSED)',
    });
    expect(names).toEqual([]);
  });
});

function through(url: string, address = OUTSIDE): WebhookClient {
  const place = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return createWebhookClient({
    loopback: false,
    proxy: secret(url.replace('HOST', place)),
    resolve: async () => [address],
  });
}
