import type { DeliveryReport, Message, ReportReading, ReportRequest } from '../../ports/channel.ts';
import { acceptedWithId, isSuccess, member, refusal, textAt } from '../provider/answers.ts';
import { AWS_OPTIONS, awsHost, awsSecrets, signedForAws } from '../provider/aws.ts';
import { secondsLeft } from '../provider/phone.ts';
import { countOf, refusedReport, reportOf, reports, statusIn } from '../provider/reports.ts';
import { jsonRequest } from '../provider/requests.ts';
import { readSnsMessage } from '../provider/sns-message.ts';
import type { Account, ProviderAnswer, ProviderSpec } from '../provider/spec.ts';
import { AWS_SMS_ERRORS } from './aws-sms-errors.ts';

/** AWS End User Messaging SMS (https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_SendTextMessage.html). */
export const AWS_SMS: ProviderSpec = {
  scheme: 'aws-sms',
  title: 'AWS End User Messaging',
  channels: ['sms'],
  host: (option) => awsHost('sms-voice', option('region')),
  user: 'access key id',
  password: 'secret access key',
  options: {
    ...AWS_OPTIONS,
    from: {
      doc: 'Phone number, sender id, pool id or an ARN of one; else the account’s own.',
      pattern: [/^[A-Za-z0-9_:/+-]{1,256}$/, 'a number, a sender id, a pool or an ARN'],
      example: 'ACME',
    },
    configuration_set: {
      doc: 'Configuration set whose events tell of delivery.',
      pattern: [/^[A-Za-z0-9_:/-]{1,256}$/, 'the name or ARN of a configuration set'],
    },
    topic: {
      doc: 'ARN of the SNS topic that posts events; without it no report is believed.',
      pattern: [/^arn:aws(?:-[a-z]+)*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, 'the ARN of an SNS topic'],
    },
  },
  errors: AWS_SMS_ERRORS,
  receipts: 'callback',
  tells: { price: 'report', segments: 'report' },
  priceUnit: 'per message part, by country, and carrier fees',
  request(message, account) {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'PinpointSMSVoiceV2.SendTextMessage',
    };
    return signedForAws(jsonRequest('/', bodyOf(message, account), headers), account, 'sms-voice');
  },
  outcome(answer, account) {
    if (isSuccess(answer)) return acceptedWithId(AWS_SMS, member(answer.json, 'MessageId'));
    const words = textAt(answer.json, 'Message') ?? textAt(answer.json, 'message') ?? '';
    return refusal(AWS_SMS, answer, { code: codeOf(answer), words, secrets: awsSecrets(account) });
  },
  report: readReport,
};

function bodyOf(message: Message, account: Account): object {
  const from = message.from ?? account.option('from');
  const configurationSet = account.option('configuration_set');
  const maxPrice = account.option('max_price');
  return {
    DestinationPhoneNumber: message.to,
    ...(from === null ? {} : { OriginationIdentity: from }),
    MessageBody: message.text,
    MessageType: 'TRANSACTIONAL',
    ...(configurationSet === null ? {} : { ConfigurationSetName: configurationSet }),
    ...(maxPrice === null ? {} : { MaxPrice: maxPrice }),
    TimeToLive: secondsLeft(message, account, { least: 5, most: 259_200 }),
  };
}

/** The most telling name: the field at fault, else the reason, else the type without its namespace. */
function codeOf(answer: ProviderAnswer): string | null {
  const fields = member(answer.json, 'Fields');
  if (Array.isArray(fields) && fields.some((field) => textAt(field, 'Name') === 'DestinationPhoneNumber'))
    return 'ValidationException (DestinationPhoneNumber)';
  const reason = textAt(answer.json, 'Reason');
  if (reason !== null && Object.hasOwn(AWS_SMS_ERRORS, reason)) return reason;
  const type = textAt(answer.json, '__type') ?? answer.header('x-amzn-errortype');
  return type?.replace(/^.*#/, '').replace(/:.*$/, '') ?? null;
}

/** https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-types.html */
const STATUSES: Readonly<Record<string, DeliveryReport['status']>> = {
  TEXT_PENDING: 'sent',
  TEXT_QUEUED: 'sent',
  TEXT_SENT: 'sent',
  TEXT_SUCCESSFUL: 'sent',
  TEXT_DELIVERED: 'delivered',
  TEXT_INVALID: 'undelivered',
  TEXT_INVALID_MESSAGE: 'failed',
  TEXT_UNREACHABLE: 'undelivered',
  TEXT_CARRIER_UNREACHABLE: 'undelivered',
  TEXT_BLOCKED: 'undelivered',
  TEXT_CARRIER_BLOCKED: 'undelivered',
  TEXT_PROTECT_BLOCKED: 'failed',
  TEXT_SPAM: 'undelivered',
  TEXT_UNKNOWN: 'undelivered',
  TEXT_TTL_EXPIRED: 'undelivered',
};

async function readReport(request: ReportRequest, account: Account): Promise<ReportReading> {
  const topic = account.option('topic');
  if (topic === null) return refusedReport('option topic is missing');
  const message = await readSnsMessage(request, { topic, now: account.now() });
  if (message.type !== 'message') return message;
  const event = message.content;
  const at = member(event, 'eventTimestamp');
  return reports(
    reportOf(textAt(event, 'messageId'), statusIn(STATUSES, textAt(event, 'eventType')), {
      at: typeof at === 'number' ? at : null,
      why: textAt(event, 'messageStatusDescription'),
      segments: countOf(textAt(event, 'totalMessageParts')),
      price: priceOf(event),
    }),
  );
}

/** AWS charges the message and, where it applies, the carrier's fee, both in USD. */
function priceOf(event: unknown): string | null {
  const price = member(event, 'totalMessagePrice');
  const fee = member(event, 'totalCarrierFee');
  if (typeof price !== 'number') return null;
  return `${Number((price + (typeof fee === 'number' ? fee : 0)).toFixed(6))} USD`;
}
