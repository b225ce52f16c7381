import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A mail server that takes everything, on this machine. */
export interface MailSink {
  readonly port: number;
  readonly mails: readonly string[];
  close(): Promise<void>;
}

export async function openMailSink(): Promise<MailSink> {
  const mails: string[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: (auth, _session, done) => done(null, { user: auth.username ?? '' }),
    onData(stream, _session, done) {
      let mail = '';
      stream.on('data', (chunk: Buffer) => (mail += chunk.toString('utf8')));
      stream.on('end', () => {
        mails.push(mail);
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return { port, mails, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** An SMS gateway of one's own, as docs/channels/webhook.md describes it. */
export interface GatewaySink {
  readonly port: number;
  readonly messages: readonly { readonly signature: string; readonly body: string }[];
  close(): Promise<void>;
}

export async function openGatewaySink(): Promise<GatewaySink> {
  const messages: { signature: string; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat((await request.toArray()) as Buffer[]).toString('utf8');
    messages.push({ signature: String(request.headers['webhook-signature'] ?? ''), body });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"id": "gw-1"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    messages,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
