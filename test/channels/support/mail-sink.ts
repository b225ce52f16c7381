import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { TestCertificate } from './certificate.ts';

export interface Mail {
  readonly from: string;
  readonly recipients: readonly string[];
  readonly raw: string;
  readonly secure: boolean;
}

export interface MailSink {
  readonly port: number;
  readonly mails: Mail[];
  /** Every RCPT the server saw, of accepted mails or not. */
  readonly recipients: string[];
  /** Connections ever made. */
  connections(): number;
  close(): Promise<void>;
}

/** A real SMTP server that keeps what it gets; user `mailer@acme.example`, password `p@ss/w:rd`. */
export async function startMailSink(certificate: TestCertificate, options: SMTPServerOptions = {}): Promise<MailSink> {
  const mails: Mail[] = [];
  const recipients: string[] = [];
  let connections = 0;
  const server = new SMTPServer({
    key: certificate.key,
    cert: certificate.cert,
    authMethods: ['PLAIN', 'LOGIN'],
    logger: false,
    authOptional: true,
    disableReverseLookup: true,
    onConnect(_session, done) {
      connections += 1;
      done();
    },
    onAuth(auth, _session, done) {
      const right = auth.username === 'mailer@acme.example' && auth.password === 'p@ss/w:rd';
      done(
        right ? null : Object.assign(new Error('Bad credentials'), { responseCode: 535 }),
        right ? { user: 1 } : undefined,
      );
    },
    onRcptTo(address, _session, done) {
      recipients.push(address.address);
      done();
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          recipients: rcptTo.map((recipient) => recipient.address),
          raw: Buffer.concat(chunks).toString('utf8'),
          secure: session.secure,
        });
        done(null, '2.0.0 Ok: queued as 4F1C2A7B');
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const close = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  return { port, mails, recipients, connections: () => connections, close };
}
