import {
  PinpointSMSVoiceV2Client,
  type PinpointSMSVoiceV2ClientConfig,
  SendTextMessageCommand,
  type SendTextMessageCommandInput,
} from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { PublishCommand, type PublishCommandInput, SNSClient, type SNSClientConfig } from '@aws-sdk/client-sns';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createChannel } from '../../../src/channels/index.ts';
import { signV4 } from '../../../src/channels/provider/sigv4.ts';
import { secret } from '../../../src/core/redacted.ts';
import { patient, recordingTools, smsMessage } from '../support/messages.ts';
import { type ProviderCall, type ProviderServer, startProviderServer } from '../support/provider-server.ts';

const KEY = 'AKIDEXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const TOKEN = 'IQoJb3JpZ2luX2VjE+/=session';
const REGION = 'eu-west-1';
const TO = '+14155552671';
const TEXT = `Código: 048213 & <b> *~'()! "x" +1 ✓ 🔐`;
const PUBLISHED =
  '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId>' +
  '</PublishResult></PublishResponse>';

let server: ProviderServer;
beforeAll(async () => {
  server = await startProviderServer({ status: 200, body: '{"MessageId":"1"}' });
});
afterEach(() => vi.useRealTimers());
afterAll(() => server.close());

function lastCall(): ProviderCall {
  const call = server.calls.at(-1);
  if (call === undefined) throw new Error('nothing came');
  return call;
}

/** One message through our channel. */
async function ours(scheme: string, options: string, from: string | null = null): Promise<ProviderCall> {
  const login = `${KEY}:${encodeURIComponent(SECRET)}`;
  const dsn = `${scheme}://${login}@127.0.0.1:${server.port}?region=${REGION}&tls=0${options}`;
  const channel = await createChannel(secret(dsn), 'sms', recordingTools());
  await channel.send(smsMessage({ to: TO, text: TEXT, from }), patient());
  return lastCall();
}

/** The official library's settings; it signs at the moment of our test clock. */
function settings(sessionToken?: string): SNSClientConfig & PinpointSMSVoiceV2ClientConfig {
  vi.useFakeTimers({ toFake: ['Date'], now: recordingTools().now() });
  const credentials = {
    accessKeyId: KEY,
    secretAccessKey: SECRET,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
  return { region: REGION, endpoint: `http://127.0.0.1:${server.port}`, credentials, maxAttempts: 1 };
}

async function published(input: PublishCommandInput, sessionToken?: string): Promise<ProviderCall> {
  await new SNSClient(settings(sessionToken)).send(new PublishCommand(input));
  return lastCall();
}

async function textSent(input: Partial<SendTextMessageCommandInput>, sessionToken?: string): Promise<ProviderCall> {
  const command = new SendTextMessageCommand({ DestinationPhoneNumber: TO, ...input });
  await new PinpointSMSVoiceV2Client(settings(sessionToken)).send(command);
  return lastCall();
}

function formOf({ method, url, headers, body }: ProviderCall): object {
  const fields = Object.fromEntries(new URLSearchParams(body));
  return { method, url, type: headers['content-type'], date: headers['x-amz-date'], fields };
}

function jsonOf({ method, url, headers, body }: ProviderCall): object {
  const { 'content-type': type, 'x-amz-target': target, 'x-amz-date': date } = headers;
  return { method, url, type, target, date, fields: JSON.parse(body) as object };
}

/** What our signer says of a request of the official library: the same headers, the same body. */
async function signedByUs(call: ProviderCall, service: string, sessionToken: string | null = null): Promise<string> {
  const names = /SignedHeaders=([^,]+)/.exec(call.headers.authorization ?? '')?.[1]?.split(';') ?? [];
  const own = new Set(['host', 'x-amz-date', 'x-amz-security-token']);
  const headers = Object.fromEntries(
    names.filter((name) => !own.has(name)).map((name) => [name, String(call.headers[name])]),
  );
  const signed = await signV4({
    method: call.method,
    url: `http://127.0.0.1:${server.port}${call.url}`,
    headers,
    body: call.body,
    region: REGION,
    service,
    accessKeyId: KEY,
    secretAccessKey: SECRET,
    sessionToken,
    now: recordingTools().now(),
  });
  return signed['authorization'] ?? '';
}

const SNS_INPUT = {
  PhoneNumber: TO,
  Message: TEXT,
  MessageAttributes: { 'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' } },
};

describe('S0.21, S4.15: a request to Amazon SNS is the one of the official library', () => {
  beforeAll(() => {
    server.reply = { status: 200, body: PUBLISHED, headers: { 'content-type': 'text/xml' } };
  });

  it.each([
    ['with the account’s own sender', '', {}],
    [
      'with a sender id and a price',
      '&from=ACME&max_price=0.05',
      {
        'AWS.SNS.SMS.SenderID': { DataType: 'String', StringValue: 'ACME' },
        'AWS.SNS.SMS.MaxPrice': { DataType: 'Number', StringValue: '0.05' },
      },
    ],
    [
      'with a sending number',
      '&from=%2B14155292729',
      { 'AWS.MM.SMS.OriginationNumber': { DataType: 'String', StringValue: '+14155292729' } },
    ],
  ])('%s', async (_name, options, attributes) => {
    const sent = formOf(await ours('sns', options));
    const MessageAttributes = { ...SNS_INPUT.MessageAttributes, ...attributes };
    expect(sent).toEqual(formOf(await published({ ...SNS_INPUT, MessageAttributes })));
  });

  it('and so is the signature, with long-lived and with temporary credentials', async () => {
    const call = await published(SNS_INPUT);
    expect(await signedByUs(call, 'sns')).toBe(call.headers.authorization);
    const temporary = await published(SNS_INPUT, TOKEN);
    expect(await signedByUs(temporary, 'sns', TOKEN)).toBe(temporary.headers.authorization);
  });
});

describe('a request to AWS End User Messaging is the one of the official library', () => {
  beforeAll(() => {
    server.reply = { status: 200, body: '{"MessageId":"1"}' };
  });

  it.each([
    ['with the account’s own sender', '', {}],
    [
      'with everything',
      '&from=ACME&configuration_set=otp&max_price=0.05',
      { OriginationIdentity: 'ACME', ConfigurationSetName: 'otp', MaxPrice: '0.05' },
    ],
  ])('%s', async (_name, options, fields) => {
    const sent = jsonOf(await ours('aws-sms', options));
    const common = { MessageBody: TEXT, MessageType: 'TRANSACTIONAL' as const, TimeToLive: 300 };
    expect(sent).toEqual(jsonOf(await textSent({ ...common, ...fields })));
  });

  it('and so is the signature', async () => {
    const call = await textSent({ MessageBody: TEXT }, TOKEN);
    expect(await signedByUs(call, 'sms-voice', TOKEN)).toBe(call.headers.authorization);
  });
});
