import type { ReportReading, ReportRequest } from '../../ports/channel.ts';
import { acceptedWithId, isSuccess, member, refusal, textAt } from '../provider/answers.ts';
import { CALLBACK_SECRET, hasCallbackSecret } from '../provider/callback-secret.ts';
import {
  AUTOMATIC_HEADERS,
  BOUNCED,
  COMPLAINED,
  DELIVERED,
  FAILED,
  fateIn,
  MAIL_FROM,
  mailboxText,
  mailMessageId,
  mailReport,
  mailSender,
  type MailFate,
  timeAt,
  UNDELIVERED,
} from '../provider/mail.ts';
import { refusedReport, reports } from '../provider/reports.ts';
import { jsonRequest } from '../provider/requests.ts';
import type { Account, ProviderSpec } from '../provider/spec.ts';

/** Postmark (https://postmarkapp.com/developer/api/overview#error-codes). */
export const POSTMARK: ProviderSpec = {
  scheme: 'postmark',
  title: 'Postmark',
  channels: ['email'],
  host: 'api.postmarkapp.com',
  user: 'server API token',
  password: null,
  options: {
    from: MAIL_FROM,
    stream: {
      doc: 'Message stream; the server’s default transactional stream without it.',
      pattern: [/^[a-z0-9-]{1,60}$/, 'the id of a message stream'],
      example: 'outbound',
    },
    callback_secret: CALLBACK_SECRET,
  },
  errors: {
    10: 'misconfigured',
    100: 'unavailable',
    300: 'rejected',
    400: 'misconfigured',
    401: 'misconfigured',
    402: 'rejected',
    403: 'rejected',
    405: 'misconfigured',
    406: 'rejected',
    409: 'rejected',
    412: 'misconfigured',
    413: 'misconfigured',
    429: 'rate_limited',
    1235: 'misconfigured',
  },
  receipts: 'callback',
  priceUnit: 'per message',
  request(message, account) {
    const from = mailSender(message, account);
    const stream = account.option('stream');
    const headers = { ...AUTOMATIC_HEADERS, 'Message-ID': mailMessageId(message, from), 'X-PM-KeepID': 'true' };
    const body = {
      From: mailboxText(from),
      To: message.to,
      Subject: message.subject ?? '',
      TextBody: message.text,
      ...(message.html === null ? {} : { HtmlBody: message.html }),
      Headers: Object.entries(headers).map(([Name, Value]) => ({ Name, Value })),
      TrackOpens: false,
      TrackLinks: 'None',
      ...(stream === null ? {} : { MessageStream: stream }),
    };
    return jsonRequest('/email', body, { 'x-postmark-server-token': account.user });
  },
  outcome(answer, account) {
    const code = textAt(answer.json, 'ErrorCode');
    if (isSuccess(answer) && (code === null || code === '0'))
      return acceptedWithId(POSTMARK, member(answer.json, 'MessageID'));
    return refusal(POSTMARK, answer, {
      code,
      words: textAt(answer.json, 'Message') ?? '',
      secrets: [account.user],
    });
  },
  report: readReport,
};

async function readReport(request: ReportRequest, account: Account): Promise<ReportReading> {
  if (!(await hasCallbackSecret(request, account))) return refusedReport('the callback secret is missing or wrong');
  const event: unknown = JSON.parse(request.body);
  const at = ['DeliveredAt', 'BouncedAt', 'ChangedAt'].map((name) => textAt(event, name)).find((time) => time !== null);
  return reports(
    mailReport(fateOf(event), {
      messageId: textAt(event, 'MessageID'),
      at: timeAt(at ?? null),
      why: textAt(event, 'Description'),
    }),
  );
}

function fateOf(event: unknown): MailFate | undefined {
  switch (textAt(event, 'RecordType')) {
    case 'Delivery':
      return DELIVERED;
    case 'SpamComplaint':
      return COMPLAINED;
    case 'Bounce':
      return fateIn(BOUNCES, textAt(event, 'Type'));
    case 'SubscriptionChange':
      return member(event, 'SuppressSending') === true
        ? fateIn(SUPPRESSIONS, textAt(event, 'SuppressionReason'))
        : undefined;
    default:
      return undefined;
  }
}

/** Types of a bounce (https://postmarkapp.com/developer/api/bounce-api#bounce-types); those not here change nothing. */
const BOUNCES: Readonly<Record<string, MailFate>> = {
  HardBounce: BOUNCED,
  BadEmailAddress: BOUNCED,
  SpamComplaint: COMPLAINED,
  Unsubscribe: { status: 'delivered', suppress: 'stop' },
  ManuallyDeactivated: { status: 'undelivered', suppress: 'stop' },
  SoftBounce: UNDELIVERED,
  SpamNotification: UNDELIVERED,
  VirusNotification: UNDELIVERED,
  Blocked: UNDELIVERED,
  DMARCPolicy: UNDELIVERED,
  Unknown: UNDELIVERED,
  SMTPApiError: FAILED,
  TemplateRenderingFailed: FAILED,
};

const SUPPRESSIONS: Readonly<Record<string, MailFate>> = {
  HardBounce: BOUNCED,
  SpamComplaint: COMPLAINED,
  ManualSuppression: { status: 'delivered', suppress: 'stop' },
};
