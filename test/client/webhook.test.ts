import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { messagePayload } from '../../src/channels/payload.ts';
import { type GatewayMessage, verifyWebhook } from '../../src/client/index.ts';
import { CODE, SEND_ID, smsMessage } from '../channels/support/messages.ts';

const NOW = Date.UTC(2026, 0, 15, 10, 30);
const SECRET = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const OLD = `whsec_${Buffer.from('old-old-old-old-old-old-old-old-').toString('base64')}`;
const BODY =
  '{"type":"verification.approved","timestamp":"2026-01-15T10:30:00.000Z","data":{"id":"vrf_1","brand":"Café 🙂"}}';
const ID = 'evt_1';

/** Headers as the official library signs them. */
function signed({ secrets = [SECRET], id = ID, at = NOW, body = BODY } = {}) {
  const signature = secrets.map((secret) => new Webhook(secret).sign(id, new Date(at), body)).join(' ');
  return { 'webhook-id': id, 'webhook-timestamp': String(Math.floor(at / 1000)), 'webhook-signature': signature };
}
const verify = (
  headers: Parameters<typeof verifyWebhook>[1],
  body: string | Uint8Array = BODY,
  secrets: string | string[] = SECRET,
) => verifyWebhook(body, headers, secrets, { now: NOW });
const refused = (reason: string) => ({ valid: false, reason });

describe('a call to a webhook', () => {
  it('signed by the official library is valid, whatever kind of headers and body it comes with', async () => {
    const valid = { valid: true, id: ID, event: JSON.parse(BODY) as unknown };
    expect(await verify(signed())).toEqual(valid);
    expect(await verify(new Headers(signed()))).toEqual(valid);
    expect(await verify(signed(), new TextEncoder().encode(BODY))).toEqual(valid);
    const upper = Object.fromEntries(Object.entries(signed()).map(([name, value]) => [name.toUpperCase(), value]));
    expect(await verify(upper)).toEqual(valid);
  });

  it('of a gateway of one’s own holds the message, with names that the types know', async () => {
    const body = messagePayload(smsMessage());
    const told = await verifyWebhook<GatewayMessage>(body, signed({ body, id: SEND_ID }), SECRET, { now: NOW });
    if (!told.valid) throw new Error(told.reason);
    const { send_id, channel, to, from, subject, text, html, locale } = told.event.data;
    expect(Object.keys(told.event.data)).toHaveLength(8);
    expect([send_id, channel, subject, html]).toEqual([SEND_ID, 'sms', null, null]);
    expect([to.startsWith('+'), from === null || from !== '', text.includes(CODE), locale]).toEqual([
      true,
      true,
      true,
      'en',
    ]);
  });

  it('A42: of the published example of Standard Webhooks is valid with its own signature, and five minutes later not', async () => {
    const body = '{"test": 2432232314}';
    const headers = {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    };
    const at = (now: number) => verifyWebhook(body, headers, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', { now });
    expect(await at(1_614_265_330_000)).toMatchObject({ valid: true, event: { test: 2_432_232_314 } });
    for (const minutes of [-6, 6])
      expect(await at(1_614_265_330_000 + minutes * 60_000)).toMatchObject({ valid: false });
  });

  it('agrees with the official library on what it signs', async () => {
    const now = Date.now();
    const headers = signed({ at: now });
    expect(new Webhook(SECRET).verify(BODY, headers)).toEqual(JSON.parse(BODY));
    expect(await verifyWebhook(BODY, headers, SECRET)).toMatchObject({ valid: true });
  });

  it('with several signatures or secrets needs one that fits', async () => {
    expect(await verify(signed({ secrets: [OLD, SECRET] }))).toMatchObject({ valid: true });
    expect(await verify(signed(), BODY, [OLD, SECRET])).toMatchObject({ valid: true });
    expect(await verify(signed({ secrets: [OLD] }))).toEqual(refused('bad_signature'));
    expect(
      await verify({ ...signed(), 'webhook-signature': `v1a,AAAA v2,x ${signed()['webhook-signature']}` }),
    ).toMatchObject({
      valid: true,
    });
  });

  it('may be five minutes off and no more', async () => {
    for (const minutes of [-5, -1, 1, 5])
      expect(await verify(signed({ at: NOW + minutes * 60_000 }))).toMatchObject({ valid: true });
    expect(await verify(signed({ at: NOW - 6 * 60_000 }))).toEqual(refused('too_old'));
    expect(await verify(signed({ at: NOW + 6 * 60_000 }))).toEqual(refused('too_new'));
    const patient = await verifyWebhook(BODY, signed({ at: NOW - 360_000 }), SECRET, {
      now: NOW,
      toleranceSeconds: 400,
    });
    expect(patient.valid).toBe(true);
  });

  it('with another body, id or time is refused', async () => {
    expect(await verify(signed(), BODY.replace('vrf_1', 'vrf_2'))).toEqual(refused('bad_signature'));
    expect(await verify(signed(), `${BODY} `)).toEqual(refused('bad_signature'));
    expect(await verify({ ...signed(), 'webhook-id': 'evt_2' })).toEqual(refused('bad_signature'));
    const later = String(NOW / 1000 + 1);
    expect(await verify({ ...signed(), 'webhook-timestamp': later })).toEqual(refused('bad_signature'));
  });

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('without %s is refused', async (name) => {
    const { [name as keyof ReturnType<typeof signed>]: _gone, ...rest } = signed();
    expect(await verify(rest)).toEqual(refused('missing_headers'));
    expect(await verify({ ...signed(), [name]: '' })).toEqual(refused('missing_headers'));
  });

  it.each(['NaN', '1e9', '-1', ' 1', '99999999999999'])('with the time %s is refused', async (time) => {
    expect(await verify({ ...signed(), 'webhook-timestamp': time })).toEqual(refused('missing_headers'));
  });

  it.each(['v1', 'v1,', 'v1,***', 'v1,AAAA', ',', 'x'.repeat(100_000), 'v1, '.repeat(10_000)])(
    'with the signature %.20s is refused',
    async (signature) => {
      expect(await verify({ ...signed(), 'webhook-signature': signature })).toEqual(refused('bad_signature'));
    },
  );

  it('whose signed body is no JSON is malformed', async () => {
    expect(await verify(signed({ body: '{' }), '{')).toEqual(refused('malformed'));
  });

  it('with a secret that is none is a mistake of the program', async () => {
    for (const secret of ['', 'whsec_', 'whsec_?'])
      await expect(verify(signed(), BODY, secret)).rejects.toThrow(TypeError);
    expect(await verify(signed(), BODY, [])).toEqual(refused('bad_signature'));
  });
});
