import { describe, expect, it } from 'vitest';
import { type SigningRequest, signV4 } from '../../../src/channels/provider/sigv4.ts';

/** Key pair and time of the published test suite. */
const SUITE: SigningRequest = {
  method: 'GET',
  url: 'https://example.amazonaws.com/',
  headers: {},
  body: '',
  region: 'us-east-1',
  service: 'service',
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  now: Date.UTC(2015, 7, 30, 12, 36, 0),
};

async function signatureOf(changes: Partial<SigningRequest>): Promise<string | undefined> {
  const { authorization } = await signV4({ ...SUITE, ...changes });
  return /Signature=([0-9a-f]{64})$/.exec(authorization ?? '')?.[1];
}

describe('an AWS signature', () => {
  it.each<[string, Partial<SigningRequest>, string]>([
    ['get-vanilla', {}, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['post-vanilla', { method: 'POST' }, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
    [
      'get-vanilla-query-order-key-case',
      { url: 'https://example.amazonaws.com/?Param2=value2&Param1=value1' },
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
    [
      'post-x-www-form-urlencoded',
      {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: 'Param1=value1',
      },
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ],
    [
      'the example of the documentation (IAM ListUsers)',
      {
        url: 'https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' },
        service: 'iam',
      },
      '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    ],
  ])('is the published one: %s', async (_name, changes, signature) => {
    expect(await signatureOf(changes)).toBe(signature);
  });

  /** Requests of the official SDK v3 at 2026-01-15T10:30:00Z: what it signed, and its signature. */
  it.each<[string, Partial<SigningRequest>, string]>([
    [
      'SNS Publish',
      {
        service: 'sns',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': '485',
          'x-amz-user-agent': 'aws-sdk-js/3.1168.0',
          'amz-sdk-invocation-id': '557b1980-8672-4538-adf6-3fa246b2650b',
          'amz-sdk-request': 'attempt=1; max=3',
          'x-amz-content-sha256': '896d3fb8e5a5bca0d184dbab97de3d1e69234fd0d8e0d079741a1098e4182c66',
        },
        body:
          'Action=Publish&Version=2010-03-31&Message=Your%20code%20is%20048213.%0A%0AIt%20is%20valid%20for%205%20minutes.' +
          '%20%28Gr%C3%BC%C3%9Fe%20%26%20co%2A~%21%29&PhoneNumber=%2B14155552671' +
          '&MessageAttributes.entry.1.Name=AWS.SNS.SMS.SMSType&MessageAttributes.entry.1.Value.DataType=String' +
          '&MessageAttributes.entry.1.Value.StringValue=Transactional' +
          '&MessageAttributes.entry.2.Name=AWS.SNS.SMS.SenderID&MessageAttributes.entry.2.Value.DataType=String' +
          '&MessageAttributes.entry.2.Value.StringValue=ACME',
      },
      '2df4328e02d80202f5c1a56fb69f663ffc7a3db961a83f9b4d9cd8d48fa3107a',
    ],
    [
      'End User Messaging SendTextMessage',
      {
        service: 'sms-voice',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': 'PinpointSMSVoiceV2.SendTextMessage',
          'content-length': '231',
          'x-amz-user-agent': 'aws-sdk-js/3.1137.0',
          'amz-sdk-invocation-id': 'a80e0ce2-c981-4d30-90c1-dcd2f3c3137c',
          'amz-sdk-request': 'attempt=1; max=1',
          'x-amz-content-sha256': '669bb568e1c8ac8fa535cb9a13b71b39824eb1b4a4614ee8b07c2c9874eb3be1',
        },
        body: String.raw`{"DestinationPhoneNumber":"+14155552671","OriginationIdentity":"ACME","MessageBody":"Your code is 048213.\n\nIt is valid for 5 minutes. (Grüße & co*~!)","MessageType":"TRANSACTIONAL","ConfigurationSetName":"otp","TimeToLive":300}`,
      },
      'cf3c2c573884a96a7f289d4b693c72856ca65cadfbe8615ad7de13e58dba363f',
    ],
  ])('is the one that the official SDK makes: %s', async (_name, changes, signature) => {
    const place = {
      method: 'POST',
      url: 'http://127.0.0.1:8999/',
      region: 'eu-west-1',
      now: Date.UTC(2026, 0, 15, 10, 30),
    };
    expect(await signatureOf({ ...place, ...changes })).toBe(signature);
  });

  it('names key, scope and the headers it covers', async () => {
    expect(await signV4({ ...SUITE, sessionToken: 'TOKEN' })).toMatchObject({
      'x-amz-date': '20150830T123600Z',
      'x-amz-security-token': 'TOKEN',
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20150830\/us-east-1\/service\/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=/,
      ) as string,
    });
  });

  it('changes with everything it covers', async () => {
    const plain = await signatureOf({});
    const others: Partial<SigningRequest>[] = [
      { method: 'POST' },
      { url: 'https://other.amazonaws.com/' },
      { url: 'https://example.amazonaws.com:8443/' },
      { url: 'https://example.amazonaws.com/v2' },
      { headers: { 'x-amz-target': 'A' } },
      { body: 'x' },
      { region: 'eu-west-1' },
      { service: 'sns' },
      { secretAccessKey: 'other' },
      { sessionToken: 'TOKEN' },
      { now: SUITE.now + 1000 },
    ];
    const signatures = await Promise.all(others.map(signatureOf));
    expect(new Set([plain, ...signatures]).size).toBe(others.length + 1);
  });
});
