import type { DeliveryReport, ReportReading, ReportRequest } from '../../ports/channel.ts';
import { acceptedWithId, isSuccess, member, refusal, textAt } from '../provider/answers.ts';
import { CALLBACK_SECRET, hasCallbackSecret } from '../provider/callback-secret.ts';
import { inboundMessages, type InboundNews } from '../provider/inbound.ts';
import { CALLBACK, phoneReports, secondsLeft, SENDER, withoutPlus } from '../provider/phone.ts';
import { refusedReport, reports, timeOf } from '../provider/reports.ts';
import { jsonRequest } from '../provider/requests.ts';
import type { Account, ProviderSpec } from '../provider/spec.ts';

/** Status groups that a message is not sent with. */
const REFUSING: readonly string[] = ['REJECTED', 'UNDELIVERABLE', 'EXPIRED'];

/** What the status group of a receipt means; the operator's own acceptance is told apart by name. */
const STATUSES: Readonly<Record<string, DeliveryReport['status']>> = {
  DELIVERED_TO_OPERATOR: 'sent',
  DELIVERED: 'delivered',
  UNDELIVERABLE: 'undelivered',
  EXPIRED: 'undelivered',
  REJECTED: 'failed',
};

/** Infobip SMS v3 (https://www.infobip.com/docs/api/channels/sms). It answers 200 to a rejected message; its status tells. */
export const INFOBIP: ProviderSpec = {
  scheme: 'infobip',
  title: 'Infobip',
  channels: ['sms'],
  host: 'api.infobip.com',
  user: 'API key',
  password: null,
  options: {
    from: { doc: 'Sending number or name.', pattern: SENDER, required: true, example: 'ACME' },
    callback: CALLBACK,
    callback_secret: CALLBACK_SECRET,
  },
  errors: {
    E400: 'rejected',
    E401: 'misconfigured',
    E403: 'misconfigured',
    E404: 'misconfigured',
    E429: 'rate_limited',
    E500: 'unavailable',
    BAD_REQUEST: 'rejected',
    UNAUTHORIZED: 'misconfigured',
    FORBIDDEN: 'misconfigured',
    TOO_MANY_REQUESTS: 'rate_limited',
    UNDELIVERABLE_REJECTED_OPERATOR: 'rejected',
    UNDELIVERABLE_NOT_DELIVERED: 'rejected',
    REJECTED_NETWORK: 'rejected',
    REJECTED_PREFIX_MISSING: 'invalid_destination',
    REJECTED_DND: 'rejected',
    REJECTED_SOURCE: 'misconfigured',
    REJECTED_NOT_ENOUGH_CREDITS: 'misconfigured',
    REJECTED_SENDER: 'misconfigured',
    REJECTED_DESTINATION: 'rejected',
    REJECTED_NOT_REACHABLE: 'unavailable',
    REJECTED_PREPAID_PACKAGE_EXPIRED: 'misconfigured',
    REJECTED_DESTINATION_NOT_REGISTERED: 'misconfigured',
    REJECTED_ROUTE_NOT_AVAILABLE: 'misconfigured',
    REJECTED_FLOODING_FILTER: 'rate_limited',
    REJECTED_SYSTEM_ERROR: 'unavailable',
    REJECTED_MESSAGE_TOO_LONG: 'rejected',
    REJECTED_INVALID_DESTINATION: 'invalid_destination',
    MISSING_TO: 'invalid_destination',
  },
  receipts: 'callback',
  tells: { price: 'report', segments: 'answer' },
  priceUnit: 'per segment',
  request(message, account) {
    const callback = account.option('callback');
    const validityPeriod = {
      amount: secondsLeft(message, account, { least: 60, most: 172_800 }),
      timeUnit: 'SECONDS',
    };
    const delivery = { url: callback, notify: true };
    const sms = {
      sender: message.from ?? account.option('from') ?? '',
      destinations: [{ to: withoutPlus(message.to) }],
      content: { text: message.text },
      options: { validityPeriod },
      ...(callback === null ? {} : { webhooks: { delivery, contentType: 'application/json' } }),
    };
    return jsonRequest('/sms/3/messages', { messages: [sms] }, { authorization: `App ${account.user}` });
  },
  outcome(answer, account) {
    const { json } = answer;
    const secrets = [account.user];
    const status = member(json, 'messages', 0, 'status');
    const isRefused = REFUSING.includes(textAt(status, 'groupName') ?? '');
    if (isSuccess(answer) && !isRefused)
      return acceptedWithId(INFOBIP, member(json, 'messages', 0, 'messageId'), {
        segments: textAt(json, 'messages', 0, 'details', 'messageCount') ?? textAt(json, 'messages', 0, 'smsCount'),
      });
    if (isSuccess(answer))
      // A rejection without a name we know is one all the same.
      return refusal(
        INFOBIP,
        { ...answer, status: 400 },
        { code: textAt(status, 'name'), words: textAt(status, 'description') ?? '', secrets },
      );
    const old = member(json, 'requestError', 'serviceException');
    const code = textAt(json, 'errorCode') ?? textAt(old, 'messageId');
    return refusal(INFOBIP, answer, { code, words: textAt(json, 'description') ?? textAt(old, 'text') ?? '', secrets });
  },
  report: readReport,
};

/** Reads delivery reports, several at once. Infobip signs nothing: the secret is in the address. */
async function readReport(request: ReportRequest, account: Account): Promise<ReportReading> {
  if (!(await hasCallbackSecret(request, account))) return refusedReport('the secret is not right');
  const results = member(JSON.parse(request.body) as unknown, 'results');
  if (!Array.isArray(results)) return reports([]);
  // Reports have a status, messages of people have a text.
  return member(results, 0, 'status') === undefined && messageOf(results[0]).text !== null
    ? inboundMessages(account, results.map(messageOf))
    : reports(results.flatMap(reportOf));
}

function messageOf(result: unknown): InboundNews {
  return {
    messageId: textAt(result, 'messageId'),
    from: textAt(result, 'from') ?? textAt(result, 'sender'),
    to: textAt(result, 'to') ?? textAt(result, 'destination'),
    text: textAt(result, 'text') ?? textAt(result, 'content', 0, 'text'),
    at: timeOf(textAt(result, 'receivedAt')),
  };
}

function reportOf(result: unknown): readonly DeliveryReport[] {
  const name = textAt(result, 'status', 'name');
  const error = textAt(result, 'error', 'name');
  return phoneReports('Infobip', STATUSES, {
    messageId: textAt(result, 'messageId'),
    status: name === 'DELIVERED_TO_OPERATOR' ? name : textAt(result, 'status', 'groupName'),
    code: error === null || error === 'NO_ERROR' ? name : error,
    at: timeOf(textAt(result, 'doneAt')),
    segments: textAt(result, 'messageCount'),
    price: { amount: textAt(result, 'price', 'pricePerMessage'), currency: textAt(result, 'price', 'currency') },
  });
}
