import type { Message, ReportReading, ReportRequest } from '../../ports/channel.ts';
import { acceptedWithId, isSuccess, member, refusal, textAt } from '../provider/answers.ts';
import {
  AUTOMATIC_HEADERS,
  BOUNCED,
  COMPLAINED,
  DELIVERED,
  FAILED,
  fateIn,
  MAIL_FROM,
  mailboxText,
  mailReport,
  mailSender,
  type MailFate,
  SENT,
  timeAt,
  UNDELIVERED,
} from '../provider/mail.ts';
import { refusedReport, reports } from '../provider/reports.ts';
import { jsonRequest } from '../provider/requests.ts';
import { signV4 } from '../provider/sigv4.ts';
import { readSnsMessage } from '../provider/sns-message.ts';
import type { Mailbox } from '../smtp/settings.ts';
import type { Account, ProviderAnswer, ProviderRequest, ProviderSpec } from '../provider/spec.ts';

/** Amazon SES, API v2 (https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html). */
export const SES: ProviderSpec = {
  scheme: 'ses',
  title: 'Amazon SES',
  channels: ['email'],
  host: (option) => hostOf(option('region') ?? 'us-east-1'),
  user: 'access key id',
  password: 'secret access key',
  options: {
    from: MAIL_FROM,
    region: {
      doc: 'Region of the account.',
      required: true,
      pattern: [/^[a-z]{2}(?:-[a-z]+)+-\d$/, 'an AWS region'],
      example: 'eu-west-1',
    },
    configuration_set: {
      doc: 'Configuration set, e.g. for events; it must not track opens or clicks.',
      pattern: [/^[\w-]{1,64}$/, 'the name of a configuration set'],
    },
    topic: {
      doc: 'ARN of the SNS topic that posts events; without it no report is believed.',
      pattern: [/^arn:aws(?:-[a-z]+)*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, 'the ARN of an SNS topic'],
    },
  },
  errors: {
    MessageRejected: 'rejected',
    BadRequestException: 'rejected',
    MailFromDomainNotVerifiedException: 'misconfigured',
    AccountSuspendedException: 'misconfigured',
    SendingPausedException: 'misconfigured',
    NotFoundException: 'misconfigured',
    LimitExceededException: 'rate_limited',
    TooManyRequestsException: 'rate_limited',
    ThrottlingException: 'rate_limited',
    AccessDeniedException: 'misconfigured',
    UnrecognizedClientException: 'misconfigured',
    InvalidClientTokenId: 'misconfigured',
    InvalidSignatureException: 'misconfigured',
    SignatureDoesNotMatch: 'misconfigured',
    MissingAuthenticationTokenException: 'misconfigured',
    ExpiredTokenException: 'misconfigured',
    RequestExpired: 'misconfigured',
    InternalFailure: 'unavailable',
    InternalServiceErrorException: 'unavailable',
    ServiceUnavailable: 'unavailable',
  },
  receipts: 'callback',
  priceUnit: 'per message',
  async request(message, account) {
    const url = `${account.baseUrl}/v2/email/outbound-emails`;
    const { headers = {}, body = '' } = jsonRequest(url, contentOf(message, account));
    const signed = await signV4({
      method: 'POST',
      url,
      headers,
      body,
      region: account.option('region') ?? '',
      service: 'ses',
      accessKeyId: account.user,
      secretAccessKey: account.password,
      now: account.now(),
    });
    return { url, body, headers: signed } satisfies ProviderRequest;
  },
  outcome(answer, account) {
    if (isSuccess(answer)) return acceptedWithId(SES, member(answer.json, 'MessageId'));
    const words = textAt(answer.json, 'message') ?? textAt(answer.json, 'Message') ?? '';
    return refusal(SES, answer, { code: codeOf(answer, words), words, secrets: [account.user, account.password] });
  },
  report: readReport,
};

function hostOf(region: string): string {
  return `email.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

function contentOf(message: Message, account: Account): object {
  const text = (data: string): object => ({ Data: data, Charset: 'UTF-8' });
  const from = mailSender(message, account);
  const configurationSet = account.option('configuration_set');
  return {
    FromEmailAddress: senderText(from),
    Destination: { ToAddresses: [message.to] },
    Content: {
      Simple: {
        Subject: text(message.subject ?? ''),
        Body: { Text: text(message.text), ...(message.html === null ? {} : { Html: text(message.html) }) },
        Headers: Object.entries(AUTOMATIC_HEADERS).map(([Name, Value]) => ({ Name, Value })),
      },
    },
    ...(configurationSet === null ? {} : { ConfigurationSetName: configurationSet }),
  };
}

/** SES takes only ASCII: other names go as the encoded words of RFC 2047, each under 75 characters. */
function senderText(from: Mailbox): string {
  if (/^[ -~]*$/.test(from.name)) return mailboxText(from);
  const words = from.name.match(/.{1,10}/gu) ?? [];
  return `${words.map((word) => `=?UTF-8?B?${Buffer.from(word, 'utf8').toString('base64')}?=`).join(' ')} <${from.address}>`;
}

/** The error's name without its namespace; SES calls a sender it does not know a rejected message. */
function codeOf(answer: ProviderAnswer, words: string): string | null {
  if (/not verified/i.test(words)) return 'MailFromDomainNotVerifiedException';
  const named = answer.header('x-amzn-errortype') ?? textAt(answer.json, '__type') ?? textAt(answer.json, 'code');
  return named?.replace(/^.*#/, '').replace(/:.*$/, '') ?? null;
}

async function readReport(request: ReportRequest, account: Account): Promise<ReportReading> {
  const topic = account.option('topic');
  if (topic === null) return refusedReport('option topic is missing');
  const message = await readSnsMessage(request, { topic, now: account.now() });
  if (message.type !== 'message') return message;
  const event = message.content;
  const name = textAt(event, 'eventType') ?? textAt(event, 'notificationType') ?? '';
  const part = name.charAt(0).toLowerCase() + name.slice(1);
  return reports(
    mailReport(fateOf(name, event), {
      messageId: textAt(event, 'mail', 'messageId'),
      at: timeAt(textAt(event, part, 'timestamp') ?? textAt(event, 'mail', 'timestamp')),
      why:
        textAt(event, 'bounce', 'bouncedRecipients', 0, 'diagnosticCode') ??
        textAt(event, 'bounce', 'bounceSubType') ??
        textAt(event, 'reject', 'reason'),
    }),
  );
}

const FATES: Readonly<Record<string, MailFate>> = {
  Send: SENT,
  Delivery: DELIVERED,
  Reject: FAILED,
  'Rendering Failure': FAILED,
};

function fateOf(name: string, event: unknown): MailFate | undefined {
  if (name === 'Bounce') return textAt(event, 'bounce', 'bounceType') === 'Permanent' ? BOUNCED : UNDELIVERED;
  if (name !== 'Complaint') return fateIn(FATES, name);
  // With a sub-type, SES itself held the message back because of an earlier complaint.
  const isHeldBack = textAt(event, 'complaint', 'complaintSubType') !== null;
  return isHeldBack ? { status: 'undelivered', suppress: 'complaint' } : COMPLAINED;
}
