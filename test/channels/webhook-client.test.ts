import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createWebhookClient } from '../../src/channels/index.ts';

let server: Server;
let port = 0;
let hits: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    hits.push(`${request.headers.host ?? ''}${request.url ?? ''}`);
    if (request.url === '/away') response.writeHead(302, { location: 'http://169.254.169.254/latest/' }).end();
    else if (request.url === '/reset') response.socket?.resetAndDestroy();
    else if (request.url === '/huge') response.writeHead(200).end('x'.repeat(5_000_000));
    else response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
beforeEach(() => void (hits = []));
afterAll(() => new Promise((resolve) => server.close(resolve)));

const post = (url: string, client = createWebhookClient({ loopback: false })) => client.post(url, {}, '{}');
const pointingTo = (...addresses: string[]) => createWebhookClient({ loopback: false, resolve: async () => addresses });

describe('a customer’s address (A23)', () => {
  it.each([
    'http://127.0.0.1:PORT/',
    'https://127.0.0.1:PORT/',
    'https://localhost:PORT/',
    'https://127.1:PORT/',
    'https://2130706433:PORT/',
    'https://0x7f000001:PORT/',
    'https://0177.0.0.1:PORT/',
    'https://[::1]:PORT/',
    'https://[::ffff:127.0.0.1]:PORT/',
    'https://[::ffff:7f00:1]:PORT/',
    'https://0.0.0.0:PORT/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[fd00:ec2::254]/',
    'https://10.0.0.1/',
    'https://100.64.0.1/',
    'https://[64:ff9b::7f00:1]/',
    'ftp://127.0.0.1:PORT/',
    'http://shop.example:PORT/',
  ])('%s is never connected to', async (url) => {
    expect(await post(url.replace('PORT', String(port)))).toMatchObject({ type: 'blocked' });
    expect(hits).toEqual([]);
  });

  it('is refused when its name points inside, wholly or in part', async () => {
    const url = `https://shop.example:${port}/`;
    expect(await post(url, pointingTo('127.0.0.1'))).toMatchObject({ type: 'blocked' });
    expect(await post(url, pointingTo('93.184.216.34', '10.0.0.1'))).toMatchObject({ type: 'blocked' });
    expect(await post(url, pointingTo())).toMatchObject({ type: 'failed' });
    expect(hits).toEqual([]);
  });

  it('is resolved once: what the name says a moment later does not count', async () => {
    let asked = 0;
    const rebinding = createWebhookClient({
      loopback: true,
      resolve: async () => (asked++ === 0 ? ['127.0.0.1'] : ['10.0.0.1']),
    });
    const answer = await rebinding.post(`http://localhost:${port}/hook`, {}, '{}');
    expect(answer).toEqual({ type: 'answered', status: 204 });
    expect(asked).toBe(1);
    expect(hits).toEqual([`localhost:${port}/hook`]);
  });

  it('is followed nowhere', async () => {
    const client = createWebhookClient({ loopback: true });
    expect(await post(`http://127.0.0.1:${port}/away`, client)).toEqual({ type: 'answered', status: 302 });
    expect(hits).toHaveLength(1);
  });

  it('may break off or say too much without harm', async () => {
    const client = createWebhookClient({ loopback: true });
    expect(await post(`http://127.0.0.1:${port}/reset`, client)).toMatchObject({ type: 'failed' });
    expect(await post(`http://127.0.0.1:${port}/huge`, client)).toEqual({ type: 'answered', status: 200 });
    expect(await post('http://127.0.0.1:1/', client)).toMatchObject({ type: 'failed' });
  });
});
