import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { eventually } from './messages.ts';
import { selfSigned } from './self-signed.ts';

/** One mail as a person finds it: headers by lower-case name, the readable parts decoded. */
export interface ReceivedMail {
  readonly from: string;
  readonly recipients: readonly string[];
  readonly encrypted: boolean;
  readonly user: string | null;
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  readonly html: string;
  readonly raw: string;
}

export interface Mailserver {
  /** For `WATCHWORD_EMAIL`: STARTTLS with its own certificate, user and password. */
  readonly dsn: string;
  readonly mails: readonly ReceivedMail[];
  /** The `count`th mail to an address, when it is there. */
  mailTo(address: string, count?: number): Promise<ReceivedMail>;
  close(): Promise<void>;
}

const USER = 'mailer@acme.example';
const PASSWORD = 'p@ss/w:rd';

/** A real mail server that takes mail only after STARTTLS and a login. */
export async function startMailserver(): Promise<Mailserver> {
  const folder = mkdtempSync(join(tmpdir(), 'watchword-mail-'));
  const { key, cert } = selfSigned();
  const certPath = join(folder, 'cert.pem');
  writeFileSync(certPath, cert);
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    key,
    cert,
    authMethods: ['PLAIN', 'LOGIN'],
    logger: false,
    disableReverseLookup: true,
    onAuth({ username, password }, _session, done) {
      if (username === USER && password === PASSWORD) done(null, { user: username });
      else done(Object.assign(new Error('Bad credentials'), { responseCode: 535 }));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          recipients: rcptTo.map(({ address }) => address),
          encrypted: session.secure,
          user: typeof session.user === 'string' ? session.user : null,
          ...parseMail(Buffer.concat(chunks).toString('latin1')),
        });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const login = `${encodeURIComponent(USER)}:${encodeURIComponent(PASSWORD)}`;
  return {
    dsn: `smtp://${login}@127.0.0.1:${port}?from=Acme%20<no-reply%40acme.example>&ca=${encodeURIComponent(certPath)}`,
    mails,
    mailTo: (address, count = 1) =>
      eventually(
        () => mails.filter(({ recipients }) => recipients.includes(address))[count - 1],
        10_000,
        `mail ${count} to ${address}`,
      ),
    close: () =>
      new Promise((resolve) =>
        server.close(() => {
          rmSync(folder, { recursive: true, force: true });
          resolve();
        }),
      ),
  };
}

function parseMail(raw: string): Pick<ReceivedMail, 'headers' | 'text' | 'html' | 'raw'> {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const headers = headersOf(head);
  const boundary = /boundary="?([^";]+)"?/.exec(headers.get('content-type') ?? '')?.[1] ?? '\u0000';
  const parts = rest.join('\r\n\r\n').split(`--${boundary}`);
  return { headers, raw, text: partOf(parts, 'text/plain'), html: partOf(parts, 'text/html') };
}

function headersOf(head: string): ReadonlyMap<string, string> {
  const lines = head
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .trim()
    .split('\r\n');
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
}

/** The decoded content of the part of a type; '' when there is none. */
function partOf(parts: readonly string[], type: string): string {
  for (const part of parts) {
    const [head = '', ...content] = part.trimStart().split('\r\n\r\n');
    const headers = headersOf(head);
    if (!(headers.get('content-type') ?? '').startsWith(type)) continue;
    return decoded(content.join('\r\n\r\n'), headers.get('content-transfer-encoding') ?? '7bit');
  }
  return '';
}

function decoded(text: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(text, 'base64').toString('utf8');
  const bytes =
    encoding === 'quoted-printable'
      ? text
          .replaceAll('=\r\n', '')
          .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
      : text;
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
