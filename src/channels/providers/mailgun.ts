import type { ReportReading, ReportRequest } from '../../ports/channel.ts';
import { acceptedWithId, isSuccess, refusal, textAt } from '../provider/answers.ts';
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
  STOPPED,
  UNDELIVERED,
} from '../provider/mail.ts';
import { refusedReport, reports } from '../provider/reports.ts';
import { basicAuth, formRequest } from '../provider/requests.ts';
import { fromHex, isFresh, utf8, verifyHmac } from '../provider/signatures.ts';
import type { Account, ProviderAnswer, ProviderSpec } from '../provider/spec.ts';

/** Mailgun, Messages API v3 (https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages). */
export const MAILGUN: ProviderSpec = {
  scheme: 'mailgun',
  title: 'Mailgun',
  channels: ['email'],
  host: (option) => (option('region') === 'eu' ? 'api.eu.mailgun.net' : 'api.mailgun.net'),
  user: 'sending domain',
  password: 'API key of the account or the domain',
  options: {
    from: MAIL_FROM,
    region: { doc: '`eu` for a domain in the EU.', pattern: [/^eu$/, 'eu'] },
    signing_key: {
      doc: 'HTTP webhook signing key of the account; without it no report is believed.',
      pattern: [/^[\w-]{16,128}$/, 'the webhook signing key'],
    },
    callback_secret: CALLBACK_SECRET,
  },
  // Mailgun numbers no errors; what stands here is the status, or the field its words begin with.
  errors: {
    "'to' parameter": 'invalid_destination',
    "'from' parameter": 'misconfigured',
    400: 'rejected',
    401: 'misconfigured',
    402: 'misconfigured',
    403: 'misconfigured',
    404: 'misconfigured',
    413: 'rejected',
    429: 'rate_limited',
  },
  receipts: 'callback',
  priceUnit: 'per message',
  request(message, account) {
    const from = mailSender(message, account);
    const headers = Object.entries({ ...AUTOMATIC_HEADERS, 'Message-Id': mailMessageId(message, from) });
    const fields = {
      from: mailboxText(from),
      to: message.to,
      subject: message.subject ?? '',
      text: message.text,
      html: message.html,
      'o:tracking': 'no',
      'o:tracking-clicks': 'no',
      'o:tracking-opens': 'no',
      ...Object.fromEntries(headers.map(([name, value]) => [`h:${name}`, value])),
    };
    const url = `/v3/${encodeURIComponent(account.user)}/messages`;
    return formRequest(url, fields, basicAuth('api', account.password));
  },
  outcome(answer, account) {
    const id = textAt(answer.json, 'id');
    if (isSuccess(answer)) return acceptedWithId(MAILGUN, id === null ? null : bare(id));
    const words = textAt(answer.json, 'message') ?? '';
    return refusal(MAILGUN, answer, {
      code: codeOf(answer, words),
      words,
      secrets: [account.user, account.password],
    });
  },
  report: readReport,
};

function codeOf({ status }: ProviderAnswer, words: string): string | null {
  const field = /^'(?:to|from)' parameter/.exec(words)?.[0];
  return field ?? (Object.hasOwn(MAILGUN.errors, status) ? String(status) : null);
}

/** Answers have the Message-ID in angle brackets, events have it without. */
function bare(messageId: string): string {
  return messageId.replace(/^<|>$/g, '');
}

/** Mailgun signs time and token, not the content: a `callback_secret`, once set, is asked for too. */
async function readReport(request: ReportRequest, account: Account): Promise<ReportReading> {
  const key = account.option('signing_key');
  if (key === null) return refusedReport('option signing_key is missing');
  const body: unknown = JSON.parse(request.body);
  const [time, token, signature] = ['timestamp', 'token', 'signature'].map(
    (name) => textAt(body, 'signature', name) ?? '',
  );
  const isSigned = await verifyHmac(
    { hash: 'SHA-256', key: utf8(key) },
    utf8(`${time}${token}`),
    fromHex(signature ?? ''),
  );
  if (!isSigned) return refusedReport('the signature is wrong');
  if (!isFresh(time ?? null, account.now())) return refusedReport('the signed time is too far off');
  if (account.option('callback_secret') !== null && !(await hasCallbackSecret(request, account)))
    return refusedReport('the callback secret is missing or wrong');
  const seconds = Number(textAt(body, 'event-data', 'timestamp') ?? Number.NaN);
  return reports(
    mailReport(fateOf(body), {
      messageId: bare(textAt(body, 'event-data', 'message', 'headers', 'message-id') ?? ''),
      at: Number.isFinite(seconds) ? Math.round(seconds * 1000) : null,
      why: textAt(body, 'event-data', 'delivery-status', 'message') ?? textAt(body, 'event-data', 'reject', 'reason'),
    }),
  );
}

const FATES: Readonly<Record<string, MailFate>> = {
  delivered: DELIVERED,
  rejected: FAILED,
  complained: COMPLAINED,
  unsubscribed: STOPPED,
};

/** Why a message failed for good; anything else is the receiving server's refusal of this one message. */
const FAILURES: Readonly<Record<string, MailFate>> = {
  bounce: BOUNCED,
  'suppress-bounce': BOUNCED,
  'suppress-complaint': { status: 'undelivered', suppress: 'complaint' },
  'suppress-unsubscribe': { status: 'undelivered', suppress: 'stop' },
};

function fateOf(body: unknown): MailFate | undefined {
  const event = textAt(body, 'event-data', 'event') ?? '';
  if (event !== 'failed') return fateIn(FATES, event);
  if (textAt(body, 'event-data', 'severity') !== 'permanent') return undefined;
  return fateIn(FAILURES, textAt(body, 'event-data', 'reason')) ?? UNDELIVERED;
}
