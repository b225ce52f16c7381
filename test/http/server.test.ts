import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { SERVER_LIMITS, createApi, createMetrics, serve } from '../../src/http/index.ts';
import type { RunningServer, ServeOptions } from '../../src/http/index.ts';
import { ALL, NOW, createFakeService } from './fake-service.ts';

const HOST = '127.0.0.1';
const running: RunningServer[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(running.splice(0).map((server) => server.close()));
});

async function start(fetch: Parameters<typeof serve>[0], options: Partial<ServeOptions> = {}): Promise<RunningServer> {
  const server = await serve(fetch, { port: 0, host: HOST, ...options });
  running.push(server);
  return server;
}

function api(): Parameters<typeof serve>[0] {
  const options = {
    publicUrl: null,
    version: '0',
    metrics: createMetrics(),
    log: () => undefined,
    now: () => NOW,
    randomId: () => 'req_1',
  };
  return createApi(createFakeService(), options).fetch;
}

/** Writes raw bytes and resolves with everything that came back once the server closed the connection. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST, () => socket.write(text));
    sockets.push(socket);
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(received));
  });
}

const HEAD = `POST /v1/verifications HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ALL}\r\nContent-Type: application/json\r\n`;

describe('the server', () => {
  it('keeps its time limits within the promise of 15 s', () => {
    expect(SERVER_LIMITS.headersMs).toBeLessThanOrEqual(10_000);
    expect(SERVER_LIMITS.requestMs + SERVER_LIMITS.checkEveryMs).toBeLessThanOrEqual(15_000);
    expect(SERVER_LIMITS.headerBytes).toBe(16_384);
  });

  it('speaks the API over a real connection', async () => {
    const { port } = await start(api());
    const response = await fetch(`http://${HOST}:${port}/v1/verifications`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ALL}`, 'content-type': 'application/json' },
      body: '{"to":"+14155552671"}',
    });
    expect(response.status).toBe(201);
    expect(response.headers.get('x-request-id')).toBe('req_1');
    expect(response.headers.get('content-length')).not.toBeNull();
  });

  it('refuses a megabyte without reading it, and a chunked one after the limit', async () => {
    const { port } = await start(api());
    expect(await raw(port, `${HEAD}Connection: close\r\nContent-Length: 1000000\r\n\r\n`)).toContain(' 413 ');
    const chunk = `4000\r\n${' '.repeat(0x4000)}\r\n`;
    expect(
      await raw(port, `${HEAD}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}${chunk}0\r\n\r\n`),
    ).toContain(' 413 ');
  });

  it.each([
    ['headers', 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: '],
    ['body', `${HEAD}Content-Length: 100\r\n\r\n{"to":`],
    ['chunks', `${HEAD}Transfer-Encoding: chunked\r\n\r\n6\r\n{"to":\r\n`],
  ])('A49: closes a connection whose %s never come', async (_, text) => {
    const { port } = await start(api(), { limits: { headersMs: 200, requestMs: 300, checkEveryMs: 50 } });
    const started = Date.now();
    expect(await raw(port, text)).toContain(' 408 ');
    expect(Date.now() - started).toBeLessThan(5_000);
  });

  it('refuses headers over 16 kB', async () => {
    const { port } = await start(api());
    expect(await raw(port, `GET /healthz HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`)).toContain(' 431 ');
  });

  it('answers a malformed Host or path with a problem', async () => {
    const { port } = await start(api());
    for (const text of [
      'GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n',
      'GET /\\x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    ]) {
      const answer = await raw(port, text);
      expect(answer).toMatch(/^HTTP\/1.1 (400|404) /);
      expect(answer).toContain('application/problem+json');
    }
  });

  it('keeps idle connections for longer than load balancers do, which else send over one that is being closed', async () => {
    const { port } = await start(api());
    const answer = await fetch(`http://${HOST}:${port}/healthz`);
    expect(Number(/timeout=(\d+)/.exec(answer.headers.get('keep-alive') ?? '')?.[1])).toBeGreaterThan(60);
  });

  it('takes no more connections than it may', async () => {
    const { port } = await start(api(), { maxConnections: 1 });
    const first = connect(port, HOST);
    sockets.push(first);
    await new Promise((resolve) => first.once('connect', resolve));
    expect(await raw(port, 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')).toBe('');
  });

  it('finishes what is under way when it closes, takes nothing new, and lets idle connections go', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    let arrived = (): void => undefined;
    const entered = new Promise<void>((resolve) => (arrived = resolve));
    const server = await serve(
      async () => {
        arrived();
        await gate;
        return new Response('done');
      },
      { port: 0, host: HOST },
    );
    const answer = fetch(`http://${HOST}:${server.port}/`);
    await entered;
    const closed = server.close();
    await expect(fetch(`http://${HOST}:${server.port}/`)).rejects.toThrow();
    release();
    expect(await (await answer).text()).toBe('done');
    const started = Date.now();
    await closed;
    expect(Date.now() - started).toBeLessThan(3_000);
  });

  it('cuts what does not finish in time', async () => {
    const server = await serve(() => new Promise<Response>(() => undefined), {
      port: 0,
      host: HOST,
      limits: { closeMs: 700 },
    });
    const answer = raw(server.port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await server.close();
    expect(await answer).toBe('');
  });

  it('says so when the port is taken', async () => {
    const { port } = await start(api());
    await expect(serve(api(), { port, host: HOST })).rejects.toThrow('EADDRINUSE');
  });
});
