import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { expect } from 'vitest';
import { codeIn } from '../support/messages.ts';
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

const cleanUps: (() => unknown)[] = [];

/** Ends every process, mail server and folder of the scenes. */
export async function endScenes(): Promise<void> {
  await killAll();
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
}

/** A mail as the server took it; `at` is epoch ms. */
export interface Mail {
  readonly to: string;
  readonly id: string;
  readonly code: string;
  readonly at: number;
}

export interface Scene {
  readonly place: Place;
  readonly server: Server;
  readonly key: string;
  readonly mails: Mail[];
  /** The worker to kill as soon as the mail server has taken a whole message from it. */
  target: Program | null;
  /** Which mails kill it; all at first. */
  isFatal: (mail: Mail) => boolean;
  newWorker(): Program;
}

/** A service without a worker, a mail server, and workers to be killed. */
export async function scene(): Promise<Scene> {
  const place = newPlace();
  const mails: Mail[] = [];
  const smtp = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const mail = mailOf(envelope.rcptTo[0]?.address ?? '', Buffer.concat(chunks).toString());
        mails.push(mail);
        const doomed = made.isFatal(mail) ? made.target : null;
        if (doomed !== null) made.target = null;
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
  const made: Scene = {
    place,
    server,
    key,
    mails,
    target: null,
    isFatal: () => true,
    newWorker: () => launch(['worker'], { env }),
  };
  cleanUps.push(() => new Promise<void>((resolve) => smtp.close(() => resolve())), place.remove);
  return made;
}

function mailOf(to: string, raw: string): Mail {
  const id = /^Message-ID: (.+)$/im.exec(raw)?.[1] ?? '';
  return { to, id, code: codeIn(raw.slice(raw.indexOf('\r\n\r\n'))), at: Date.now() };
}

/** The id of a new verification. */
export async function startOne({ server, key }: Scene, to = 'ann@example.com'): Promise<string> {
  const started = await server.call('POST', '/v1/verifications', { key, body: { to } });
  expect(started.status).toBe(201);
  return String(started.body['id']);
}

/** Lets a worker take the send and die with the message in the mail server's hands. */
export async function dieInData(given: Scene): Promise<number> {
  const worker = given.newWorker();
  given.target = worker;
  expect((await worker.ended).signal).toBe('SIGKILL');
  return Date.now();
}

/** The first send of a verification, as the API shows it. */
export async function sendOf({ server, key }: Scene, id: string): Promise<Record<string, unknown>> {
  const sends = await server.call('GET', `/v1/verifications/${id}/sends`, { key });
  return (sends.body['data'] as Record<string, unknown>[])[0] ?? {};
}
