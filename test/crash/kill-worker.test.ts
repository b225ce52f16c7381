import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, describe, expect, it } from 'vitest';
import { codeIn, eventually } from '../support/messages.ts';
import {
  createKey,
  killAll,
  launch,
  newPlace,
  type Place,
  type Program,
  type Server,
  startServer,
} from '../support/process.ts';

const TAKEN_UP_MS = 20_000;
const cleanUps: (() => unknown)[] = [];
afterAll(async () => {
  await killAll();
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

interface Mail {
  readonly id: string;
  readonly code: string;
  readonly at: number;
}

interface Scene {
  readonly place: Place;
  readonly server: Server;
  readonly key: string;
  readonly mails: Mail[];
  /** The worker to kill as soon as the mail server has taken a whole message from it. */
  target: Program | null;
  newWorker(): Program;
}

/** A service without a worker, a mail server, and workers to be killed. */
async function scene(): Promise<Scene> {
  const place = newPlace();
  const mails: Mail[] = [];
  const smtp = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push(mailOf(Buffer.concat(chunks).toString()));
        const doomed = made.target;
        made.target = null;
        // The answer to DATA comes when nobody is there to write down that it came.
        void Promise.resolve(doomed?.kill('SIGKILL')).then(() => done());
      });
    },
  });
  smtp.on('error', () => undefined);
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  const { port } = smtp.server.address() as AddressInfo;
  const env = { ...place.env, WATCHWORD_EMAIL: `smtp://127.0.0.1:${port}?from=no-reply%40acme.example` };
  const key = await createKey(place, 'live', env);
  const server = await startServer({ env, words: ['serve', '--no-worker'] });
  const made: Scene = { place, server, key, mails, target: null, newWorker: () => launch(['worker'], { env }) };
  cleanUps.push(() => new Promise<void>((resolve) => smtp.close(() => resolve())), place.remove);
  return made;
}

function mailOf(raw: string): Mail {
  const id = /^Message-ID: (.+)$/im.exec(raw)?.[1] ?? '';
  return { id, code: codeIn(raw.slice(raw.indexOf('\r\n\r\n'))), at: Date.now() };
}

async function startOne({ server, key }: Scene): Promise<string> {
  const started = await server.call('POST', '/v1/verifications', { key, body: { to: 'ann@example.com' } });
  expect(started.status).toBe(201);
  return String(started.body['id']);
}

/** Lets a worker take the send and die with the message in the mail server's hands. */
async function dieInData(given: Scene): Promise<number> {
  const worker = given.newWorker();
  given.target = worker;
  expect((await worker.ended).signal).toBe('SIGKILL');
  return Date.now();
}

async function sendOf({ server, key }: Scene, id: string): Promise<Record<string, unknown>> {
  const sends = await server.call('GET', `/v1/verifications/${id}/sends`, { key });
  return (sends.body['data'] as Record<string, unknown>[])[0] ?? {};
}

describe.concurrent('F2: kill -9 between the mail server’s acceptance and the commit', () => {
  it('costs one more mail with the same code and Message-ID, within 20 s', async () => {
    const given = await scene();
    const id = await startOne(given);
    const killedAt = await dieInData(given);
    const next = given.newWorker();
    const send = await eventually(
      async () => {
        const found = await sendOf(given, id);
        return found['status'] === 'accepted' ? found : null;
      },
      TAKEN_UP_MS + 5_000,
      'the acceptance',
    );
    const [first, second, ...more] = given.mails;
    expect(more).toEqual([]);
    expect(second?.id).toBe(first?.id);
    expect(first?.id).toMatch(/^<.+@.+>$/);
    expect(second?.code).toBe(first?.code);
    expect((second?.at ?? Infinity) - killedAt).toBeLessThan(TAKEN_UP_MS);
    expect(send['attempts']).toHaveLength(1);
    const checked = await given.server.call('POST', `/v1/verifications/${id}/checks`, {
      key: given.key,
      body: { code: first?.code },
    });
    expect(checked.body['result']).toBe('approved');
    await next.kill('SIGTERM');
  }, 60_000);

  it('twice over costs no third mail: the send is reported as failed', async () => {
    const given = await scene();
    const id = await startOne(given);
    await dieInData(given);
    await dieInData(given);
    given.newWorker();
    const send = await eventually(
      async () => {
        const found = await sendOf(given, id);
        return found['status'] === 'queued' ? null : found;
      },
      TAKEN_UP_MS + 5_000,
      'the end of the send',
    );
    expect(send).toMatchObject({ status: 'failed', error: 'unknown_outcome' });
    expect(given.mails).toHaveLength(2);
    expect(new Set(given.mails.map(({ id: messageId, code }) => `${messageId} ${code}`)).size).toBe(1);
  }, 80_000);
});
