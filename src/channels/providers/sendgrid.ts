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
  mailMessageId,
  mailReport,
  mailSender,
  type MailFate,
  SENT,
  STOPPED,
  UNDELIVERED,
} from '../provider/mail.ts';
import { refusedReport, reports } from '../provider/reports.ts';
import { jsonRequest } from '../provider/requests.ts';
import { fromBase64, isFresh, utf8, verifyEcdsa } from '../provider/signatures.ts';
import type { Account, ProviderSpec } from '../provider/spec.ts';

/** Twilio SendGrid, Web API v3 (https://www.twilio.com/docs/sendgrid/api-reference/mail-send). */
export const SENDGRID: ProviderSpec = {
  scheme: 'sendgrid',
  title: 'SendGrid',
  channels: ['email'],
  host: (option) => (option('region') === 'eu' ? 'api.eu.sendgrid.com' : 'api.sendgrid.com'),
  user: 'API key (SG.…)',
  password: null,
  options: {
    from: MAIL_FROM,
    region: { doc: '`eu` for a regional subuser in the EU.', pattern: [/^eu$/, 'eu'] },
    webhook_key: {
      doc: 'Verification key of the signed event webhook (base64); without it no report is believed.',
      pattern: [/^[A-Za-z0-9+/]{80,200}={0,2}$/, 'the verification key in base64'],
    },
  },
  // SendGrid numbers no errors; what stands here is the field an error names, or the status.
  errors: {
    'personalizations.0.to.0.email': 'invalid_destination',
    'from.email': 'misconfigured',
    from: 'misconfigured',
    406: 'misconfigured',
    413: 'rejected',
    451: 'misconfigured',
  },
  receipts: 'callback',
  priceUnit: 'per message',
  request(message, account) {
    const from = mailSender(message, account);
    const body = {
      personalizations: [{ to: [{ email: message.to }] }],
      from: from.name === '' ? { email: from.address } : { email: from.address, name: from.name },
      subject: message.subject ?? '',
      content: contentOf(message.text, message.html),
      headers: { ...AUTOMATIC_HEADERS, 'Message-ID': mailMessageId(message, from) },
      tracking_settings: {
        click_tracking: { enable: false, enable_text: false },
        open_tracking: { enable: false },
        subscription_tracking: { enable: false },
        ganalytics: { enable: false },
      },
    };
    return jsonRequest('/v3/mail/send', body, { authorization: `Bearer ${account.user}` });
  },
  outcome(answer, account) {
    if (answer.status === 202) return accepted(answer.header('x-message-id'));
    // 200 is the sandbox mode: nothing is sent.
    if (isSuccess(answer)) return acceptedWithId(SENDGRID, null);
    const status = String(answer.status);
    return refusal(SENDGRID, answer, {
      code: textAt(answer.json, 'errors', 0, 'field') ?? (Object.hasOwn(SENDGRID.errors, status) ? status : null),
      words: textAt(answer.json, 'errors', 0, 'message') ?? '',
      secrets: [account.user],
    });
  },
  report: readReport,
};

function contentOf(text: string, html: string | null): readonly { readonly type: string; readonly value: string }[] {
  const plain = { type: 'text/plain', value: text };
  return html === null ? [plain] : [plain, { type: 'text/html', value: html }];
}

async function readReport(request: ReportRequest, account: Account): Promise<ReportReading> {
  const key = account.option('webhook_key');
  if (key === null) return refusedReport('option webhook_key is missing');
  const signature = fromBase64(request.header('x-twilio-email-event-webhook-signature') ?? '');
  const time = request.header('x-twilio-email-event-webhook-timestamp') ?? '';
  const isSigned = await verifyEcdsa(fromBase64(key), utf8(time + request.body), signature);
  if (!isSigned) return refusedReport('the signature is wrong');
  if (!isFresh(time, account.now())) return refusedReport('the signed time is too far off');
  const events: unknown = JSON.parse(request.body);
  return reports(Array.isArray(events) ? events.flatMap(readEvent) : []);
}

function readEvent(event: unknown): ReturnType<typeof mailReport> {
  const seconds = Number(textAt(event, 'timestamp') ?? Number.NaN);
  return mailReport(fateOf(event), {
    // What the answer gave, followed by the names of machines.
    messageId: (textAt(event, 'sg_message_id') ?? '').replace(/\.(?:filter|recvd|ismtpd).*$/s, ''),
    at: Number.isFinite(seconds) ? seconds * 1000 : null,
    why: textAt(event, 'reason'),
  });
}

const FATES: Readonly<Record<string, MailFate>> = {
  processed: SENT,
  delivered: DELIVERED,
  spamreport: COMPLAINED,
  unsubscribe: STOPPED,
  group_unsubscribe: STOPPED,
};

const DROPS: Readonly<Record<string, MailFate>> = {
  'bounced address': BOUNCED,
  'unsubscribed address': { status: 'undelivered', suppress: 'stop' },
  'spam reporting address': { status: 'undelivered', suppress: 'complaint' },
  invalid: UNDELIVERED,
};

function fateOf(event: unknown): MailFate | undefined {
  const name = textAt(event, 'event');
  // A block is the server's refusal of this one message, a bounce of the address.
  if (name === 'bounce') return member(event, 'type') === 'blocked' ? UNDELIVERED : BOUNCED;
  if (name === 'dropped') return fateIn(DROPS, (textAt(event, 'reason') ?? '').toLowerCase()) ?? FAILED;
  return fateIn(FATES, name);
}
