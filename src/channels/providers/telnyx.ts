import type { DeliveryReport, ReportReading, ReportRequest } from '../../ports/channel.ts';
import { acceptedWithId, isSuccess, member, refusal, textAt } from '../provider/answers.ts';
import { inboundMessages, type InboundNews } from '../provider/inbound.ts';
import { CALLBACK, phoneReports, SENDER, STALE, UNSIGNED } from '../provider/phone.ts';
import { reports, timeOf } from '../provider/reports.ts';
import { jsonRequest } from '../provider/requests.ts';
import { fromBase64, isFresh, utf8, verifyEd25519 } from '../provider/signatures.ts';
import type { Account, ProviderSpec } from '../provider/spec.ts';

const STATUSES: Readonly<Record<string, DeliveryReport['status']>> = {
  sent: 'sent',
  delivery_unconfirmed: 'sent',
  delivered: 'delivered',
  delivery_failed: 'undelivered',
  expired: 'undelivered',
  sending_failed: 'failed',
  gw_timeout: 'failed',
};

/** Telnyx Messaging v2 (https://developers.telnyx.com/docs/messaging/messages/error-codes lists the codes). */
export const TELNYX: ProviderSpec = {
  scheme: 'telnyx',
  title: 'Telnyx',
  channels: ['sms'],
  host: 'api.telnyx.com',
  user: 'API key (KEY…)',
  password: null,
  options: {
    from: {
      doc: 'Sending number (E.164), short code or name.',
      pattern: SENDER,
      required: true,
      example: '%2B14155292729',
    },
    profile: {
      doc: 'Id of the messaging profile; needed when the sender is a name.',
      pattern: [/^[0-9a-f-]{36}$/i, 'the id of a messaging profile'],
    },
    callback: CALLBACK,
    public_key: {
      doc: 'Public key of the account (base64), which proves receipts.',
      pattern: [/^[A-Za-z0-9+/_-]{43}=?$/, '32 bytes in base64'],
    },
  },
  errors: {
    10001: 'misconfigured',
    10002: 'invalid_destination',
    10003: 'misconfigured',
    10004: 'rejected',
    10005: 'misconfigured',
    10006: 'misconfigured',
    10007: 'unavailable',
    10008: 'unavailable',
    10009: 'misconfigured',
    10010: 'misconfigured',
    10011: 'rate_limited',
    10015: 'rejected',
    10016: 'invalid_destination',
    10039: 'misconfigured',
    20002: 'misconfigured',
    20006: 'misconfigured',
    20012: 'misconfigured',
    20013: 'misconfigured',
    20014: 'misconfigured',
    20015: 'misconfigured',
    20016: 'misconfigured',
    20017: 'misconfigured',
    20100: 'misconfigured',
    40001: 'invalid_destination',
    40002: 'rejected',
    40003: 'rejected',
    40004: 'rejected',
    40005: 'unavailable',
    40006: 'unavailable',
    40008: 'rejected',
    40009: 'rejected',
    40010: 'misconfigured',
    40011: 'rate_limited',
    40012: 'invalid_destination',
    40013: 'misconfigured',
    40014: 'unavailable',
    40015: 'rejected',
    40016: 'rate_limited',
    40017: 'rejected',
    40018: 'rate_limited',
    40100: 'misconfigured',
    40150: 'misconfigured',
    40151: 'misconfigured',
    40300: 'rejected',
    40301: 'rejected',
    40302: 'rejected',
    40304: 'rejected',
    40305: 'misconfigured',
    40306: 'misconfigured',
    40309: 'rejected',
    40310: 'invalid_destination',
    40311: 'misconfigured',
    40312: 'misconfigured',
    40313: 'misconfigured',
    40314: 'misconfigured',
    40315: 'misconfigured',
    40316: 'rejected',
    40318: 'rate_limited',
    40319: 'rejected',
    40320: 'unavailable',
    40321: 'misconfigured',
    40322: 'rejected',
    40328: 'rejected',
    40329: 'misconfigured',
  },
  receipts: 'callback',
  tells: { price: 'answer', segments: 'answer' },
  priceUnit: 'per segment, with carrier fees',
  request(message, account) {
    const profile = account.option('profile');
    const callback = account.option('callback');
    const body = {
      from: message.from ?? account.option('from') ?? '',
      to: message.to,
      text: message.text,
      type: 'SMS',
      ...(profile === null ? {} : { messaging_profile_id: profile }),
      ...(callback === null ? {} : { webhook_url: callback }),
    };
    return jsonRequest('/v2/messages', body, { authorization: `Bearer ${account.user}` });
  },
  outcome(answer, account) {
    const isRefused = member(answer.json, 'errors', 0) !== undefined;
    if (isSuccess(answer) && !isRefused)
      return acceptedWithId(TELNYX, member(answer.json, 'data', 'id'), {
        segments: textAt(answer.json, 'data', 'parts'),
        amount: textAt(answer.json, 'data', 'cost', 'amount'),
        currency: textAt(answer.json, 'data', 'cost', 'currency'),
      });
    const words = textAt(answer.json, 'errors', 0, 'detail') ?? textAt(answer.json, 'errors', 0, 'title') ?? '';
    return refusal(TELNYX, answer, { code: textAt(answer.json, 'errors', 0, 'code'), words, secrets: [account.user] });
  },
  report: readReport,
};

/** Reads an event (https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks): Ed25519 over `timestamp|body`. */
async function readReport(request: ReportRequest, account: Account): Promise<ReportReading> {
  const time = request.header('telnyx-timestamp');
  const signature = fromBase64(request.header('telnyx-signature-ed25519') ?? '');
  const key = account.option('public_key');
  if (key === null || time === null) return UNSIGNED;
  const content = utf8(`${time}|${request.body}`);
  if (!(await verifyEd25519(fromBase64(key), content, signature))) return UNSIGNED;
  if (!isFresh(time, account.now())) return STALE;
  const event: unknown = JSON.parse(request.body);
  return textAt(event, 'data', 'event_type') === 'message.received'
    ? inboundMessages(account, [messageOf(event)])
    : reports(reportsOf(event));
}

function messageOf(event: unknown): InboundNews {
  const payload = member(event, 'data', 'payload');
  return {
    messageId: textAt(payload, 'id'),
    from: textAt(payload, 'from', 'phone_number'),
    to: textAt(payload, 'to', 0, 'phone_number'),
    text: textAt(payload, 'text'),
    at: timeOf(textAt(payload, 'received_at') ?? textAt(event, 'data', 'occurred_at')),
  };
}

function reportsOf(event: unknown): readonly DeliveryReport[] {
  if (!['message.sent', 'message.finalized'].includes(textAt(event, 'data', 'event_type') ?? '')) return [];
  const payload = member(event, 'data', 'payload');
  const code = textAt(payload, 'errors', 0, 'code');
  // The same code has other causes too: only the title tells that the person wrote STOP.
  const isStopped = code === '40300' && /\bSTOP\b/.test(textAt(payload, 'errors', 0, 'title') ?? '');
  return phoneReports('Telnyx', STATUSES, {
    messageId: textAt(payload, 'id'),
    status: textAt(payload, 'to', 0, 'status'),
    code,
    at: timeOf(textAt(event, 'data', 'occurred_at')),
    segments: textAt(payload, 'parts'),
    price: { amount: textAt(payload, 'cost', 'amount'), currency: textAt(payload, 'cost', 'currency') },
    suppress: isStopped ? 'stop' : null,
  });
}
