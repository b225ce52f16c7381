import { createHash, createPublicKey, createVerify } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createChannel } from '../../src/channels/index.ts';
import { secret } from '../../src/core/redacted.ts';
import type { Channel, Failure } from '../../src/ports/channel.ts';
import { makeCertificate, type TestCertificate } from './support/certificate.ts';
import { type MailSink, startMailSink } from './support/mail-sink.ts';
import { CODE, emailMessage, patient, recordingTools, SEND_ID } from './support/messages.ts';
import { startScripted } from './support/scripted-server.ts';

let certificate: TestCertificate;
beforeAll(() => {
  certificate = makeCertificate();
});
afterAll(() => certificate.remove());

const open: { close?(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close?.();
});

const USER = 'mailer@acme.example';
const LOGIN = 'mailer%40acme.example:p%40ss%2Fw%3Ard@';
const FROM = 'from=Acme%20<no-reply@acme.example>';

async function sink(options: Parameters<typeof startMailSink>[1] = {}): Promise<MailSink> {
  const started = await startMailSink(certificate, options);
  open.push(started);
  return started;
}

async function channelFor(dsn: string): Promise<Channel> {
  const channel = await createChannel(secret(dsn), 'email', recordingTools());
  open.unshift(channel);
  return channel;
}

function splitMail(raw: string): { headers: string; body: string } {
  const end = raw.indexOf('\r\n\r\n');
  return { headers: raw.slice(0, end).replace(/\r\n[ \t]+/g, ' '), body: raw.slice(end + 4) };
}

describe('an e-mail', () => {
  async function sendOne(): Promise<{ to: MailSink; headers: string; body: string }> {
    const to = await sink();
    const channel = await channelFor(
      `smtp://${LOGIN}127.0.0.1:${to.port}?${FROM}&tls=required&ca=${certificate.certPath}`,
    );
    const outcome = await channel.send(emailMessage(), patient());
    expect(outcome).toEqual({ type: 'accepted', messageId: '4F1C2A7B' });
    return { to, ...splitMail(to.mails[0]?.raw ?? '') };
  }

  it('goes over STARTTLS with login to exactly one recipient', async () => {
    const { to } = await sendOne();
    expect(to.mails).toHaveLength(1);
    expect(to.mails[0]).toMatchObject({ from: 'no-reply@acme.example', secure: true });
    expect(to.recipients).toEqual(['jane.doe@recipient.example']);
  });

  it('carries the headers of an automatic message and no other', async () => {
    const { headers } = await sendOne();
    const lines = headers.split('\r\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'From: Acme <no-reply@acme.example>',
        'To: jane.doe@recipient.example',
        'Subject: Your Acme code',
        `Message-ID: <${SEND_ID}@acme.example>`,
        'Date: Thu, 15 Jan 2026 10:30:00 +0000',
        'Auto-Submitted: auto-generated',
        'X-Auto-Response-Suppress: All',
        'MIME-Version: 1.0',
      ]),
    );
    const names = lines.map((line) => line.slice(0, line.indexOf(':')).toLowerCase()).sort();
    expect(names).toEqual(
      [
        'auto-submitted',
        'content-language',
        'content-type',
        'date',
        'from',
        'message-id',
        'mime-version',
        'subject',
        'to',
        'x-auto-response-suppress',
      ].sort(),
    );
  });

  it('has the code once in the text, once in the HTML and never in a header', async () => {
    const { headers, body } = await sendOne();
    expect(headers).not.toContain(CODE);
    expect(body.split(CODE)).toHaveLength(3);
    const text = body.indexOf('Content-Type: text/plain');
    const html = body.indexOf('Content-Type: text/html');
    expect(text).toBeGreaterThan(-1);
    expect(html).toBeGreaterThan(text);
    expect(body.slice(text, html).split(CODE)).toHaveLength(2);
  });

  it('is the same to the byte when it is tried again', async () => {
    const to = await sink();
    const channel = await channelFor(`smtp://127.0.0.1:${to.port}?${FROM}&tls=0`);
    await channel.send(emailMessage(), patient());
    await channel.send(emailMessage(), patient());
    expect(to.mails).toHaveLength(2);
    expect(to.mails[1]?.raw).toBe(to.mails[0]?.raw);
    expect(to.connections()).toBe(1);
  });

  it('without HTML is plain text only, and a sender of its own replaces that of the DSN', async () => {
    const to = await sink();
    const channel = await channelFor(`smtp://127.0.0.1:${to.port}?${FROM}&tls=0`);
    const from = 'Müller & Söhne <codes@other.example>';
    await channel.send(emailMessage({ html: null, from, subject: 'Ihr Prüfcode' }), patient());
    const { headers } = splitMail(to.mails[0]?.raw ?? '');
    expect(to.mails[0]?.from).toBe('codes@other.example');
    expect(headers).toContain('Content-Type: text/plain');
    expect(headers).toContain(`Message-ID: <${SEND_ID}@other.example>`);
    expect(headers).toMatch(/^From: =\?UTF-8\?.*\?= <codes@other\.example>$/m);
  });

  it('keeps a line that is only a dot', async () => {
    const to = await sink();
    const channel = await channelFor(`smtp://127.0.0.1:${to.port}?${FROM}&tls=0`);
    await channel.send(emailMessage({ html: null, text: 'a\n.\nb' }), patient());
    expect(splitMail(to.mails[0]?.raw ?? '').body.trimEnd()).toBe('a\r\n.\r\nb');
  });
});

describe('encryption', () => {
  it('is used when the server offers it, and an untrusted certificate stops everything', async () => {
    const to = await sink();
    const channel = await channelFor(`smtp://127.0.0.1:${to.port}?${FROM}`);
    const outcome = await channel.send(emailMessage(), patient());
    expect(outcome).toMatchObject({
      kind: 'misconfigured',
      retry: 'retry',
      detail: expect.stringContaining('SELF_SIGNED'),
    });
    expect(to.mails).toEqual([]);
    expect(await channel.probe?.(patient())).toMatch(/certificate .* is not trusted .*ca=/);
  });

  it('with smtps:// starts with the first byte', async () => {
    const to = await sink({ secure: true });
    const channel = await channelFor(`smtps://${LOGIN}localhost:${to.port}?${FROM}&ca=${certificate.certPath}`);
    expect(await channel.send(emailMessage(), patient())).toMatchObject({ type: 'accepted' });
    expect(to.mails[0]?.secure).toBe(true);
    expect(await channel.probe?.(patient())).toBeNull();
  });

  it('with smtps:// at a plain port fails with the cure', async () => {
    const to = await sink();
    const channel = await channelFor(`smtps://127.0.0.1:${to.port}?${FROM}`);
    expect(await channel.send(emailMessage(), patient())).toMatchObject({ kind: 'misconfigured', retry: 'retry' });
    expect(await channel.probe?.(patient())).toMatch(/Use smtp:\/\/ for STARTTLS/);
  });

  it('that is required but not offered is a misconfiguration, and no credential is sent', async () => {
    const to = await sink({ disabledCommands: ['STARTTLS'] });
    const channel = await channelFor(`smtp://${LOGIN}127.0.0.1:${to.port}?${FROM}&tls=required`);
    expect(await channel.send(emailMessage(), patient())).toMatchObject({ kind: 'misconfigured', retry: 'final' });
    expect(to.mails).toEqual([]);
    expect(await channel.probe?.(patient())).toMatch(/does not offer STARTTLS/);
  });

  it('is left out with tls=0', async () => {
    const to = await sink({ allowInsecureAuth: true });
    const channel = await channelFor(`smtp://${LOGIN}127.0.0.1:${to.port}?${FROM}&tls=0`);
    expect(await channel.send(emailMessage(), patient())).toMatchObject({ type: 'accepted' });
    expect(to.mails[0]?.secure).toBe(false);
  });
});

describe('a wrong password', () => {
  it('is final for this provider and named by the probe, without the credential', async () => {
    const to = await sink();
    const dsn = `smtp://mailer%40acme.example:wr0ngpass@127.0.0.1:${to.port}?${FROM}&ca=${certificate.certPath}`;
    const channel = await channelFor(dsn);
    const outcome = (await channel.send(emailMessage(), patient())) as Failure;
    expect(outcome).toMatchObject({ kind: 'misconfigured', retry: 'final' });
    const advice = (await channel.probe?.(patient())) ?? '';
    expect(advice).toMatch(/refused the login: 535/);
    expect(`${outcome.detail} ${advice} ${channel.name}`).not.toMatch(new RegExp(`wr0ngpass|${USER}`));
  });
});

describe('A19: a recipient that is not one plain address', () => {
  const HOSTILE = [
    'a@b.example\r\nRCPT TO:<evil@x.example>',
    'a@b.example\nBcc: evil@x.example',
    'a@b.example\rBcc: evil@x.example',
    'a@b.example\u0000',
    'a@b.example\u2028Bcc: evil@x.example',
    'a@b.example, evil@x.example',
    'a@b.example,evil@x.example',
    'a@b.example; evil@x.example',
    'a@b.example evil@x.example',
    'a@b.example>, <evil@x.example',
    'a@b.example> NOTIFY=SUCCESS',
    '<a@b.example>',
    'Jane <a@b.example>',
    '"Jane" <a@b.example>',
    'Group: a@b.example, evil@x.example;',
    'Group:a@b.example;',
    'a@b.example (comment)',
    '(comment)a@b.example',
    '"a b"@b.example',
    '"a@b.example,evil"@x.example',
    '"<evil@x.example>"@b.example',
    'a@evil@x.example',
    'a@b.example@x.example',
    '@relay.example:a@b.example',
    '@a,@b:c@d.example',
    'evil%x.example@@b.example',
    'a@[127.0.0.1]',
    'a@[IPv6:::1]',
    'a@',
    '@b.example',
    'a',
    '',
    ' a@b.example',
    'a@b.example ',
    '.a@b.example',
    'a..b@b.example',
    'a@b..example',
    'a@b.example.',
    'mailto:a@b.example,evil@x.example',
    'a\\@b.example',
    'ä@b.example',
    'a@bücher.example',
    'a@b.example\u200b',
    'a@b\uff0eexample',
    'a@b.example%0d%0aBcc:evil@x.example',
    `${'a'.repeat(65)}@b.example`,
    `a@${'b'.repeat(250)}.example`,
    'a@b.example?bcc=evil@x.example',
    'a\t@b.example',
    'a@b.example\u0008',
  ];

  it('never reaches the server', async () => {
    expect(HOSTILE.length).toBeGreaterThanOrEqual(40);
    const to = await sink();
    const channel = await channelFor(`smtp://127.0.0.1:${to.port}?${FROM}&tls=0`);
    for (const address of HOSTILE) {
      const outcome = await channel.send(emailMessage({ to: address }), patient());
      expect(outcome, address).toMatchObject({ type: 'failure', kind: 'invalid_destination', retry: 'final' });
    }
    expect(to.connections()).toBe(0);
    await channel.send(emailMessage(), patient());
    expect(to.recipients).toEqual(['jane.doe@recipient.example']);
  });

  it.each(['jane+tag@b.example', "o'hara@b.example", 'a@xn--bcher-kva.example', 'x_y=z{1}@b.example'])(
    'is not %s: that one is delivered as it is',
    async (address) => {
      const to = await startScripted({});
      open.push(to);
      const channel = await channelFor(`smtp://127.0.0.1:${to.port}?${FROM}&tls=0`);
      await channel.send(emailMessage({ to: address }), patient());
      expect(to.commands.filter((line) => line.startsWith('RCPT'))).toEqual([`RCPT TO:<${address}>`]);
      expect(splitMail(to.messages[0] ?? '').headers).toContain(`To: ${address}\r\n`);
    },
  );
});

describe('subject and sender', () => {
  it('cannot start a new header', async () => {
    const to = await sink();
    const channel = await channelFor(`smtp://127.0.0.1:${to.port}?${FROM}&tls=0`);
    await channel.send(emailMessage({ subject: 'Hi\r\nBcc: evil@x.example\r\n\r\nbody' }), patient());
    expect(to.recipients).toEqual(['jane.doe@recipient.example']);
    expect(splitMail(to.mails[0]?.raw ?? '').headers).not.toMatch(/^Bcc:/im);
    const outcome = await channel.send(emailMessage({ from: 'A\r\nBcc: e@x.example <a@b.example>' }), patient());
    expect(outcome).toMatchObject({ kind: 'misconfigured' });
    expect(to.mails).toHaveLength(1);
  });

  it('never make the channel read a file or an address on the network', async () => {
    const to = await sink();
    const channel = await channelFor(`smtp://127.0.0.1:${to.port}?${FROM}&tls=0`);
    await channel.send(
      emailMessage({ text: 'file:///etc/passwd', html: '<img src="http://127.0.0.1:1/x">' }),
      patient(),
    );
    expect(to.mails[0]?.raw).toContain('file:///etc/passwd');
    expect(to.mails[0]?.raw).not.toContain('root:');
  });
});

describe('DKIM', () => {
  it('signs so that an independent check with the public key agrees', async () => {
    const to = await sink();
    const dkim = `dkim_domain=acme.example&dkim_selector=s1&dkim_key=${certificate.keyPath}`;
    const channel = await channelFor(`smtp://127.0.0.1:${to.port}?${FROM}&tls=0&${dkim}`);
    await channel.send(emailMessage(), patient());
    expect(verifyDkim(to.mails[0]?.raw ?? '')).toEqual({ domain: 'acme.example', body: true, signature: true });
    expect(verifyDkim((to.mails[0]?.raw ?? '').replace('Your Acme code', 'Your Evil code')).signature).toBe(false);
  });

  it('is refused at the start when the key cannot be read or cannot sign', async () => {
    const dsn = (path: string): string =>
      `smtp://127.0.0.1:25?${FROM}&dkim_domain=a.example&dkim_selector=s&dkim_key=${path}`;
    await expect(channelFor(dsn('/nowhere/key.pem'))).rejects.toThrow('option dkim_key cannot be read (ENOENT)');
    await expect(channelFor(dsn(certificate.certPath))).rejects.toThrow('no private key that can sign');
    const notPem = `${certificate.keyPath}.txt`;
    writeFileSync(notPem, 'hello');
    await expect(channelFor(dsn(notPem))).rejects.toThrow('not PEM');
  });

  /** Relaxed/relaxed RSA-SHA256 of RFC 6376, written from the RFC. */
  function verifyDkim(raw: string): { domain: string | undefined; body: boolean; signature: boolean } {
    const end = raw.indexOf('\r\n\r\n');
    const fields = raw.slice(0, end).split(/\r\n(?![ \t])/);
    const relax = (field: string): string => {
      const colon = field.indexOf(':');
      const value = field
        .slice(colon + 1)
        .replace(/\r\n/g, '')
        .replace(/[ \t]+/g, ' ')
        .trim();
      return `${field.slice(0, colon).trim().toLowerCase()}:${value}`;
    };
    const own = fields.find((field) => /^DKIM-Signature:/i.test(field)) ?? '';
    const tags = new Map(
      own
        .slice(own.indexOf(':') + 1)
        .split(';')
        .map((tag) => {
          const [name = '', ...rest] = tag.split('=');
          return [name.trim(), rest.join('=').replace(/\s/g, '')] as const;
        }),
    );
    const body = raw
      .slice(end + 4)
      .replace(/[ \t]+(?=\r\n)/g, '')
      .replace(/[ \t]+/g, ' ')
      .replace(/(\r\n)*$/, '\r\n');
    const signed = (tags.get('h') ?? '').split(':').map((name) => {
      return relax(fields.find((field) => field.toLowerCase().startsWith(`${name.toLowerCase()}:`)) ?? '');
    });
    const unsigned = relax(own).replace(/([;:] ?b=)[^;]*$/, '$1');
    const verifier = createVerify('RSA-SHA256').update([...signed, unsigned].join('\r\n'));
    return {
      domain: tags.get('d'),
      body: createHash('sha256').update(body).digest('base64') === tags.get('bh'),
      signature: verifier.verify(createPublicKey(certificate.cert), tags.get('b') ?? '', 'base64'),
    };
  }
});

describe('loading', () => {
  it('brings in nodemailer only when smtp is opened, and node:crypto never', () => {
    const folder = new URL('../../src/channels/', import.meta.url);
    const reached = new Set<string>();
    const imports: string[] = [];
    const walk = (file: URL): void => {
      if (reached.has(file.href)) return;
      reached.add(file.href);
      for (const [, target = ''] of readFileSync(file, 'utf8').matchAll(/^(?:import|export) .*?from '([^']+)';$/gms)) {
        imports.push(target);
        if (target.startsWith('.')) walk(new URL(target, file));
      }
    };
    walk(new URL('index.ts', folder));
    expect(reached.size).toBeGreaterThan(5);
    expect(imports.filter((target) => target.startsWith('nodemailer'))).toEqual([]);
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (file.endsWith('.ts')) walk(new URL(file, folder));
    }
    expect(imports.filter((target) => target.startsWith('nodemailer')).length).toBeGreaterThan(0);
    expect(imports).not.toContain('node:crypto');
  });

  it('fails at the start when the ca file cannot be read', async () => {
    const dsn = `smtp://127.0.0.1:25?${FROM}&ca=/nowhere/ca.pem`;
    await expect(channelFor(dsn)).rejects.toThrow('The file of option ca cannot be read (ENOENT).');
  });
});
