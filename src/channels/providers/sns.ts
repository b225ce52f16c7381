import type { Message } from '../../ports/channel.ts';
import { acceptedWithId, isSuccess, refusal } from '../provider/answers.ts';
import { AWS_ERRORS, AWS_OPTIONS, awsHost, awsSecrets, signedForAws } from '../provider/aws.ts';
import { formRequest } from '../provider/requests.ts';
import type { Account, ProviderAnswer, ProviderSpec } from '../provider/spec.ts';

/** Amazon SNS, direct publish to a phone number (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html). */
export const SNS: ProviderSpec = {
  scheme: 'sns',
  title: 'Amazon SNS',
  channels: ['sms'],
  host: (option) => awsHost('sns', option('region')),
  user: 'access key id',
  password: 'secret access key',
  options: {
    ...AWS_OPTIONS,
    from: {
      doc: 'Sender id (1 to 11 letters, digits, hyphens) or sending number (E.164); else the account’s own.',
      pattern: [/^(?:\+\d{5,15}|\d{3,15}|(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9-]{0,10})$/, 'a sender id or a number'],
      example: 'ACME',
    },
  },
  errors: {
    ...AWS_ERRORS,
    AuthorizationError: 'misconfigured',
    EndpointDisabled: 'rejected',
    InternalError: 'unavailable',
    InvalidParameter: 'rejected',
    'InvalidParameter (PhoneNumber)': 'invalid_destination',
    'InvalidParameter (sender)': 'misconfigured',
    InvalidSecurity: 'misconfigured',
    NotFound: 'misconfigured',
    OptedOut: 'rejected',
    ParameterValueInvalid: 'rejected',
    Throttled: 'rate_limited',
    UserError: 'rejected',
    'UserError (sandbox)': 'misconfigured',
    ValidationException: 'rejected',
  },
  receipts: 'none',
  priceUnit: 'per message part, by country',
  request(message, account) {
    const fields = { Action: 'Publish', Version: '2010-03-31', PhoneNumber: message.to, Message: message.text };
    const request = formRequest('/', { ...fields, ...attributeFields(message, account) }, { accept: 'text/xml' });
    return signedForAws(request, account, 'sns');
  },
  outcome(answer, account) {
    if (isSuccess(answer)) return acceptedWithId(SNS, elementOf(answer, 'MessageId'));
    const words = elementOf(answer, 'Message') ?? '';
    return refusal(SNS, answer, { code: codeOf(answer, words), words, secrets: awsSecrets(account) });
  },
};

function attributeFields(message: Message, account: Account): Readonly<Record<string, string>> {
  const from = message.from ?? account.option('from');
  const sender = from !== null && /^\+?\d+$/.test(from) ? 'AWS.MM.SMS.OriginationNumber' : 'AWS.SNS.SMS.SenderID';
  const attributes = [
    ['AWS.SNS.SMS.SMSType', 'Transactional'],
    [sender, from],
    ['AWS.SNS.SMS.MaxPrice', account.option('max_price')],
  ].filter((entry): entry is [string, string] => entry[1] !== null);
  return Object.fromEntries(
    attributes.flatMap(([name, value], index) => {
      const entry = `MessageAttributes.entry.${index + 1}`;
      const type = name.endsWith('MaxPrice') ? 'Number' : 'String';
      return [
        [`${entry}.Name`, name],
        [`${entry}.Value.DataType`, type],
        [`${entry}.Value.StringValue`, value],
      ];
    }),
  );
}

/** One name stands for several things at SNS; the words tell which. */
function codeOf(answer: ProviderAnswer, words: string): string | null {
  const code = elementOf(answer, 'Code');
  if (/opted out/i.test(words)) return 'OptedOut';
  if (/sandbox/i.test(words)) return 'UserError (sandbox)';
  if (code === 'InvalidParameter' && /PhoneNumber/.test(words)) return 'InvalidParameter (PhoneNumber)';
  if (code === 'InvalidParameter' && /SenderI[dD]|OriginationNumber/.test(words)) return 'InvalidParameter (sender)';
  return code;
}

/** The text of the first XML element of this name; these names stand once in an answer and hold plain text. */
function elementOf({ text }: ProviderAnswer, name: string): string | null {
  return new RegExp(`<${name}>([^<]{1,2000})</${name}>`).exec(text)?.[1] ?? null;
}
