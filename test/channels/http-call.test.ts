import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { callHttp, NoAnswerError } from '../../src/channels/provider/http.ts';
import { patient } from './support/messages.ts';

let server: Server;
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  return new Promise((resolve) => server.close(resolve));
});

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

/** Counts requests; `answer` gets the connection's number and the request's number on it, both from 1. */
async function listen(answer: (socket: Socket, connection: number, request: number) => void) {
  let connections = 0;
  let requests = 0;
  server = createServer((socket) => {
    const connection = ++connections;
    let here = 0;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => {
      requests++;
      answer(socket, connection, ++here);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const call = (signal = patient()) => callHttp({ method: 'POST', url, headers: {}, body: 'x' }, signal);
  return { call, requests: () => requests, connections: () => connections };
}

it('a kept connection that its server closed costs nothing: the request is made on a new one', async () => {
  const { call, connections } = await listen((socket, _connection, request) =>
    request === 1 ? socket.write(OK) : socket.resetAndDestroy(),
  );
  expect((await call()).text).toBe('ok');
  expect((await call()).text).toBe('ok');
  expect(connections()).toBe(2);
});

it('a new connection that is reset is an error at once: the request may have been seen', async () => {
  const { call, requests } = await listen((socket) => socket.resetAndDestroy());
  await expect(call()).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(requests()).toBe(1);
});

it('ends with the caller’s signal, before, during and after the connection', async () => {
  const { call, requests } = await listen(() => undefined);
  await expect(call(AbortSignal.abort())).rejects.toBeInstanceOf(NoAnswerError);
  expect(requests()).toBe(0);
  await expect(call(AbortSignal.timeout(500))).rejects.toBeInstanceOf(NoAnswerError);
  expect(requests()).toBe(1);
});

it('takes a status for an answer though the body breaks off or never ends', async () => {
  const { call } = await listen((socket, connection) => {
    socket.write('HTTP/1.1 201 Created\r\ncontent-length: 100\r\n\r\nhalf');
    if (connection === 1) socket.destroy();
  });
  expect(await call()).toMatchObject({ status: 201, text: '' });
  expect(await call(AbortSignal.timeout(500))).toMatchObject({ status: 201, text: '' });
});
