import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterEach, describe, expect, it, type TestContext } from 'vitest';
import { type Connection, openConnection } from '../../src/stores/sqlite/connection.ts';
import { isBusy } from '../../src/stores/sqlite/faults.ts';
import { type CallOptions, createClient, type HttpAnswer } from '../support/client.ts';
import { carriedIn, codeIn, eventually } from '../support/messages.ts';
import {
  createKey,
  type Env,
  killAll,
  newPlace,
  type Place,
  run,
  type Server,
  startServer,
} from '../support/process.ts';

const cleanUps: (() => void)[] = [];
afterEach(async () => {
  await killAll();
  for (const cleanUp of cleanUps.splice(0).toReversed()) cleanUp();
});

function place(): Place {
  const made = newPlace();
  cleanUps.push(made.remove);
  return made;
}

async function served(env: Env, at: Place): Promise<{ readonly server: Server; readonly key: string }> {
  const key = await createKey(at, 'live', env);
  return { server: await startServer({ env }), key };
}

let people = 0;
function somebody(): string {
  return `person${people++}@life.example`;
}

/** Requests one after another until a balancer would stop sending them; every one that failed. */
async function balanced(
  server: Server,
  key: string,
  isOut: () => boolean,
): Promise<{ count: number; failed: string[] }> {
  const result = { count: 0, failed: [] as string[] };
  while (!isOut()) {
    result.count += 1;
    const answer = await server
      .call('POST', '/v1/verifications', { key, body: { to: somebody() } })
      .catch((error: Error) => error.message);
    if (typeof answer === 'string') result.failed.push(answer);
    else if (answer.status !== 201) result.failed.push(`${answer.status} ${answer.text}`);
  }
  return result;
}

/** A client that keeps its connections and asks nobody: it goes on until the port is closed. What failed on a kept one. */
async function stubborn(server: Server, key: string): Promise<string[]> {
  const failures: string[] = [];
  while (!failures.some((failure) => failure.includes('ECONNREFUSED'))) {
    await server
      .call('POST', '/v1/verifications', { key, body: { to: somebody() } })
      .catch((error: Error) => failures.push(error.message));
    await new Promise((resolve) => setTimeout(resolve, people % 25));
  }
  return failures.filter((failure) => failure.startsWith('kept'));
}

/** What a load balancer sees, asking often on a connection of its own. */
async function watchReadiness(url: string, seen: (status: number) => void, isOver: () => boolean): Promise<void> {
  const client = createClient(url, 1);
  while (!isOver()) {
    const answer = await client.call('GET', '/readyz').catch(() => null);
    if (answer !== null) seen(answer.status);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  client.close();
}

/** A request whose body takes `ms` to arrive. */
function slowStart({ port }: Server, key: string, ms: number): Promise<string> {
  const body = JSON.stringify({ to: somebody() });
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(
        `POST /v1/verifications HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\n`,
      );
      socket.write(`Connection: close\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 5)}`);
      setTimeout(() => socket.write(body.slice(5)), ms);
    });
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(received));
  });
}

describe('SIGTERM under load (F11)', () => {
  it('fails no accepted request, says 503 at /readyz, delivers what was queued and ends with 0 within ten seconds', async () => {
    const at = place();
    const { server, key } = await served({ ...at.env, WATCHWORD_LOG_LEVEL: 'warn' }, at);
    const seen: number[] = [];
    let over = false;
    const isOut = (): boolean => over || seen.at(-1) === 503;
    const watching = watchReadiness(
      server.url,
      (status) => seen.push(status),
      () => over,
    );
    const loads = Array.from({ length: 12 }, () => balanced(server, key, isOut));
    await eventually(() => (carriedIn(at.outbox).length > 20 ? true : null), 10_000, 'the load');
    // Under way when the signal comes, finished after the port is closed.
    const slow = [1_300, 2_000].map((ms) => slowStart(server, key, ms));
    const since = performance.now();
    const end = await server.kill('SIGTERM');
    const took = performance.now() - since;
    over = true;
    await watching;
    const results = await Promise.all(loads);
    const count = results.reduce((sum, result) => sum + result.count, 0);
    process.stdout.write(`SIGTERM: ${count} requests, ended after ${Math.round(took)} ms\n`);
    expect(results.flatMap(({ failed }) => failed)).toEqual([]);
    expect((await Promise.all(slow)).map((text) => text.slice(0, 12))).toEqual(['HTTP/1.1 201', 'HTTP/1.1 201']);
    expect(seen).toContain(200);
    expect(seen).toContain(503);
    expect(end).toEqual({ exit: 0, signal: null });
    expect(took).toBeLessThan(10_000);
    await expectAllDelivered(at, key, count + slow.length);
  }, 120_000);
});

describe('SIGTERM and a client that keeps its connections', () => {
  it('lets go of each with an answer, never in the middle of a request', async () => {
    const at = place();
    const { server, key } = await served({ ...at.env, WATCHWORD_LOG_LEVEL: 'warn' }, at);
    const clients = Array.from({ length: 12 }, () => stubborn(server, key));
    await eventually(() => (carriedIn(at.outbox).length > 20 ? true : null), 10_000, 'the load');
    expect((await server.kill('SIGTERM')).exit).toBe(0);
    expect((await Promise.all(clients)).flat()).toEqual([]);
  }, 120_000);
});

/** Every start that was answered has its message, from the stopped process or from the next one. */
async function expectAllDelivered(at: Place, key: string, count: number): Promise<void> {
  const next = await startServer({ env: at.env });
  const delivered = (): Set<string> => new Set(carriedIn(at.outbox).map(({ send_id: id }) => id));
  await eventually(() => (delivered().size >= count ? true : null), 20_000, `the delivery of all ${count}`);
  expect(delivered().size).toBe(count);
  const ready = await next.call('GET', '/readyz', { key });
  expect(ready.body).toMatchObject({ ready: true });
}

/** Nothing was accepted: `unavailable`, when to come back, and nothing new in the list. */
async function expectRefused(server: Server, key: string, words: RegExp): Promise<void> {
  const to = somebody();
  const answer = await server.call('POST', '/v1/verifications', {
    key,
    body: { to },
    headers: { 'idempotency-key': to },
  });
  expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable', status: 503 } });
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  expect(answer.body['detail']).toMatch(words);
  refusedPeople.push(to);
}
const refusedPeople: string[] = [];

async function expectRecovered(server: Server, key: string, at: Place): Promise<void> {
  await eventually(
    async () => {
      const { status } = await server.call('POST', '/v1/verifications', { key, body: { to: somebody() } });
      return status === 201 ? true : null;
    },
    10_000,
    'the recovery',
  );
  for (const to of refusedPeople.splice(0)) {
    const found = await server.call('GET', `/v1/verifications?to=${encodeURIComponent(to)}`, { key });
    expect(found.body['data']).toEqual([]);
    expect(carriedIn(at.outbox).some((message) => message.to === to)).toBe(false);
    const repeated = await server.call('POST', '/v1/verifications', {
      key,
      body: { to },
      headers: { 'idempotency-key': to },
    });
    // Where the claim still fitted on the disk and its release did not, the key is free when its lease has run out.
    const word = repeated.status === 201 ? 'accepted' : String(repeated.body['code']);
    expect(['accepted', 'idempotency_in_progress'], repeated.text).toContain(word);
  }
  expect((await server.call('GET', '/readyz')).body).toMatchObject({ ready: true });
}

/** A small file system of its own, or the reason why there is none. */
function smallDisk(folder: string): string | null {
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'watchword-test', folder], { stdio: 'ignore' });
  } catch {
    return 'a file system of its own needs root (mount -t tmpfs)';
  }
  cleanUps.push(() => execFileSync('umount', [folder]));
  return null;
}

/** The server may be in the middle of a transaction of its own; a connection of the store does not wait for that by itself. */
function takesLock(other: Connection): true | null {
  try {
    other.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (!isBusy(error)) throw error;
    return null;
  }
}

describe('a database that cannot be written (F6)', () => {
  it('because another program holds the lock: 503, and recovery without a restart', async () => {
    const at = place();
    const { server, key } = await served(at.env, at);
    const before = await server.call('POST', '/v1/verifications', { key, body: { to: somebody() } });
    const other = await openConnection(at.database);
    cleanUps.push(() => other.close());
    await eventually(() => takesLock(other), 10_000, 'the lock');
    await Promise.all([1, 2, 3].map(() => expectRefused(server, key, /locked by another process/)));
    // Reading goes on meanwhile.
    expect((await server.call('GET', `/v1/verifications/${String(before.body['id'])}`, { key })).status).toBe(200);
    other.exec('ROLLBACK');
    await expectRecovered(server, key, at);
  }, 120_000);

  it('because the disk is full: 503, nothing accepted, and recovery without a restart', async (context: TestContext) => {
    const at = place();
    const disk = at.path('disk');
    const reason = smallDisk(disk);
    if (reason !== null) return context.skip(reason);
    const env = { ...at.env, DATABASE_URL: `sqlite:${disk}/watchword.db` };
    const { server, key } = await served(env, at);
    fill(`${disk}/ballast`);
    const body = { to: somebody(), metadata: { filler: 'x'.repeat(500) } };
    const refused = await eventually(
      async () => {
        const answer = await server.call('POST', '/v1/verifications', { key, body: { ...body, to: somebody() } });
        return answer.status === 201 ? null : answer;
      },
      10_000,
      'the full disk',
    );
    expect(refused).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    await expectRefused(server, key, /disk is full/i);
    rmSync(`${disk}/ballast`);
    await expectRecovered(server, key, at);
    return undefined;
  }, 120_000);

  it('because the file may not grow: 503, nothing accepted, and recovery without a restart', async (context: TestContext) => {
    const at = place();
    const { server, key } = await served(at.env, at);
    if (!limitFileSize(server.pid, 'unlimited')) return context.skip('needs prlimit (util-linux)');
    const size = Math.max(statSync(at.database).size, statSync(`${at.database}-wal`).size);
    limitFileSize(server.pid, String(size));
    const refused = await eventually(
      async () => {
        const answer = await server.call('POST', '/v1/verifications', { key, body: { to: somebody() } });
        return answer.status === 201 ? null : answer;
      },
      10_000,
      'the limit',
    );
    expect(refused).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    await expectRefused(server, key, /disk/);
    limitFileSize(server.pid, 'unlimited');
    await expectRecovered(server, key, at);
    return undefined;
  }, 120_000);

  it('because the file system is read-only: the start ends with 69 and one sentence, and works once it is writable', async (context: TestContext) => {
    const at = place();
    const disk = at.path('disk');
    const reason = smallDisk(disk);
    if (reason !== null) return context.skip(reason);
    const env = { ...at.env, DATABASE_URL: `sqlite:${disk}/watchword.db` };
    await createKey(at, 'live', env);
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    const ended = await run(['serve'], { env: { ...env, PORT: '0' } });
    expect(ended).toMatchObject({ exit: 69, out: '' });
    expect(ended.err).toMatch(/^watchword: .*(read-only|written|opened).*\nSee watchword doctor\.\n$/);
    execFileSync('mount', ['-o', 'remount,rw', disk]);
    const server = await startServer({ env });
    expect((await server.call('GET', '/readyz')).status).toBe(200);
    return undefined;
  }, 120_000);
});

function fill(path: string): void {
  try {
    writeFileSync(path, Buffer.alloc(8_000_000));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}

/** Sets the soft limit of a running process; false where there is no such tool. */
function limitFileSize(pid: number, bytes: string): boolean {
  try {
    execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const NEW_SECRET = 'b2Wq8Zc5Nf1Xk7Jm4Td9Vh3Ry6Lp0GsE';

interface BeforeRotation {
  readonly at: Place;
  readonly env: Env;
  readonly key: string;
  readonly open: { readonly id: string; readonly code: string };
  /** An approval with its idempotency key. */
  readonly request: { readonly path: string; readonly options: CallOptions };
  readonly answer: HttpAnswer;
}

/** A pending code, an approval with its receipt, and a limit that is used up; then the service stops. */
async function beforeRotation(): Promise<BeforeRotation> {
  const at = place();
  const config = at.path('config.json');
  writeFileSync(config, JSON.stringify({ limits: { destination_sends: { max: 2 } } }));
  const env = { ...at.env, WATCHWORD_CONFIG: config };
  const { server, key } = await served(env, at);
  const [open, other] = [await start(server, key, at), await start(server, key, at)];
  const request = {
    path: `/v1/verifications/${other.id}/checks`,
    options: { key, body: { code: other.code, receipt: true }, headers: { 'idempotency-key': 'approval' } },
  };
  const answer = await server.call('POST', request.path, request.options);
  expect(answer.body['result']).toBe('approved');
  expect((await server.kill('SIGTERM')).exit).toBe(0);
  return { at, env, key, open, request, answer };
}

async function start(server: Server, key: string, at: Place): Promise<{ id: string; code: string }> {
  const before = carriedIn(at.outbox).length;
  const started = await server.call('POST', '/v1/verifications', { key, body: { to: '+14155552671' } });
  expect(started.status).toBe(201);
  const message = await eventually(() => carriedIn(at.outbox)[before], 10_000, 'the message');
  return { id: String(started.body['id']), code: codeIn(message.text) };
}

describe('a rotation of the root secret (F14)', () => {
  it('loses no pending code, key, limit, receipt, record or stored answer', async () => {
    const { at, env, key, open, request, answer } = await beforeRotation();
    const rotated = { ...env, WATCHWORD_SECRET: NEW_SECRET, WATCHWORD_SECRET_PREVIOUS: env['WATCHWORD_SECRET'] ?? '' };
    const server = await startServer({ env: rotated });
    const refused = await server.call('POST', '/v1/verifications', { key, body: { to: '+1 415 555 2671' } });
    expect(refused).toMatchObject({ status: 429, body: { limit: { name: 'destination_sends' } } });
    const found = await server.call('GET', '/v1/verifications?to=%2B14155552671', { key });
    expect(found.body['data']).toHaveLength(2);
    // The first answer again, its receipt signed with the new key.
    const repeated = await server.call('POST', request.path, request.options);
    expect({ ...repeated.body, receipt: null }).toEqual({ ...answer.body, receipt: null });
    const other = { ...request.options, body: { code: '000000' } };
    expect((await server.call('POST', request.path, other)).body['code']).toBe('idempotency_mismatch');
    const checked = await server.call('POST', `/v1/verifications/${open.id}/checks`, {
      key,
      body: { code: open.code },
    });
    expect(checked.body['result']).toBe('approved');
    const { receipt, verification } = answer.body;
    const verified = await server.call('POST', '/v1/receipts/verify', { key, body: { receipt } });
    expect(verified.body).toMatchObject({ valid: true, claims: { sub: verification.id } });
    const fresh = await createKey(at, 'live', rotated);
    expect((await server.call('GET', '/v1/verifications', { key: fresh })).status).toBe(200);
  }, 120_000);

  it('delivers with the new secret what was queued under the old one', async () => {
    const at = place();
    const key = await createKey(at);
    const old = await startServer({ env: at.env, words: ['serve', '--no-worker'] });
    const started = await old.call('POST', '/v1/verifications', { key, body: { to: '+14155552671' } });
    await old.kill('SIGTERM');
    const rotated = {
      ...at.env,
      WATCHWORD_SECRET: NEW_SECRET,
      WATCHWORD_SECRET_PREVIOUS: at.env['WATCHWORD_SECRET'] ?? '',
    };
    const server = await startServer({ env: rotated });
    const message = await eventually(() => carriedIn(at.outbox)[0], 10_000, 'the message');
    const path = `/v1/verifications/${String(started.body['id'])}/checks`;
    expect((await server.call('POST', path, { key, body: { code: codeIn(message.text) } })).body['result']).toBe(
      'approved',
    );
  }, 120_000);

  it('would lose all of it without the previous secret', async () => {
    const { env, key, answer } = await beforeRotation();
    const server = await startServer({ env: { ...env, WATCHWORD_SECRET: NEW_SECRET } });
    expect((await server.call('GET', '/v1/verifications', { key })).status).toBe(401);
    expect(
      (await server.call('POST', '/v1/receipts/verify', { key, body: { receipt: answer.body['receipt'] } })).status,
    ).toBe(401);
  }, 120_000);
});
