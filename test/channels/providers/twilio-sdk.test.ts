import twilio from 'twilio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChannel } from '../../../src/channels/index.ts';
import { secret } from '../../../src/core/redacted.ts';
import type { ChannelName } from '../../../src/core/verification.ts';
import { CODE, emailMessage, patient, recordingTools } from '../support/messages.ts';
import { type ProviderCall, type ProviderServer, startProviderServer } from '../support/provider-server.ts';

const SID = `AC${'0123456789abcdef'.repeat(2)}`;
const TOKEN = 'auth-token-of-the-account';
const TEMPLATE = `HX${'1'.repeat(32)}`;
const CALLBACK = 'https://otp.acme.example/callbacks/twilio';
const TO = '+14155552671';
const FROM = '+14155292729';
const TEXT = `Código: 048213 & <b> *~'()! "x" +1 ✓`;

/** The official library, sent to another host. */
class Elsewhere extends twilio.RequestClient {
  readonly #port: number;
  constructor(port: number) {
    super();
    this.#port = port;
  }
  override request<T>(
    options: Parameters<typeof twilio.RequestClient.prototype.request<T>>[0],
  ): ReturnType<typeof twilio.RequestClient.prototype.request<T>> {
    const uri = options.uri.replace('https://api.twilio.com', `http://127.0.0.1:${this.#port}`);
    return super.request({ ...options, uri });
  }
}

describe('S2.4, S2.26, S2.81, S3.3: a request to Twilio is the one of the official library', () => {
  let server: ProviderServer;
  let client: ReturnType<typeof twilio>;

  beforeAll(async () => {
    server = await startProviderServer({ status: 201, body: '{"sid":"SM1","status":"queued"}' });
    client = twilio(SID, TOKEN, { httpClient: new Elsewhere(server.port) });
  });
  afterAll(() => server.close());

  const lastCall = (): object => {
    const { method, url, headers, body }: ProviderCall = server.calls.at(-1) ?? {
      method: '',
      url: '',
      headers: {},
      body: '',
    };
    const { authorization, accept, 'content-type': type } = headers;
    return { method, url, authorization, accept, type, fields: Object.fromEntries(new URLSearchParams(body)) };
  };
  const ours = async (channel: ChannelName, options = ''): Promise<object> => {
    const dsn = `twilio://${SID}:${TOKEN}@127.0.0.1:${server.port}?from=%2B14155292729&tls=0${options}`;
    const message = emailMessage({ channel, to: TO, subject: null, html: null, text: TEXT, locale: 'de' });
    await (await createChannel(secret(dsn), channel, recordingTools())).send(message, patient());
    return lastCall();
  };

  it('for an SMS', async () => {
    const sent = await ours('sms', `&callback=${CALLBACK}`);
    await client.messages.create({ to: TO, from: FROM, body: TEXT, statusCallback: CALLBACK, validityPeriod: 300 });
    expect(sent).toEqual(lastCall());
  });

  it('for WhatsApp', async () => {
    const sent = await ours('whatsapp', `&content=${TEMPLATE}`);
    const [to, from] = [`whatsapp:${TO}`, `whatsapp:${FROM}`];
    await client.messages.create({ to, from, contentSid: TEMPLATE, contentVariables: JSON.stringify({ 1: CODE }) });
    expect(sent).toEqual(lastCall());
  });

  it('for a call', async () => {
    const sent = await ours('voice');
    const script = new twilio.twiml.VoiceResponse();
    script.pause({ length: 1 });
    script.say({ language: 'de-DE' }, TEXT);
    const twiml = script.toString().replace(/^<\?xml[^>]*\?>/, '');
    await client.calls.create({ to: TO, from: FROM, twiml, timeout: 30 });
    expect(sent).toEqual(lastCall());
  });
});
