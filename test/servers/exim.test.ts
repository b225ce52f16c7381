import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeIn } from '../support/messages.ts';
import {
  createKey,
  freePort,
  killAll,
  newPlace,
  type Place,
  run,
  type Server,
  startServer,
} from '../support/process.ts';
import { selfSigned } from '../support/self-signed.ts';
import { userNamed } from '../support/servers/child.ts';
import { missingProgram, suiteUnless } from '../support/servers/suite.ts';

const EXIM = '/usr/sbin/exim4';
const PASSWORD = 'k9-Vw3.pL';

/** Debian's mail server, or why it cannot run here. */
function missing(): string | null {
  const missingHere = missingProgram(EXIM, 'exim4-daemon-heavy');
  return missingHere ?? (process.getuid?.() === 0 ? null : 'exim4 needs root to deliver');
}

interface Exim {
  readonly port: number;
  readonly certificate: string;
  dsn(password: string): string;
  /** Mails that arrived, as they lie in the mailbox. */
  mails(): readonly string[];
  log(): string;
  stop(): Promise<void>;
}

/** A private exim4 as a direct child: STARTTLS and a login are required, and everything lands in one mailbox. */
async function startExim(): Promise<Exim> {
  const { uid = 0, gid = 0 } = userNamed('Debian-exim');
  const folder = mkdtempSync(join(tmpdir(), 'watchword-exim-'));
  const [certificate, mailbox] = [join(folder, 'cert.pem'), join(folder, 'mail')];
  const { cert, key } = selfSigned();
  for (const name of ['spool', 'log', 'mail']) mkdirSync(join(folder, name));
  writeFileSync(certificate, cert);
  writeFileSync(join(folder, 'key.pem'), key);
  const port = await freePort();
  writeFileSync(join(folder, 'exim.conf'), configuration(folder, port));
  chmodSync(folder, 0o755);
  for (const name of ['spool', 'log', 'mail', 'key.pem']) chownSync(join(folder, name), uid, gid);
  const child = spawn(EXIM, ['-bdf', '-C', join(folder, 'exim.conf')], { stdio: ['ignore', 'ignore', 'pipe'] });
  await listening(child, port);
  return {
    port,
    certificate,
    dsn: (password) => `smtp://mailer:${password}@localhost:${port}?ca=${certificate}&from=no-reply@acme.example`,
    mails: () => arrived(join(mailbox, 'new')),
    log: () => readFileSync(join(folder, 'log', 'main'), 'utf8'),
    async stop() {
      const gone = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configuration(folder: string, port: number): string {
  return `
exim_path = ${EXIM}
primary_hostname = localhost
spool_directory = ${folder}/spool
log_file_path = ${folder}/log/%s
local_interfaces = 127.0.0.1
daemon_smtp_ports = ${port}
tls_on_connect_ports =
keep_environment =
tls_advertise_hosts = *
tls_certificate = ${folder}/cert.pem
tls_privatekey = ${folder}/key.pem
acl_smtp_rcpt = recipients
begin acl
recipients:
  deny    message = use STARTTLS
          !encrypted = *
  deny    message = log in first
          !authenticated = *
  accept
begin routers
everybody:
  driver = accept
  transport = mailbox
begin transports
mailbox:
  driver = appendfile
  directory = ${folder}/mail
  maildir_format
  user = Debian-exim
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_advertise_condition = \${if def:tls_in_cipher}
  server_condition = \${if and{{eq{$auth2}{mailer}}{eq{$auth3}{${PASSWORD}}}}}
  server_set_id = $auth2
`;
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error(`exim4 ended: ${said}`);
    const open = await new Promise<boolean>((resolve) => {
      const socket = createConnection(port, '127.0.0.1');
      socket.once('error', () => resolve(false)).once('connect', () => resolve(true) ?? socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('exim4 does not listen');
}

function arrived(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  } catch {
    return [];
  }
}

suiteUnless(missing(), 'a code through Debian’s exim4', () => {
  let exim: Exim;
  let place: Place;
  let server: Server;
  beforeAll(async () => {
    exim = await startExim();
    place = newPlace();
  });
  afterAll(async () => {
    await killAll();
    await exim.stop();
    place.remove();
  });

  it('lies in the mailbox once, after STARTTLS and a login, and is approved', async () => {
    const env = { ...place.env, WATCHWORD_EMAIL: exim.dsn(PASSWORD) };
    const key = await createKey(place, 'live', env);
    server = await startServer({ env });
    const started = await server.call('POST', '/v1/verifications', { key, body: { to: 'ann@recipient.example' } });
    const path = `/v1/verifications/${String(started.body['id'])}`;
    for (let tries = 0; exim.mails().length === 0 && tries < 200; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const [mail = ''] = exim.mails();
    expect(mail).toMatch(/^Received: from /m);
    const code = codeIn(mail.slice(mail.indexOf('Content-Type: text/plain')));
    const checked = await server.call('POST', `${path}/checks`, { key, body: { code } });
    expect(checked.body).toMatchObject({ result: 'approved' });
    expect(exim.log()).toMatch(/<= no-reply@acme\.example .* P=esmtpsa X=TLS\S+ .*A=plain:mailer/);
    const sends = await server.call('GET', `${path}/sends`, { key });
    expect(sends.body['data']).toMatchObject([{ status: 'accepted', error: null }]);
    expect(exim.mails()).toHaveLength(1);
  });

  it('tells a wrong password as a misconfiguration, and delivers nothing', async () => {
    const before = exim.mails().length;
    const words = ['send', '--to', 'ann@recipient.example', '--dsn', exim.dsn('wrong-one'), '--json'];
    const { exit, out, err } = await run(words, { env: place.env });
    expect(exit).toBe(1);
    expect(out + err).toContain('misconfigured');
    expect(out + err).not.toContain('wrong-one');
    expect(exim.mails()).toHaveLength(before);
  });
});
