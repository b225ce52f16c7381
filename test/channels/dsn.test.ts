import { describe, expect, it } from 'vitest';
import {
  checkDsn,
  createChannel,
  DEVELOPMENT_SCHEMES,
  dsnScheme,
  dsnWarnings,
  WARNED_SCHEMES,
} from '../../src/channels/index.ts';
import { parseDsn } from '../../src/channels/dsn.ts';
import { safeDetail } from '../../src/channels/safe-detail.ts';
import { secret } from '../../src/core/redacted.ts';
import type { ChannelName } from '../../src/core/verification.ts';
import { recordingTools } from './support/messages.ts';

const WHSEC = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const FROM = 'from=Acme%20<no-reply@acme.example>';

describe('a DSN', () => {
  it('is taken apart and percent-decoded', () => {
    const parsed = parseDsn('smtp://us%40er:p%3Aa%2Fss@Mail.Example:587/?from=A%20B%20<a+b@c.example>&x=1&x=2');
    expect(parsed).toEqual({
      ok: true,
      value: {
        scheme: 'smtp',
        user: 'us@er',
        password: 'p:a/ss',
        host: 'mail.example',
        port: 587,
        path: '/',
        options: new Map([
          ['from', ['A B <a+b@c.example>']],
          ['x', ['1', '2']],
        ]),
      },
    });
  });

  it('takes an address as user name and IPv6 as host', () => {
    expect(parseDsn('smtp://me@gmail.com:pw@[::1]:25')).toMatchObject({
      value: { user: 'me@gmail.com', password: 'pw', host: '::1', port: 25 },
    });
  });

  it.each([
    ['smtp://u:p@mail.example:587?from=x@y.example', 'smtp'],
    ['INBOX://', 'inbox'],
    ['nonsense', ''],
  ])('%s has the scheme %s', (dsn, scheme) => {
    expect(dsnScheme(dsn)).toBe(scheme);
  });
});

describe('checking a DSN', () => {
  it.each<[string, ChannelName]>([
    ['inbox://', 'sms'],
    ['console://', 'telegram'],
    ['file:///var/lib/watchword/messages.jsonl', 'voice'],
    [`webhook://gateway.example/send?secret=${WHSEC}`, 'whatsapp'],
    [`webhook://127.0.0.1:9000/send?secret=${WHSEC}&secret=${WHSEC}&tls=0`, 'sms'],
    [`smtp://user:pass@mail.example:587?${FROM}`, 'email'],
    [`smtps://apikey:SG.x@smtp.sendgrid.net?${FROM}&ca=/etc/ca.pem`, 'email'],
    [`smtp://mail.example?from=a@b.example&tls=required`, 'email'],
    [`smtp://mail.example?${FROM}&dkim_domain=acme.example&dkim_selector=s1&dkim_key=/k.pem`, 'email'],
  ])('finds nothing wrong with %s for %s', (dsn, kind) => {
    expect(checkDsn(dsn, kind)).toBeNull();
  });

  it.each<[string, ChannelName, RegExp]>([
    ['', 'email', /scheme is not known/],
    ['hunter22', 'email', /scheme is not known/],
    ['gopher://hunter22@x', 'email', /scheme is not known/],
    ['constructor://hunter22', 'email', /scheme is not known/],
    [`smtp://u:hunter22@mail.example?${FROM}`, 'sms', /cannot carry sms, only email/],
    ['smtp://u:hunter22@mail.example', 'email', /option from is missing/],
    ['smtp://u:hunter22@mail.example?from=hunter22', 'email', /option from must be/],
    ['smtp://u:hunter22@mail.example?from=a@b.example,c@d.example', 'email', /option from must be/],
    ['smtp://u:hunter22@mail.example?from=A%0d%0aBcc:x<a@b.example>', 'email', /option from must be/],
    [`smtp://u:hunter22@?${FROM}`, 'email', /host is missing/],
    [`smtp://hunter22@mail.example?${FROM}`, 'email', /user or the password is missing/],
    [`smtp://u:hunter22@mail.example:465?${FROM}`, 'email', /write smtps/],
    [`smtp://u:hunter22@mail.example:99999?${FROM}`, 'email', /host or port is not valid/],
    [`smtp://u:hunt/er22@mail.example?${FROM}`, 'email', /host or port is not valid|no path/],
    [`smtp://u:hunter22@mail.example?${FROM}&tls=maybe`, 'email', /tls must be 0 or required/],
    [`smtps://u:hunter22@mail.example?${FROM}&tls=0`, 'email', /contradict/],
    [`smtp://u:hunter22@mail.example?${FROM}&insecure=1`, 'email', /does not know; it takes from, tls/],
    [`smtp://u:hunter22@mail.example?${FROM}&${FROM}`, 'email', /from is given more than once/],
    [`smtp://u:hunter22@mail.example?${FROM}&ca=`, 'email', /option ca is empty/],
    [`smtp://u:hunter22@mail.example?${FROM}&dkim_domain=x.example`, 'email', /DKIM needs all/],
    [`smtp://u:%zzhunter22@mail.example?${FROM}`, 'email', /percent-encoding is broken/],
    ['smtp://u:hunter22@mail.example?from=A <a@b.example>', 'email', /write a space as %20/],
    ['webhook://gateway.example/hunter22', 'sms', /option secret is missing/],
    ['webhook://gateway.example/?secret=hunter22', 'sms', /secret must be whsec_/],
    ['webhook://gateway.example/?secret=whsec_aHVudGVyMjI=', 'sms', /secret must be whsec_/],
    [`webhook://?secret=${WHSEC}`, 'sms', /host is missing/],
    [`webhook://u:hunter22@gateway.example?secret=${WHSEC}`, 'sms', /no user or password/],
    [`webhook://gateway.example?secret=${WHSEC}&tls=1`, 'sms', /tls may only be 0/],
    ['file://hunter22/x', 'sms', /must be absolute/],
    ['file:///', 'sms', /path of a file is missing/],
    ['inbox://hunter22', 'sms', /write just inbox/],
    ['console://?hunter22=1', 'sms', /does not know; it takes none/],
  ])('says what is wrong with %s for %s, without a value', async (dsn, kind, expected) => {
    const problem = checkDsn(dsn, kind) ?? '';
    expect(problem).toMatch(expected);
    expect(problem).not.toMatch(/hunt|er22/);
    await expect(createChannel(secret(dsn), kind, recordingTools())).rejects.toThrow(problem);
  });
});

describe('what production is told', () => {
  it('which schemes it refuses and warns about', () => {
    expect([DEVELOPMENT_SCHEMES, WARNED_SCHEMES]).toEqual([
      ['inbox', 'sandbox'],
      ['console', 'file'],
    ]);
  });

  it.each([
    [`smtps://u:p@mail.example?${FROM}`, []],
    [`smtp://u:p@mail.example?${FROM}`, []],
    [`smtp://mail.example?${FROM}`, [/encrypts only if the server offers it/]],
    [`smtp://u:p@mail.example?${FROM}&tls=0`, [/unencrypted/]],
    [`smtp://localhost:25?${FROM}`, [/encrypts only/, /loopback/]],
    [`webhook://127.0.0.9:9000?secret=${WHSEC}&tls=0`, [/unencrypted/, /loopback/]],
    [`webhook://gateway.example?secret=${WHSEC}`, []],
    ['file:///x', [/in clear/]],
    ['console://', [/in clear/]],
  ])('%s has its warnings', (dsn, expected) => {
    const warnings = dsnWarnings(dsn);
    expect(warnings).toHaveLength(expected.length);
    expected.forEach((pattern, i) => expect(warnings[i]).toMatch(pattern));
    expect(warnings.join()).not.toMatch(/u:p|mail\.example|whsec/);
  });
});

describe('the name of a channel', () => {
  it.each<[string, ChannelName, string]>([
    [`smtp://user:pass@mail.example?${FROM}`, 'email', 'smtp:mail.example:587'],
    [`smtps://user:pass@[2001:db8::1]?${FROM}`, 'email', 'smtps:[2001:db8::1]:465'],
    ['inbox://', 'sms', 'inbox'],
    ['sandbox://', 'sms', 'sandbox'],
    ['file:///var/x.jsonl', 'sms', 'file:/var/x.jsonl'],
  ])('of %s never holds a credential or an option', async (dsn, kind, name) => {
    expect((await createChannel(secret(dsn), kind, recordingTools())).name).toBe(name);
  });
});

describe('words of a provider', () => {
  it.each([
    ['550 5.1.1 unknown', [], '550 5.1.1 unknown'],
    ['550 <a@b.example> unknown', [], '550 <…> unknown'],
    ['550 a@b.example unknown', [], '550 […] unknown'],
    ['code 123456 or 123 456', [], 'code […] or […]'],
    ['code AB12CD refused', ['ab12cd'], 'code […] refused'],
    ['call +1 (415) 555-2671 now', [], 'call +[…] now'],
    ['two\r\nlines\u0000\u001b[31m', [], 'two lines [31m'],
  ])('%j are made safe', (text, secrets, expected) => {
    expect(safeDetail(text, secrets)).toBe(expected);
  });

  it('are cut at 200 characters', () => {
    expect(safeDetail('word '.repeat(1000), [])).toHaveLength(200);
    expect(safeDetail('x'.repeat(1_000_000), []).length).toBeLessThanOrEqual(200);
  });
});
