import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Mailserver, startMailserver } from '../support/mailbox.ts';
import { codeIn } from '../support/messages.ts';
import { createKey, killAll, newPlace, type Place, run, type Server, startServer } from '../support/process.ts';
import { wrongCode } from '../support/world.ts';

const TO = 'Ann.Muster+shop@recipient.example';

let place: Place;
let mailserver: Mailserver;
let server: Server;
let key: string;
let env: Record<string, string>;
beforeAll(async () => {
  mailserver = await startMailserver();
  place = newPlace();
  env = { ...place.env, WATCHWORD_EMAIL: mailserver.dsn };
  key = await createKey(place, 'live', env);
  server = await startServer({ env });
});
afterAll(async () => {
  await killAll();
  await mailserver.close();
  place.remove();
});

/** Where a code stands in a mail, headers included. */
function occurrences(text: string, code: string): number {
  return text.split(code).length - 1;
}

describe('a code through a real mail server', () => {
  it('S1.1, S1.4, S2.20, S2.35: goes out encrypted and with a login, and comes back from the mailbox to be approved', async () => {
    const started = await server.call('POST', '/v1/verifications', { key, body: { to: TO, purpose: 'signup' } });
    expect(started).toMatchObject({ status: 201, body: { status: 'pending', channel: 'email' } });
    const mail = await mailserver.mailTo(TO);
    expect(mail).toMatchObject({
      encrypted: true,
      user: 'mailer@acme.example',
      recipients: [TO],
      from: 'no-reply@acme.example',
    });
    const code = codeIn(mail.text);
    expect(code).toMatch(/^\d{6}$/);
    const path = `/v1/verifications/${String(started.body['id'])}/checks`;
    const wrong = await server.call('POST', path, { key, body: { code: wrongCode(code) } });
    expect(wrong.body).toMatchObject({ result: 'incorrect', verification: { checks_remaining: 4 } });
    const right = await server.call('POST', path, { key, body: { code } });
    expect(right.body).toMatchObject({
      result: 'approved',
      verification: { status: 'approved', to: { type: 'email' } },
    });
    const sends = await server.call('GET', `/v1/verifications/${String(started.body['id'])}/sends`, { key });
    expect(sends.body['data']).toMatchObject([{ status: 'accepted', channel: 'email', error: null }]);
    expect(mailserver.mails.filter(({ recipients }) => recipients.includes(TO))).toHaveLength(1);
  });

  it('carries the code once in the text and once in the visible HTML, never in the subject or a header', async () => {
    const mail = await mailserver.mailTo(TO);
    const code = codeIn(mail.text);
    const visible = mail.html.replaceAll(/<style[^]*?<\/style>|<[^>]+>/g, ' ');
    expect(occurrences(mail.text, code)).toBe(1);
    expect(occurrences(visible, code)).toBe(1);
    for (const [name, value] of mail.headers) expect(value, name).not.toContain(code);
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.headers.get('message-id')).toMatch(/^<[^<>@\s]+@[^<>@\s]+>$/);
    expect(mail.headers.get('to')).toContain(TO);
  });

  it('S1.17: a first real message from the command line, and a wrong password told by name', async () => {
    const sent = await run(['doctor', '--send', 'first@recipient.example', '--json'], { env });
    expect(sent.exit, sent.out).toBe(0);
    expect(codeIn((await mailserver.mailTo('first@recipient.example')).text)).toMatch(/^\d{6}$/);
    const refused = await run(['doctor', '--json'], {
      env: { ...env, WATCHWORD_EMAIL: mailserver.dsn.replace('p%40ss', 'wrong') },
    });
    expect(refused.exit).toBe(1);
    const failed = (
      JSON.parse(refused.out) as { checks: { name: string; status: string; detail: string }[] }
    ).checks.filter(({ status }) => status === 'fail');
    expect(failed).toHaveLength(1);
    expect(`${failed[0]?.name} ${failed[0]?.detail}`).toMatch(/WATCHWORD_EMAIL.*(password|login|credentials)/i);
    expect(refused.out + refused.err).not.toContain('wrong');
  });
});
