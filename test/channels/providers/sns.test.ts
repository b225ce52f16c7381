import { describe, expect, it } from 'vitest';
import { checkDsn, createChannel } from '../../../src/channels/index.ts';
import { secret } from '../../../src/core/redacted.ts';
import { patient, recordingTools, smsMessage } from '../support/messages.ts';
import { providerContract } from '../support/provider-contract.ts';
import { type ProviderCall, startProviderServer } from '../support/provider-server.ts';

const KEY = 'AKIDEXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const LOGIN = `${KEY}:${encodeURIComponent(SECRET)}`;

const published =
  '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult>' +
  '<MessageId>567910cd-659e-55d4-8ccb-5aaf14679dc0</MessageId></PublishResult><ResponseMetadata>' +
  '<RequestId>d74b8436-ae13-5ab4-a9ff-ce54dfea72a0</RequestId></ResponseMetadata></PublishResponse>';
const refused = (code: string, message: string): string =>
  '<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type>' +
  `<Code>${code}</Code><Message>${message}</Message></Error><RequestId>9dd01905</RequestId></ErrorResponse>`;

/** The code as the spec's table has it, the code on the wire, status, words and what it means. */
const ERRORS = [
  ['AccessDenied', 'AccessDenied', 403, 'User is not authorized', 'misconfigured'],
  ['AccessDeniedException', 'AccessDeniedException', 403, 'Access denied', 'misconfigured'],
  ['AuthorizationError', 'AuthorizationError', 403, 'User is not authorized to perform SNS:Publish', 'misconfigured'],
  ['EndpointDisabled', 'EndpointDisabled', 400, 'Endpoint is disabled', 'rejected'],
  ['ExpiredToken', 'ExpiredToken', 403, 'The security token included in the request is expired', 'misconfigured'],
  ['ExpiredTokenException', 'ExpiredTokenException', 403, 'The security token is expired', 'misconfigured'],
  ['IncompleteSignature', 'IncompleteSignature', 403, 'Incomplete', 'misconfigured'],
  ['InternalError', 'InternalError', 500, 'Internal', 'unavailable'],
  ['InternalFailure', 'InternalFailure', 500, 'Internal', 'unavailable'],
  ['InvalidClientTokenId', 'InvalidClientTokenId', 403, 'The security token is invalid', 'misconfigured'],
  ['InvalidParameter', 'InvalidParameter', 400, 'Invalid parameter: Message too long', 'rejected'],
  [
    'InvalidParameter (PhoneNumber)',
    'InvalidParameter',
    400,
    'Invalid parameter: PhoneNumber Reason: +14155552671 is not valid to publish to',
    'invalid_destination',
  ],
  ['InvalidParameter (sender)', 'InvalidParameter', 400, 'Invalid parameter: SenderId', 'misconfigured'],
  ['InvalidSecurity', 'InvalidSecurity', 403, 'The signature is not valid', 'misconfigured'],
  ['InvalidSignatureException', 'InvalidSignatureException', 403, 'Mismatch', 'misconfigured'],
  ['MissingAuthenticationToken', 'MissingAuthenticationToken', 403, 'Missing', 'misconfigured'],
  ['NotAuthorized', 'NotAuthorized', 400, 'No permission', 'misconfigured'],
  ['NotFound', 'NotFound', 404, 'Not found', 'misconfigured'],
  ['OptInRequired', 'OptInRequired', 403, 'Subscribe first', 'misconfigured'],
  ['OptedOut', 'OptedOut', 400, 'The phone number is opted out', 'rejected'],
  ['ParameterValueInvalid', 'ParameterValueInvalid', 400, 'Bad value', 'rejected'],
  ['RequestExpired', 'RequestExpired', 400, 'More than 15 minutes off', 'misconfigured'],
  ['ServiceUnavailable', 'ServiceUnavailable', 503, 'Temporary failure', 'unavailable'],
  ['SignatureDoesNotMatch', 'SignatureDoesNotMatch', 403, `Signature of ${SECRET} differs`, 'misconfigured'],
  ['Throttled', 'Throttled', 429, 'Rate exceeded', 'rate_limited'],
  ['Throttling', 'Throttling', 400, 'Rate exceeded', 'rate_limited'],
  ['ThrottlingException', 'ThrottlingException', 400, 'Rate exceeded', 'rate_limited'],
  ['UnrecognizedClientException', 'UnrecognizedClientException', 403, `Unknown ${KEY}`, 'misconfigured'],
  ['UserError', 'UserError', 400, 'Wrong use', 'rejected'],
  ['UserError (sandbox)', 'UserError', 400, 'The account is in the SMS sandbox', 'misconfigured'],
  ['ValidationException', 'ValidationException', 400, 'Invalid', 'rejected'],
] as const;

providerContract({
  scheme: 'sns',
  channel: 'sms',
  dsn: (port) => `sns://${LOGIN}@127.0.0.1:${port}?region=eu-west-1&from=ACME&tls=0`,
  credentials: [KEY, SECRET],
  success: {
    reply: { status: 200, body: published, headers: { 'content-type': 'text/xml' } },
    messageId: '567910cd-659e-55d4-8ccb-5aaf14679dc0',
  },
  request(call, message) {
    expect(call.method).toBe('POST');
    expect(call.url).toBe('/');
    expect(call.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(Object.fromEntries(new URLSearchParams(call.body))).toEqual(fieldsOfSdk(message.to, message.text));
    expect(call.headers['x-amz-date']).toBe('20260115T103000Z');
    expect(call.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20260115\/eu-west-1\/sns\/aws4_request, SignedHeaders=accept;content-type;host;x-amz-date, Signature=[0-9a-f]{64}$/,
    );
  },
  errors: ERRORS.map(([code, name, status, words, kind]) => ({ code, status, body: refused(name, words), kind })),
  hollow: [{ name: 'an answer without an id', body: '<PublishResponse></PublishResponse>', kind: 'unavailable' }],
});

/** What `PublishCommand` of the official SDK (v3.1169) puts into the form for such a message. */
function fieldsOfSdk(to: string, text: string): Record<string, string> {
  return {
    Action: 'Publish',
    Version: '2010-03-31',
    PhoneNumber: to,
    Message: text,
    'MessageAttributes.entry.1.Name': 'AWS.SNS.SMS.SMSType',
    'MessageAttributes.entry.1.Value.DataType': 'String',
    'MessageAttributes.entry.1.Value.StringValue': 'Transactional',
    'MessageAttributes.entry.2.Name': 'AWS.SNS.SMS.SenderID',
    'MessageAttributes.entry.2.Value.DataType': 'String',
    'MessageAttributes.entry.2.Value.StringValue': 'ACME',
  };
}

async function fieldsSent(
  options: string,
  from: string | null = null,
): Promise<URLSearchParams & { call?: ProviderCall }> {
  const server = await startProviderServer({ status: 200, body: published });
  const channel = await createChannel(
    secret(`sns://${LOGIN}@127.0.0.1:${server.port}?region=eu-west-1&tls=0${options}`),
    'sms',
    recordingTools(),
  );
  await channel.send(smsMessage({ from }), patient());
  await server.close();
  return new URLSearchParams(server.calls[0]?.body);
}

describe('a message for SNS', () => {
  it('names a sending number in an attribute of its own, and the highest price', async () => {
    const fields = await fieldsSent('&from=%2B12025550142&max_price=0.05');
    const names = [1, 2, 3].map((index) => fields.get(`MessageAttributes.entry.${index}.Name`));
    expect(names).toEqual(['AWS.SNS.SMS.SMSType', 'AWS.MM.SMS.OriginationNumber', 'AWS.SNS.SMS.MaxPrice']);
    expect(fields.get('MessageAttributes.entry.3.Value.DataType')).toBe('Number');
  });

  it('S0.20: takes the sender of the message before the account’s', async () => {
    const fields = await fieldsSent('&from=ACME', 'OTHER');
    expect(fields.get('MessageAttributes.entry.2.Value.StringValue')).toBe('OTHER');
  });

  it('says no sender when none is given', async () => {
    expect((await fieldsSent('')).has('MessageAttributes.entry.2.Name')).toBe(false);
  });

  it.each([
    ['without a region', 'sns://K:S@default', /option region is missing/],
    ['with something else for a region', 'sns://K:S@default?region=evil.example/', /must be an AWS region/],
    ['with a sender that is too long', 'sns://K:S@default?region=eu-west-1&from=ABCDEFGHIJKL', /option from must be/],
  ])('has no DSN %s', (_name, dsn, problem) => {
    expect(checkDsn(dsn, 'sms')).toMatch(problem);
  });
});
