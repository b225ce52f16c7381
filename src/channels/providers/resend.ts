import type { ReportReading, ReportRequest } from '../../ports/channel.ts';
import { accepted } from '../outcome.ts';
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
import { fromBase64, isFresh, utf8, verifyHmac } from '../provider/signatures.ts';
import type { Account, ProviderSpec } from '../provider/spec.ts';

/** Resend (https://resend.com/docs/api-reference/errors). */
export const RESEND: ProviderSpec = {
  scheme: 'resend',
  title: 'Resend',
  channels: ['email'],
  host: 'api.resend.com',
  user: 'API key (re_…)',
  password: null,
  options: {
    from: MAIL_FROM,
    webhook_secret: {
      doc: 'Signing secret of the webhook (`whsec_…`); without it no report is believed.',
      pattern: [/^whsec_[A-Za-z0-9+/]{20,120}={0,2}$/, 'whsec_ and base64'],
    },
  },
  // `validation_error` is not here: its status says whether it is the account's (403) or the message's (400, 422).
  errors: {
    invalid_idempotency_key: 'rejected',
    concurrent_idempotent_requests: 'unavailable',
    missing_api_key: 'misconfigured',
    restricted_api_key: 'misconfigured',
    invalid_api_key: 'misconfigured',
    suspended_api_key: 'misconfigured',
    invalid_from_address: 'misconfigured',
    invalid_access: 'misconfigured',
    invalid_region: 'misconfigured',
    invalid_parameter: 'rejected',
    missing_required_field: 'rejected',
    not_found: 'misconfigured',
    method_not_allowed: 'misconfigured',
    daily_quota_exceeded: 'rate_limited',
    monthly_quota_exceeded: 'rate_limited',
    rate_limit_exceeded: 'rate_limited',
    security_error: 'rejected',
    application_error: 'unavailable',
    internal_server_error: 'unavailable',
  },
  receipts: 'callback',
  priceUnit: 'per message',
  request(message, account) {
    const body = {
      from: mailboxText(mailSender(message, account)),
      to: [message.to],
      subject: message.subject ?? '',
      text: message.text,
      ...(message.html === null ? {} : { html: message.html }),
      headers: AUTOMATIC_HEADERS,
    };
    return jsonRequest('/emails', body, {
      authorization: `Bearer ${account.user}`,
      'idempotency-key': message.sendId,
    });
  },
  outcome(answer, account) {
    if (isSuccess(answer)) return acceptedWithId(RESEND, member(answer.json, 'id'));
    const code = textAt(answer.json, 'name');
    // A retry tells fewer minutes than the first try did: that this send's key is taken says that the first one arrived.
    if (code === 'invalid_idempotent_request') return accepted(null);
    return refusal(RESEND, answer, { code, words: textAt(answer.json, 'message') ?? '', secrets: [account.user] });
  },
  report: readReport,
};

/** Standard Webhooks, under the header names of Svix. */
async function readReport(request: ReportRequest, account: Account): Promise<ReportReading> {
  const secret = account.option('webhook_secret');
  if (secret === null) return refusedReport('option webhook_secret is missing');
  const [id, time, given] = ['svix-id', 'svix-timestamp', 'svix-signature'].map((name) => request.header(name) ?? '');
  const key = { hash: 'SHA-256', key: fromBase64(secret.slice('whsec_'.length)) } as const;
  const content = utf8(`${id}.${time}.${request.body}`);
  const signatures = (given ?? '')
    .split(' ')
    .slice(0, 10)
    .filter((one) => one.startsWith('v1,'));
  const checked = await Promise.all(signatures.map((one) => verifyHmac(key, content, fromBase64(one.slice(3)))));
  if (!checked.includes(true)) return refusedReport('the signature is wrong');
  if (!isFresh(time ?? null, account.now())) return refusedReport('the signed time is too far off');
  const event: unknown = JSON.parse(request.body);
  return reports(
    mailReport(fateOf(event), {
      messageId: textAt(event, 'data', 'email_id'),
      at: timeAt(textAt(event, 'created_at')),
      why: textAt(event, 'data', 'bounce', 'message') ?? textAt(event, 'data', 'failed', 'reason'),
    }),
  );
}

const FATES: Readonly<Record<string, MailFate>> = {
  'email.sent': SENT,
  'email.delivered': DELIVERED,
  'email.complained': COMPLAINED,
  'email.failed': FAILED,
  'email.suppressed': UNDELIVERED,
};

function fateOf(event: unknown): MailFate | undefined {
  const type = textAt(event, 'type');
  if (type === 'email.bounced') return textAt(event, 'data', 'bounce', 'type') === 'Permanent' ? BOUNCED : UNDELIVERED;
  return fateIn(FATES, type);
}
