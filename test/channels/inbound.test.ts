import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { createChannel } from '../../src/channels/index.ts';
import { secret } from '../../src/core/redacted.ts';
import { createHttpWorld, T0 } from '../support/world.ts';
import { recordingTools } from './support/messages.ts';

const PERSON = '+14155552671';
const OURS = '+14155292729';
const ORIGIN = 'http://localhost';

/** A message of a person as a provider posts it; `at` is the time it signs, where it signs one. */
interface Posted {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Told {
  readonly text: string;
  readonly id: string;
  readonly at: number;
  readonly to?: string;
  /** Signs with another key than the account's. */
  readonly forged?: boolean;
}

interface Provider {
  readonly scheme: string;
  readonly dsn: string;
  /** Whether it signs a time: then an old one is refused, else only known again. */
  readonly signsTime: boolean;
  post(told: Told): Posted;
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const JSON_TYPE = { 'content-type': 'application/json' };
const hmac = (hash: string, key: string | Buffer, content: string) => createHmac(hash, key).update(content);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const sorted = (fields: Readonly<Record<string, string>>, join: (name: string, value: string) => string): string =>
  Object.entries(fields)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => join(name, value))
    .join('');
const bare = (number: string): string => number.slice(1);

const SID = `AC${'0123456789abcdef'.repeat(2)}`;
const KEY = 'a-secret-of-the-account';
const CALLBACK_SECRET = 'a-callback-secret-1234';
const GATEWAY = Buffer.from('0123456789abcdef0123456789abcdef');
const telnyx = generateKeyPairSync('ed25519');
const TELNYX_PUBLIC = telnyx.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64url');
const stranger = generateKeyPairSync('ed25519');

const PROVIDERS: readonly Provider[] = [
  {
    scheme: 'twilio',
    dsn: `twilio://${SID}:${KEY}@default?from=${encodeURIComponent(OURS)}`,
    signsTime: false,
    post({ text, id, to = OURS, forged }) {
      const fields = { MessageSid: id, SmsStatus: 'received', From: PERSON, To: to, Body: text, AccountSid: SID };
      const content = `${ORIGIN}/callbacks/twilio${sorted(fields, (name, value) => name + value)}`;
      const signature = hmac('sha1', forged ? 'x' : KEY, content).digest('base64');
      const body = new URLSearchParams(fields).toString();
      return { path: '/callbacks/twilio', method: 'POST', body, headers: { ...FORM, 'x-twilio-signature': signature } };
    },
  },
  {
    scheme: 'vonage',
    dsn: `vonage://k:s@default?from=${bare(OURS)}&signature_secret=${KEY}`,
    signsTime: true,
    post({ text, id, at, to = OURS, forged }) {
      const fields = {
        msisdn: bare(PERSON),
        to: bare(to),
        messageId: id,
        text,
        type: 'text',
        keyword: text.toUpperCase(),
        'message-timestamp': new Date(at).toISOString().slice(0, 19).replace('T', ' '),
        timestamp: String(Math.floor(at / 1000)),
        nonce: id,
      };
      const sig = hmac(
        'sha256',
        forged ? 'x' : KEY,
        sorted(fields, (name, value) => `&${name}=${value.replace(/[&=]/g, '_')}`),
      ).digest('hex');
      return {
        path: '/callbacks/vonage',
        method: 'POST',
        body: JSON.stringify({ ...fields, sig }),
        headers: JSON_TYPE,
      };
    },
  },
  {
    scheme: 'messagebird',
    dsn: `messagebird://key@default?from=${bare(OURS)}&signing_key=${KEY}`,
    signsTime: true,
    post({ text, id, at, to = OURS, forged }) {
      const query = {
        id,
        originator: bare(PERSON),
        recipient: bare(to),
        body: text,
        createdDatetime: new Date(at).toISOString(),
      };
      const path = `/callbacks/messagebird?${new URLSearchParams(query).toString()}`;
      const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      const claims = {
        iss: 'MessageBird',
        nbf: at / 1000 - 1,
        exp: at / 1000 + 59,
        jti: id,
        url_hash: sha256(ORIGIN + path),
      };
      const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
      const jwt = `${signed}.${hmac('sha256', forged ? 'x' : KEY, signed).digest('base64url')}`;
      return { path, method: 'GET', headers: { 'messagebird-signature-jwt': jwt } };
    },
  },
  {
    scheme: 'plivo',
    dsn: `plivo://MA123:${KEY}@default?from=${bare(OURS)}`,
    signsTime: false,
    post({ text, id, to = OURS, forged }) {
      const fields = { MessageUUID: id, From: bare(PERSON), To: bare(to), Text: text, Type: 'sms' };
      const content = `${ORIGIN}/callbacks/plivo?${sorted(fields, (name, value) => name + value)}.nonce`;
      const signature = hmac('sha256', forged ? 'x' : KEY, content).digest('base64');
      const headers = { ...FORM, 'x-plivo-signature-v3': signature, 'x-plivo-signature-v3-nonce': 'nonce' };
      return { path: '/callbacks/plivo', method: 'POST', body: new URLSearchParams(fields).toString(), headers };
    },
  },
  {
    scheme: 'telnyx',
    dsn: `telnyx://KEY123@default?from=${encodeURIComponent(OURS)}&public_key=${TELNYX_PUBLIC}`,
    signsTime: true,
    post({ text, id, at, to = OURS, forged }) {
      const payload = { id, from: { phone_number: PERSON }, to: [{ phone_number: to }], text, direction: 'inbound' };
      const occurred = new Date(at).toISOString();
      const body = JSON.stringify({ data: { event_type: 'message.received', occurred_at: occurred, payload } });
      const time = String(Math.floor(at / 1000));
      const { privateKey } = forged ? stranger : telnyx;
      const signature = sign(null, Buffer.from(`${time}|${body}`), privateKey).toString('base64');
      const headers = { ...JSON_TYPE, 'telnyx-timestamp': time, 'telnyx-signature-ed25519': signature };
      return { path: '/callbacks/telnyx', method: 'POST', body, headers };
    },
  },
  {
    scheme: 'infobip',
    dsn: `infobip://key@default?from=${bare(OURS)}&callback_secret=${CALLBACK_SECRET}`,
    signsTime: false,
    post({ text, id, at, to = OURS, forged }) {
      const receivedAt = new Date(at).toISOString().replace('Z', '+0000');
      const result = { messageId: id, from: bare(PERSON), to: bare(to), text, cleanText: text, receivedAt };
      const path = `/callbacks/infobip?s=${forged ? 'another-secret-5678' : CALLBACK_SECRET}`;
      return { path, method: 'POST', body: JSON.stringify({ results: [result] }), headers: JSON_TYPE };
    },
  },
  {
    scheme: 'sinch',
    dsn: `sinch://plan:token@default?from=${bare(OURS)}&webhook_secret=${KEY}`,
    signsTime: true,
    post({ text, id, at, to = OURS, forged }) {
      const received_at = new Date(at).toISOString();
      const body = JSON.stringify({ type: 'mo_text', id, from: bare(PERSON), to: bare(to), body: text, received_at });
      const time = String(Math.floor(at / 1000));
      const headers = {
        ...JSON_TYPE,
        'x-sinch-webhook-signature': hmac('sha256', forged ? 'x' : KEY, `${body}.nonce.${time}`).digest('base64'),
        'x-sinch-webhook-signature-nonce': 'nonce',
        'x-sinch-webhook-signature-timestamp': time,
      };
      return { path: '/callbacks/sinch', method: 'POST', body, headers };
    },
  },
  {
    scheme: 'webhook',
    dsn: `webhook://gateway.example/otp?secret=whsec_${GATEWAY.toString('base64')}`,
    signsTime: true,
    post({ text, id, at, forged }) {
      const body = JSON.stringify({ type: 'message.received', data: { from: PERSON, to: OURS, text } });
      const time = String(Math.floor(at / 1000));
      const signature = hmac('sha256', forged ? 'x' : GATEWAY, `${id}.${time}.${body}`).digest('base64');
      const headers = { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1,${signature}` };
      return { path: '/callbacks/webhook', method: 'POST', body, headers: { ...JSON_TYPE, ...headers } };
    },
  },
];

type World = Awaited<ReturnType<typeof createHttpWorld>>;
let world: World;
afterEach(() => world.close());

async function openWith({ dsn }: Provider): Promise<void> {
  const clock = { now: T0 };
  const channel = await createChannel(secret(dsn), 'sms', { ...recordingTools(), now: () => clock.now });
  world = await createHttpWorld({ clock, providers: { sms: [channel] } });
}

const call = ({ method, path, body, headers }: Posted) =>
  world.call(method, path, body, { ...headers, authorization: '' });
const tell = (provider: Provider, told: Partial<Told> & Pick<Told, 'text' | 'id'>) =>
  call(provider.post({ at: world.clock.now, ...told }));
const LIST = '/v1/lists/suppressions';
const listed = async (): Promise<readonly Record<string, unknown>[]> =>
  (await world.call('GET', `${LIST}?to=${encodeURIComponent(PERSON)}`)).body['data'];
const start = async (): Promise<number> => (await world.call('POST', '/v1/verifications', { to: PERSON })).status;

describe.each(PROVIDERS)('a message to a sender of $scheme', (provider) => {
  it('S3.53: that says STOP puts the person on the list, and START takes them off', async () => {
    await openWith(provider);
    expect(await start()).toBe(201);
    const stopped = await tell(provider, { text: 'stop', id: 'in-1' });
    expect([stopped.status, stopped.text]).toEqual([200, '']);
    expect(await listed()).toMatchObject([{ reason: 'stop', channel: 'sms' }]);
    expect(await start()).toBe(422);
    await tell(provider, { text: 'Start', id: 'in-2' });
    expect(await listed()).toEqual([]);
    expect(await start()).toBe(201);
  });

  it('unsigned, forged or changed is not believed', async () => {
    await openWith(provider);
    const posted = provider.post({ text: 'STOP', id: 'in-1', at: world.clock.now });
    const forged = await tell(provider, { text: 'STOP', id: 'in-1', forged: true });
    const unsigned = await call({ ...posted, path: posted.path.replace(/\?s=.*/, ''), headers: FORM });
    expect([forged.status, unsigned.status]).toEqual([401, 401]);
    if (provider.scheme !== 'infobip') {
      const path = posted.path.replace('STOP', 'STOPP');
      const changed = await call({
        ...posted,
        path,
        ...(posted.body ? { body: posted.body.replace('STOP', 'STOPP') } : {}),
      });
      expect(changed.status).toBe(401);
    }
    expect(await listed()).toEqual([]);
  });

  it('replayed does nothing: an old START does not lift a later STOP', async () => {
    await openWith(provider);
    await tell(provider, { text: 'STOP', id: 'in-1' });
    const start = provider.post({ text: 'START', id: 'in-2', at: world.clock.now });
    await call(start);
    await tell(provider, { text: 'STOP', id: 'in-3' });
    expect((await call(start)).status).toBe(200);
    expect(await listed()).toHaveLength(1);
    world.clock.now += 6 * 60_000;
    expect((await call(start)).status).toBe(provider.signsTime ? 401 : 200);
    world.clock.now += 300 * 86_400_000;
    expect((await call(start)).status).toBe(provider.signsTime ? 401 : 200);
    expect(await listed()).toHaveLength(1);
  });

  it('that says anything else, or was written to another sender of the account, changes nothing', async () => {
    await openWith(provider);
    expect((await tell(provider, { text: 'What is this?', id: 'in-1' })).status).toBe(200);
    if (provider.scheme !== 'webhook') await tell(provider, { text: 'STOP', id: 'in-2', to: '+14155550100' });
    expect(await listed()).toEqual([]);
    expect(world.logs.some((line) => JSON.stringify(line).includes('What is this'))).toBe(false);
  });

  it('never lifts a complaint or what an operator decided, also when a STOP came before', async () => {
    await openWith(provider);
    await tell(provider, { text: 'STOP', id: 'in-1' });
    await world.call('POST', LIST, { to: PERSON, reason: 'manual' });
    await tell(provider, { text: 'STOP', id: 'in-2' });
    await tell(provider, { text: 'START', id: 'in-3' });
    expect(await listed()).toMatchObject([{ reason: 'manual' }]);
    expect(await start()).toBe(422);
  });
});

describe('whom a STOP is about', () => {
  const [twilio] = PROVIDERS;
  if (twilio === undefined) throw new Error('no provider');

  it('are all applications that share the sender, and no other number', async () => {
    await openWith(twilio);
    const made = await world.call('POST', '/v1/applications', { name: 'shop' });
    const shop = await world.service.applications.find(made.body['id']);
    const authorization = `Bearer ${await world.newKey(shop ?? world.application)}`;
    await tell(twilio, { text: 'STOP', id: 'in-1' });
    expect((await world.call('POST', '/v1/verifications', { to: PERSON }, { authorization })).status).toBe(422);
    expect((await world.call('POST', '/v1/verifications', { to: '+14155552672' })).status).toBe(201);
  });

  it('is what Twilio’s own opt-out says, whatever the words', async () => {
    await openWith(twilio);
    const fields = {
      MessageSid: 'in-1',
      SmsStatus: 'received',
      From: PERSON,
      To: OURS,
      Body: 'XYZZY',
      OptOutType: 'STOP',
    };
    const content = `${ORIGIN}/callbacks/twilio${sorted(fields, (name, value) => name + value)}`;
    const headers = { ...FORM, 'x-twilio-signature': hmac('sha1', KEY, content).digest('base64') };
    await call({ path: '/callbacks/twilio', method: 'POST', body: new URLSearchParams(fields).toString(), headers });
    expect(await listed()).toHaveLength(1);
  });

  it('is posted again when it could not be kept, and then kept', async () => {
    await openWith(twilio);
    const { put } = world.store.documents;
    world.store.documents.put = async () => Promise.reject(new Error('the disk is full'));
    expect((await tell(twilio, { text: 'STOP', id: 'in-1' })).status).toBeGreaterThanOrEqual(500);
    world.store.documents.put = put;
    await tell(twilio, { text: 'STOP', id: 'in-1' });
    expect(await listed()).toHaveLength(1);
  });
});

describe('a gateway of one’s own', () => {
  const gateway = PROVIDERS.at(-1);
  if (gateway === undefined) throw new Error('no provider');

  it('is told what is wrong with what it posts', async () => {
    await openWith(gateway);
    for (const body of [
      '{',
      '[]',
      '{"type":"message.received","data":{"from":"0415","text":"STOP"}}',
      '{"type":"x"}',
    ]) {
      const time = String(Math.floor(world.clock.now / 1000));
      const signature = hmac('sha256', GATEWAY, `in-1.${time}.${body}`).digest('base64');
      const headers = { 'webhook-id': 'in-1', 'webhook-timestamp': time, 'webhook-signature': `v1,${signature}` };
      expect((await call({ path: '/callbacks/webhook', method: 'POST', body, headers })).status).toBe(400);
    }
  });
});
