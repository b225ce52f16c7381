import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ReportReading, ReportRequest } from '../../../src/ports/channel.ts';
import { NOW } from '../support/messages.ts';
import { providerContract } from '../support/provider-contract.ts';
import { readReport, reportsOf } from '../support/reports.ts';
import { SNS_CERTIFICATE, snsNotification } from '../support/sns-topic.ts';

const KEY = 'AKIDEXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

type Kind = 'misconfigured' | 'rejected' | 'unavailable' | 'rate_limited' | 'invalid_destination';

const typed = (code: string, status: number, kind: Kind) => ({
  code,
  status,
  body: JSON.stringify({ __type: `com.amazonaws.pinpointsmsvoicev2#${code}`, message: 'Not now' }),
  kind,
});
const because = (type: string, status: number, code: string, kind: Kind) => ({
  code,
  status,
  body: JSON.stringify({ __type: type, Message: `Refused for +14155552671`, Reason: code }),
  kind,
});
const conflict = (code: string, kind: Kind) => because('ConflictException', 409, code, kind);
const invalid = (code: string, kind: Kind) => because('ValidationException', 400, code, kind);

providerContract({
  scheme: 'aws-sms',
  channel: 'sms',
  dsn: (port) =>
    `aws-sms://${KEY}:${encodeURIComponent(SECRET)}@127.0.0.1:${port}` +
    '?region=eu-west-1&from=ACME&configuration_set=otp&tls=0',
  credentials: [KEY, SECRET],
  success: { reply: { status: 200, body: '{"MessageId":"8bf1b0a4-6d6d"}' }, messageId: '8bf1b0a4-6d6d' },
  request(call, message) {
    expect(call.method).toBe('POST');
    expect(call.url).toBe('/');
    expect(call.headers['content-type']).toBe('application/x-amz-json-1.0');
    expect(call.headers['x-amz-target']).toBe('PinpointSMSVoiceV2.SendTextMessage');
    expect(call.headers.authorization).toMatch(
      /Credential=AKIDEXAMPLE\/20260115\/eu-west-1\/sms-voice\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target,/,
    );
    // The same object as SendTextMessageCommand of the official SDK (v3.1138) sends.
    expect(JSON.parse(call.body)).toEqual({
      DestinationPhoneNumber: message.to,
      OriginationIdentity: 'ACME',
      MessageBody: message.text,
      MessageType: 'TRANSACTIONAL',
      ConfigurationSetName: 'otp',
      TimeToLive: 300,
    });
  },
  errors: [
    typed('AccessDenied', 403, 'misconfigured'),
    typed('AccessDeniedException', 400, 'misconfigured'),
    typed('ExpiredToken', 403, 'misconfigured'),
    typed('ExpiredTokenException', 403, 'misconfigured'),
    typed('IncompleteSignature', 400, 'misconfigured'),
    typed('InternalFailure', 500, 'unavailable'),
    typed('InvalidClientTokenId', 403, 'misconfigured'),
    typed('InvalidSignatureException', 403, 'misconfigured'),
    typed('MissingAuthenticationToken', 403, 'misconfigured'),
    typed('NotAuthorized', 400, 'misconfigured'),
    typed('OptInRequired', 403, 'misconfigured'),
    typed('RequestExpired', 400, 'misconfigured'),
    typed('ServiceUnavailable', 503, 'unavailable'),
    typed('SignatureDoesNotMatch', 403, 'misconfigured'),
    typed('Throttling', 400, 'rate_limited'),
    typed('ThrottlingException', 400, 'rate_limited'),
    typed('UnrecognizedClientException', 400, 'misconfigured'),
    typed('ConflictException', 409, 'rejected'),
    typed('InternalServerException', 500, 'unavailable'),
    typed('ResourceNotFoundException', 404, 'misconfigured'),
    typed('ServiceQuotaExceededException', 402, 'rate_limited'),
    typed('ValidationException', 400, 'rejected'),
    {
      code: 'ValidationException (DestinationPhoneNumber)',
      status: 400,
      body: JSON.stringify({
        __type: 'ValidationException',
        Message: 'Invalid value',
        Reason: 'INVALID_PARAMETER',
        Fields: [{ Name: 'DestinationPhoneNumber', Message: '+14155552671 is no phone number' }],
      }),
      kind: 'invalid_destination',
    },
    because('AccessDeniedException', 400, 'ACCOUNT_DISABLED', 'misconfigured'),
    because('AccessDeniedException', 400, 'INSUFFICIENT_ACCOUNT_REPUTATION', 'misconfigured'),
    conflict('DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION', 'rejected'),
    conflict('DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE', 'rejected'),
    conflict('DESTINATION_PHONE_NUMBER_NOT_VERIFIED', 'misconfigured'),
    conflict('DESTINATION_PHONE_NUMBER_OPTED_OUT', 'rejected'),
    conflict('MESSAGE_TYPE_MISMATCH', 'misconfigured'),
    conflict('NO_ORIGINATION_IDENTITIES_FOUND', 'misconfigured'),
    conflict('NUMBER_CAPABILITIES_MISMATCH', 'misconfigured'),
    conflict('RESOURCE_NOT_ACTIVE', 'misconfigured'),
    because('ServiceQuotaExceededException', 402, 'MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT', 'misconfigured'),
    invalid('CHANNEL_NOT_ENABLED', 'misconfigured'),
    invalid('COUNTRY_CODE_MISMATCH', 'rejected'),
    invalid('COUNTRY_NOT_ENABLED', 'rejected'),
    invalid('DESTINATION_COUNTRY_BLOCKED', 'rejected'),
    invalid('INTERNATIONAL_SENDING_NOT_SUPPORTED', 'rejected'),
    invalid('INVALID_IDENTITY_FOR_DESTINATION_COUNTRY', 'misconfigured'),
    invalid('MAXIMUM_SIZE_EXCEEDED', 'rejected'),
    invalid('MISSING_PARAMETER', 'misconfigured'),
    invalid('PRICE_OVER_THRESHOLD', 'rejected'),
    invalid('RESOURCE_NOT_ACCESSIBLE', 'misconfigured'),
    invalid('SENDER_ID_NOT_REGISTERED', 'misconfigured'),
    invalid('SENDER_ID_NOT_SUPPORTED', 'misconfigured'),
    invalid('SENDER_ID_REQUIRES_REGISTRATION', 'misconfigured'),
  ],
  hollow: [{ name: 'an answer without an id', body: '{}', kind: 'unavailable' }],
});

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:sms-events';
const DSN = `aws-sms://${KEY}:${encodeURIComponent(SECRET)}@default?region=eu-west-1`;
const WITH_TOPIC = `${DSN}&topic=${encodeURIComponent(TOPIC)}`;

/** An event as the user guide shows it. */
const event = (changes: object = {}): object => ({
  eventType: 'TEXT_DELIVERED',
  eventVersion: '1.0',
  eventTimestamp: NOW - 1500,
  isFinal: true,
  destinationPhoneNumber: '+14155552671',
  messageId: '8bf1b0a4-6d6d',
  messageStatus: 'DELIVERED',
  messageStatusDescription: 'Message has been accepted by phone',
  totalMessageParts: 1,
  totalMessagePrice: 0.00645,
  totalCarrierFee: 0.003,
  ...changes,
});
const read = (request: ReportRequest, dsn = WITH_TOPIC): Promise<ReportReading> => readReport(dsn, request, 'sms');

describe('an event of End User Messaging', () => {
  beforeEach(() => vi.stubGlobal('fetch', async () => new Response(SNS_CERTIFICATE)));
  afterEach(() => vi.unstubAllGlobals());

  it('tells how the message fared, with price and parts', async () => {
    expect(reportsOf(await read(snsNotification(TOPIC, event())))).toEqual([
      {
        messageId: '8bf1b0a4-6d6d',
        status: 'delivered',
        at: NOW - 1500,
        error: null,
        segments: 1,
        price: '0.00945 USD',
        suppress: null,
      },
    ]);
  });

  it.each([
    ['TEXT_QUEUED', 'sent'],
    ['TEXT_SUCCESSFUL', 'sent'],
    ['TEXT_UNREACHABLE', 'undelivered'],
    ['TEXT_CARRIER_BLOCKED', 'undelivered'],
    ['TEXT_TTL_EXPIRED', 'undelivered'],
    ['TEXT_PROTECT_BLOCKED', 'failed'],
  ])('reads %s as %s', async (eventType, status) => {
    const found = reportsOf(await read(snsNotification(TOPIC, event({ eventType }))));
    expect(found).toMatchObject([{ status, error: status === 'sent' ? null : expect.stringContaining('accepted') }]);
  });

  it('means nothing when it tells of a call or of something new', async () => {
    for (const eventType of ['VOICE_COMPLETED', 'toString', undefined])
      expect(reportsOf(await read(snsNotification(TOPIC, event({ eventType }))))).toEqual([]);
  });

  it('is refused when it was changed, comes from another topic, or no topic is set', async () => {
    const changed = snsNotification(TOPIC, event(), { Message: JSON.stringify(event({ messageId: 'other' })) });
    expect(await read(changed)).toMatchObject({ type: 'refused' });
    expect(await read(snsNotification(`${TOPIC}2`, event()))).toMatchObject({ type: 'refused' });
    expect(await read(snsNotification(TOPIC, event()), DSN)).toMatchObject({ type: 'refused' });
  });
});
