import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi, createDirect, createMetrics, serve } from '../../src/http/index.ts';
import type { ApiLogEvent, RunningServer } from '../../src/http/index.ts';
import { ALL, NOW, createFakeService, VERIFICATION } from './fake-service.ts';

const HOST = '127.0.0.1';

interface Server {
  readonly running: RunningServer;
  readonly lines: ApiLogEvent[];
  taken: number;
}

async function start(isDirect: boolean): Promise<Server> {
  const lines: ApiLogEvent[] = [];
  const options = {
    publicUrl: null,
    version: '0',
    metrics: createMetrics(),
    log: (line: ApiLogEvent) => void lines.push(line),
    now: () => NOW,
    randomId: () => 'req_1',
  };
  const service = createFakeService();
  const handle = createDirect(service, options);
  const direct = isDirect
    ? {
        direct: (...request: Parameters<typeof handle>) => {
          const took = handle(...request);
          server.taken += Number(took);
          return took;
        },
      }
    : {};
  const running = await serve(createApi(service, options).fetch, { port: 0, host: HOST, ...direct });
  const server: Server = { running, lines, taken: 0 };
  return server;
}

let long: Server;
let short: Server;
beforeAll(async () => {
  long = await start(false);
  short = await start(true);
});
afterAll(async () => {
  await Promise.all([long.running.close(), short.running.close()]);
});

/** Everything that came back until the server closed the connection, without what changes from second to second. */
function raw({ running }: Server, request: Buffer): Promise<readonly string[]> {
  return new Promise((resolve) => {
    const socket = connect(running.port, HOST, () => socket.write(request));
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(parts(received)));
  });
}

/** Status lines, headers and bodies; the order of headers means nothing. */
function parts(text: string): readonly string[] {
  return text.split('HTTP/1.1 ').map((answer) => {
    const [head = '', ...body] = answer.split('\r\n\r\n');
    const [status = '', ...headers] = head.split('\r\n');
    const kept = headers.filter((line) => !line.startsWith('Date: ')).map((line) => line.replace(/^[^:]+/, lower));
    return [status, ...kept.toSorted(), '', ...body].join('\n');
  });
}

function lower(name: string): string {
  return name.toLowerCase();
}

interface Plan {
  readonly line?: string;
  readonly host?: string;
  readonly headers?: readonly string[];
  readonly key?: string | null;
  readonly type?: string | null;
  readonly length?: string | null;
  readonly body?: string | Buffer;
}

const START = 'POST /v1/verifications';
const CHECK = `POST /v1/verifications/${VERIFICATION.id}/checks`;

function requestOf(plan: Plan): Buffer {
  const body = Buffer.from(plan.body ?? '{"to":"+14155552671"}');
  const { key = ALL, type = 'application/json', length = String(body.length) } = plan;
  const lines = [
    `${plan.line ?? START} HTTP/1.1`,
    ...(plan.host === '' ? [] : [`Host: ${plan.host ?? 'localhost:7070'}`]),
    'Connection: close',
    ...(key === null ? [] : [`Authorization: Bearer ${key}`]),
    ...(type === null ? [] : [`Content-Type: ${type}`]),
    ...(length === null ? [] : [`Content-Length: ${length}`]),
    ...(plan.headers ?? []),
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}

const TAKEN: Readonly<Record<string, Plan>> = {
  'a start': {},
  'a check': { line: CHECK, body: '{"code":"123456"}' },
  'a check of an unknown id': { line: 'POST /v1/verifications/vrf_1/checks', body: '{"code":"123456"}' },
  'no key': { key: null },
  'a wrong key': { key: 'ww_live_nobody' },
  'two keys': { headers: ['Authorization: Bearer other'] },
  'an idempotency key': { headers: ['Idempotency-Key: one'] },
  'a bad idempotency key': { headers: ['Idempotency-Key: \u00e9'] },
  'another type': { type: 'text/plain' },
  'no type': { type: null },
  'a type with a charset': { type: 'application/json; charset=UTF-8' },
  'an encoded body': { headers: ['Content-Encoding: gzip'] },
  'no JSON': { body: '{' },
  'a key twice': { body: '{"to":"+14155552671","to":"+14155552672"}' },
  'an unknown field': { body: '{"to":"+14155552671","tt":1}' },
  'a wrong field': { body: '{"to":1}' },
  'half a surrogate': { body: '{"to":"\\ud800"}' },
  'characters beyond ASCII': { body: '{"to":"+14155552671","reference":"Łódź 😀"}' },
  'a byte order mark': { body: '\ufeff{"to":"+14155552671"}' },
  'bytes that are no UTF-8': { body: Buffer.from([0x22, 0xff, 0x22]) },
  'a body of the largest size': { body: `{"to":"+14155552671"}${' '.repeat(16_363)}` },
  'Expect: 100-continue': { headers: ['Expect: 100-continue'] },
};

const LEFT: Readonly<Record<string, Plan>> = {
  'a larger body': { body: `{"to":"+14155552671"}${' '.repeat(16_364)}` },
  'no body': { body: '' },
  chunks: {
    length: null,
    headers: ['Transfer-Encoding: chunked'],
    body: '15\r\n{"to":"+14155552671"}\r\n0\r\n\r\n',
  },
  'no length': { length: null },
  'a query': { line: `${START}?a=1` },
  'a slash at the end': { line: `${START}/` },
  'an escaped path': { line: 'POST /v1/%76erifications' },
  'an escaped id': { line: 'POST /v1/verifications/vrf%5F1/checks', body: '{"code":"123456"}' },
  'dots in the path': { line: 'POST /v1/x/../verifications' },
  'an absolute URL': { line: 'POST http://localhost/v1/verifications' },
  'a host with a space': { host: 'a b' },
  'a host with a name only an URL parser knows': { host: '[::1]:7070' },
  'a port out of range': { host: 'localhost:99999' },
  'no host': { host: '' },
  'another method': { line: 'PUT /v1/verifications' },
  'another route': { line: 'POST /v1/preview' },
  'an unknown path': { line: 'POST /v1/verification' },
};

describe('what Node passes on directly', () => {
  it.each(Object.entries(TAKEN))('gets the answer of the fetch handler: %s', async (_name, plan) => {
    const before = short.taken;
    const answers = await Promise.all([raw(short, requestOf(plan)), raw(long, requestOf(plan))]);
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0].join('\n')).toMatch(/^\n*\d{3} /m);
    expect(short.taken).toBe(before + 1);
  });

  it.each(Object.entries(LEFT))('leaves to the fetch handler: %s', async (_name, plan) => {
    const before = short.taken;
    const answers = await Promise.all([raw(short, requestOf(plan)), raw(long, requestOf(plan))]);
    expect(answers[0]).toEqual(answers[1]);
    expect(short.taken).toBe(before);
  });

  it('is answered in order when several requests come at once', async () => {
    const keep = requestOf({ body: '{"to":1}' }).toString().replace('Connection: close', 'Connection: keep-alive');
    const all = Buffer.concat([Buffer.from(keep), Buffer.from(keep), requestOf({})]);
    const answers = await Promise.all([raw(short, all), raw(long, all)]);
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0].slice(1).map((answer) => answer.slice(0, 3))).toEqual(['400', '400', '201']);
  });

  it('is logged like everything else', () => {
    const facts = ({ method, route, status }: ApiLogEvent): string => [method, route, status].join(' ');
    const lines = new Set(short.lines.map(facts));
    expect(lines).toEqual(new Set(long.lines.map(facts)));
    expect(lines).toContain('POST /v1/verifications/{id}/checks 200');
  });

  it('that breaks off in its body is not served, and disturbs nobody', async () => {
    const socket = connect(short.running.port, HOST);
    const before = short.lines.length;
    socket.write(requestOf({ length: '40' }));
    await expect.poll(() => short.taken).toBeGreaterThan(0);
    socket.end();
    await expect.poll(() => short.lines.slice(before).map(({ status }) => status)).toEqual([400]);
    expect((await raw(short, requestOf({}))).join('')).toContain('201 Created');
  });
});
