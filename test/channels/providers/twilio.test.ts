import { describe, expect, it } from 'vitest';
import type { FailureKind } from '../../../src/ports/channel.ts';
import { CODE, NOW } from '../support/messages.ts';
import { providerContract } from '../support/provider-contract.ts';
import type { ProviderCall } from '../support/provider-server.ts';

const SID = `AC${'0123456789abcdef'.repeat(2)}`;
const TOKEN = 'auth-token-of-the-account';
const TEMPLATE = `HX${'1'.repeat(32)}`;
const GERMAN = `HX${'2'.repeat(32)}`;
const SERVICE = `MG${'a'.repeat(32)}`;

/** What Twilio says to each code, at the status it says it with. */
const ERRORS: readonly (readonly [code: number, status: number, message: string, kind: FailureKind])[] = [
  [10001, 400, 'Account is not active', 'misconfigured'],
  [10002, 400, 'Trial account does not support this feature', 'misconfigured'],
  [10004, 400, 'Call concurrency limit exceeded', 'rate_limited'],
  [14107, 400, 'Message rate exceeded', 'rate_limited'],
  [14108, 400, 'From Phone Number not SMS capable', 'misconfigured'],
  [20003, 401, 'Authenticate', 'misconfigured'],
  [20005, 401, 'Account not active', 'misconfigured'],
  [20006, 403, 'Access Denied', 'misconfigured'],
  [20008, 403, 'Resource not accessible with Test Account Credentials', 'misconfigured'],
  [20010, 403, 'Action disabled for account', 'misconfigured'],
  [20403, 403, 'Forbidden', 'misconfigured'],
  [20404, 404, 'The requested resource was not found', 'misconfigured'],
  [20422, 400, 'Invalid Parameter', 'rejected'],
  [20429, 429, 'Too Many Requests', 'rate_limited'],
  [21201, 400, 'No called number specified', 'invalid_destination'],
  [21202, 400, 'Called phone number is a premium number', 'invalid_destination'],
  [21203, 400, 'International calling not enabled', 'rejected'],
  [21205, 400, 'Invalid URL format', 'misconfigured'],
  [21210, 400, 'The source phone number provided is not yet verified', 'misconfigured'],
  [21211, 400, "Invalid 'To' Phone Number: +14155552671", 'invalid_destination'],
  [21212, 400, "Invalid 'From' Number", 'misconfigured'],
  [21213, 400, 'Caller phone number is required', 'misconfigured'],
  [21214, 400, 'The phone number cannot be reached', 'invalid_destination'],
  [21215, 400, 'Account not authorized to call +14155552671', 'rejected'],
  [21216, 403, 'Call blocked by Twilio blocklist', 'suspected_fraud'],
  [21217, 400, 'The phone number does not appear to be valid', 'invalid_destination'],
  [21219, 400, 'The number is unverified. Trial accounts may only make calls to verified numbers', 'misconfigured'],
  [21401, 400, 'Invalid Phone Number', 'invalid_destination'],
  [21408, 403, 'Permission to send an SMS has not been enabled for the region', 'rejected'],
  [21602, 400, 'Message body is required', 'rejected'],
  [21603, 400, "A 'From' phone number is required", 'misconfigured'],
  [21604, 400, "A 'To' phone number is required", 'invalid_destination'],
  [21606, 400, "The 'From' phone number is not a valid, message-capable Twilio phone number", 'misconfigured'],
  [21607, 400, 'The From number must be the sandbox phone number', 'misconfigured'],
  [21608, 400, 'The number is unverified', 'misconfigured'],
  [21609, 400, "The 'StatusCallback' URL is not a valid URL", 'misconfigured'],
  [21610, 400, 'Attempt to send to unsubscribed recipient', 'rejected'],
  [21611, 429, "This 'From' number has exceeded the maximum number of queued messages", 'rate_limited'],
  [21612, 400, "The 'To' phone number is not currently reachable", 'invalid_destination'],
  [21614, 400, "'To' number is not a valid mobile number", 'invalid_destination'],
  [21617, 400, 'The concatenated message body exceeds the 1600 character limit', 'rejected'],
  [21618, 400, 'The message body cannot be sent', 'rejected'],
  [21624, 400, 'Invalid validity period value', 'rejected'],
  [21654, 400, 'ContentSid Required', 'misconfigured'],
  [21655, 400, 'The ContentSid is Invalid', 'misconfigured'],
  [21656, 400, 'The ContentVariables Parameter is invalid', 'misconfigured'],
  [21657, 400, 'The Sender ID is invalid', 'misconfigured'],
  [21658, 400, 'Parameter exceeded character limit', 'rejected'],
  [21701, 404, 'The Messaging Service does not exist', 'misconfigured'],
  [21702, 400, 'The Messaging Service is not available to send new messages', 'misconfigured'],
  [21703, 412, 'The Messaging Service does not have a phone number available', 'misconfigured'],
  [21704, 412, 'The Messaging Service contains no phone numbers', 'misconfigured'],
  [21705, 400, 'The Messaging Service is invalid', 'misconfigured'],
  [21708, 400, 'Alpha Sender ID Missing from the request', 'misconfigured'],
  [21709, 400, 'Alpha Sender ID is Invalid', 'misconfigured'],
  [21711, 400, 'Phone Number is not associated to the specified Messaging Service', 'misconfigured'],
  [30001, 429, 'Queue overflow', 'rate_limited'],
  [30002, 400, 'Account suspended', 'misconfigured'],
  [30003, 400, 'Unreachable destination handset', 'unavailable'],
  [30004, 400, 'Message blocked', 'rejected'],
  [30005, 400, 'Unknown destination handset', 'invalid_destination'],
  [30006, 400, 'Landline or unreachable carrier', 'invalid_destination'],
  [30007, 400, 'Message filtered', 'rejected'],
  [30008, 400, 'Unknown error', 'unavailable'],
  [30010, 400, 'Message price exceeds max price', 'rejected'],
  [30017, 400, 'Carrier network congestion', 'unavailable'],
  [30018, 400, 'Destination carrier requires sender ID pre-registration', 'misconfigured'],
  [30022, 400, 'US A2P 10DLC - Rate Limits Exceeded', 'rate_limited'],
  [30023, 400, 'US A2P 10DLC - Daily Message Cap Reached', 'rate_limited'],
  [30024, 400, 'Numeric Sender ID Not Provisioned on Carrier', 'misconfigured'],
  [30027, 400, 'US A2P 10DLC - T-Mobile Daily Message Limit Reached', 'rate_limited'],
  [30032, 400, 'Toll-Free Number Has Not Been Verified', 'misconfigured'],
  [30033, 400, 'US A2P 10DLC - Campaign Suspended', 'misconfigured'],
  [30034, 400, 'US A2P 10DLC - Message from an Unregistered Number', 'misconfigured'],
  [30035, 400, 'US A2P 10DLC - Message from a number still being configured', 'misconfigured'],
  [30410, 400, 'Provider Timeout Error', 'unavailable'],
  [30450, 403, 'Message delivery blocked', 'suspected_fraud'],
  [60410, 403, 'Verification delivery attempt blocked', 'suspected_fraud'],
  [63001, 400, 'Channel could not authenticate the request', 'misconfigured'],
  [63002, 400, 'Channel could not find the From address', 'misconfigured'],
  [63003, 400, 'Channel could not find To address', 'invalid_destination'],
  [63005, 400, 'Channel did not accept given content', 'rejected'],
  [63007, 400, 'Twilio could not find a Channel with the specified From address', 'misconfigured'],
  [63008, 400, 'The channel module has been misconfigured', 'misconfigured'],
  [63009, 400, 'Channel provider returned an internal service error', 'unavailable'],
  [63010, 400, 'Twilio’s platform encountered an internal error', 'unavailable'],
  [63012, 400, 'Channel provider returned an internal service error', 'unavailable'],
  [63013, 400, 'Channel policy violation', 'rejected'],
  [63014, 400, 'Channel message blocked by user action', 'rejected'],
  [63015, 400, 'Channel Sandbox can only send messages to phone numbers that have joined', 'misconfigured'],
  [63016, 400, 'Failed to send freeform message because you are outside the allowed window', 'misconfigured'],
  [63017, 400, 'Rate limit exceeded', 'rate_limited'],
  [63018, 400, 'Rate limit exceeded for Channel', 'rate_limited'],
  [63020, 400, 'Business Manager account error', 'misconfigured'],
  [63021, 400, 'Channel invalid content error', 'rejected'],
  [63024, 400, 'Invalid message recipient', 'invalid_destination'],
  [63026, 400, 'Channel sender content flagged as spam', 'rejected'],
  [63027, 400, 'Template does not exist for a language and locale', 'misconfigured'],
  [63028, 400, 'Number of parameters provided does not match', 'misconfigured'],
  [63030, 400, 'Unsupported parameter for type of channels message', 'misconfigured'],
  [63032, 400, 'We cannot send this message to this user', 'rejected'],
  [63033, 400, 'Recipient blocked to receive message', 'rejected'],
  [63038, 429, 'Account exceeded the daily messages limit', 'rate_limited'],
  [63040, 400, 'Template Rejected', 'misconfigured'],
  [63041, 400, 'Template paused', 'misconfigured'],
  [63042, 400, 'Template disabled', 'misconfigured'],
  [63051, 400, 'WhatsApp Business Account is Locked', 'misconfigured'],
];

const errors = ERRORS.map(([code, status, message, kind]) => ({
  code: String(code),
  status,
  body: JSON.stringify({ code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }),
  kind,
}));

const message = (sid: string, changes: object = {}): string =>
  JSON.stringify({ sid, status: 'queued', num_segments: '1', price: null, error_code: null, ...changes });

const fields = (call: ProviderCall): unknown => Object.fromEntries(new URLSearchParams(call.body));

/** Method, address and headers are what the official library (6.2.0) sends. */
function expectCall(call: ProviderCall, resource: 'Messages' | 'Calls'): void {
  expect(`${call.method} ${call.url}`).toBe(`POST /2010-04-01/Accounts/${SID}/${resource}.json`);
  expect(call.headers['content-type']).toBe('application/x-www-form-urlencoded');
  expect(call.headers.accept).toBe('application/json');
  expect(call.headers.authorization).toBe(`Basic ${Buffer.from(`${SID}:${TOKEN}`).toString('base64')}`);
}

providerContract({
  scheme: 'twilio',
  channel: 'sms',
  dsn: (port) =>
    `twilio://${SID}:${TOKEN}@127.0.0.1:${port}?from=%2B14155292729&callback=https://otp.acme.example/callbacks/twilio&tls=0`,
  credentials: [SID, TOKEN],
  success: { reply: { status: 201, body: message('SM1') }, messageId: 'SM1', terms: { segments: 1 } },
  request(call, sent) {
    expectCall(call, 'Messages');
    expect(fields(call)).toEqual({
      To: sent.to,
      From: '+14155292729',
      Body: sent.text,
      StatusCallback: 'https://otp.acme.example/callbacks/twilio',
      ValidityPeriod: '300',
    });
  },
  errors,
  hollow: [
    { name: 'no sid', body: '{"status":"queued"}', kind: 'unavailable' },
    {
      name: 'made and failed at once',
      body: message('SM1', { status: 'failed', error_code: 30006, error_message: 'Landline' }),
      kind: 'invalid_destination',
    },
    { name: 'failed for no reason given', body: message('SM1', { status: 'failed' }), kind: 'rejected' },
  ],
});

providerContract({
  scheme: 'twilio',
  channel: 'voice',
  dsn: (port) => `twilio://${SID}:${TOKEN}@127.0.0.1:${port}?from=%2B14155292729&voice=Polly.Vicki-Neural&tls=0`,
  credentials: [SID, TOKEN],
  message: { locale: 'de', text: 'Ihr Code für R&D <Acme> ist: 0. 4. 8. 2. 1. 3.' },
  success: { reply: { status: 201, body: message('CA1') }, messageId: 'CA1', terms: { segments: 1 } },
  request(call, sent) {
    expectCall(call, 'Calls');
    expect(fields(call)).toEqual({
      To: sent.to,
      From: '+14155292729',
      Twiml:
        '<Response><Pause length="1"/><Say language="de-DE" voice="Polly.Vicki-Neural">' +
        'Ihr Code für R&amp;D &lt;Acme&gt; ist: 0. 4. 8. 2. 1. 3.</Say></Response>',
      Timeout: '30',
    });
  },
  errors,
});

providerContract({
  scheme: 'twilio',
  channel: 'whatsapp',
  dsn: (port) =>
    `twilio://${SID}:${TOKEN}@127.0.0.1:${port}?from=%2B14155292729&content=${TEMPLATE},de:${GERMAN}&tls=0`,
  credentials: [SID, TOKEN],
  message: { locale: 'de-AT' },
  success: { reply: { status: 201, body: message('SM2') }, messageId: 'SM2', terms: { segments: 1 } },
  request(call, sent) {
    expectCall(call, 'Messages');
    expect(fields(call)).toEqual({
      To: `whatsapp:${sent.to}`,
      From: 'whatsapp:+14155292729',
      ContentSid: GERMAN,
      ContentVariables: `{"1":"${CODE}"}`,
    });
  },
  errors,
});

describe('what a Twilio message is made of', async () => {
  const { createChannel } = await import('../../../src/channels/index.ts');
  const { secret } = await import('../../../src/core/redacted.ts');
  const { patient, recordingTools, smsMessage } = await import('../support/messages.ts');
  const { startProviderServer } = await import('../support/provider-server.ts');

  const formOf = async (
    options: string,
    changes: Parameters<typeof smsMessage>[0],
    login = `${SID}:${TOKEN}`,
  ): Promise<unknown> => {
    const server = await startProviderServer({ status: 201, body: message('SM1') });
    const dsn = `twilio://${login}@127.0.0.1:${server.port}?${options}&tls=0`;
    const sent = smsMessage(changes);
    const channel = await createChannel(secret(dsn), sent.channel, recordingTools());
    const outcome = await channel.send(sent, patient());
    await server.close();
    const [call] = server.calls;
    return call === undefined ? outcome : { url: call.url, ...(fields(call) as object) };
  };

  it('names a messaging service, and the sender of the message itself when it has one', async () => {
    expect(await formOf(`from=${SERVICE}`, {})).toMatchObject({ MessagingServiceSid: SERVICE });
    expect(await formOf(`from=${SERVICE}`, { from: 'ACME' })).toMatchObject({ From: 'ACME' });
  });

  it('never lets a message wait longer than its code lives', async () => {
    expect(await formOf('from=ACME', { expiresAt: NOW + 61_001 })).toMatchObject({ ValidityPeriod: '62' });
    expect(await formOf('from=ACME', { expiresAt: NOW - 1 })).toMatchObject({ ValidityPeriod: '10' });
    expect(await formOf('from=ACME', { expiresAt: NOW + 1e9 })).toMatchObject({ ValidityPeriod: '36000' });
  });

  it('speaks for an account with an API key', async () => {
    expect(await formOf(`from=ACME&account=${SID}`, {}, 'SKkey:secret')).toMatchObject({
      url: `/2010-04-01/Accounts/${SID}/Messages.json`,
    });
  });

  it('takes the template of the language, else the one of none, else the first', async () => {
    const whatsapp = { channel: 'whatsapp', locale: 'fr' } as const;
    const from = 'from=%2B14155292729';
    expect(await formOf(`${from}&content=de:${GERMAN},${TEMPLATE}`, whatsapp)).toMatchObject({ ContentSid: TEMPLATE });
    expect(await formOf(`${from}&content=de:${GERMAN},es:${TEMPLATE}`, whatsapp)).toMatchObject({ ContentSid: GERMAN });
    expect(await formOf(from, { ...whatsapp, text: 'hello' })).toMatchObject({ Body: 'hello' });
  });

  it('asks nobody when there is no voice for the language, or a name is to call or to write by WhatsApp', async () => {
    const from = 'from=%2B14155292729';
    expect(await formOf(from, { channel: 'voice', locale: 'ka' })).toMatchObject({ kind: 'rejected', retry: 'final' });
    expect(await formOf('from=ACME', { channel: 'voice' })).toMatchObject({ kind: 'misconfigured' });
    expect(await formOf('from=ACME', { channel: 'whatsapp' })).toMatchObject({ kind: 'misconfigured' });
  });
});
