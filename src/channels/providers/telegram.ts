import type { DeliveryReport, ReportReading, ReportRequest } from '../../ports/channel.ts';
import { acceptedWithId, isSuccess, member, refusal, textAt } from '../provider/answers.ts';
import { secondsLeft } from '../provider/phone.ts';
import { polled, refusedReport, reportOf, reports, statusIn, timeOf } from '../provider/reports.ts';
import { jsonRequest } from '../provider/requests.ts';
import { fromHex, isFresh, sha256, utf8, verifyHmac } from '../provider/signatures.ts';
import type { Account, ProviderSpec } from '../provider/spec.ts';

/** Telegram Gateway (https://core.telegram.org/gateway/api). It words the message itself and carries only the code. */
export const TELEGRAM: ProviderSpec = {
  scheme: 'telegram',
  title: 'Telegram Gateway',
  channels: ['telegram'],
  host: 'gatewayapi.telegram.org',
  user: 'access token',
  password: null,
  options: {
    from: {
      doc: 'Username of a verified channel of the account that sends; else Telegram’s own.',
      pattern: [/^\w{4,32}$/, 'the username of a channel'],
    },
    callback: {
      doc: 'Where delivery reports go (HTTPS); without it there are none.',
      pattern: [/^https:\/\/\S{4,240}$/, 'an https address'],
    },
  },
  errors: {
    ACCESS_TOKEN_INVALID: 'misconfigured',
    ACCESS_TOKEN_REQUIRED: 'misconfigured',
    BALANCE_NOT_ENOUGH: 'misconfigured',
    CALLBACK_URL_INVALID: 'misconfigured',
    CODE_INVALID: 'rejected',
    CODE_LENGTH_INVALID: 'rejected',
    CODE_LENGTH_REQUIRED: 'rejected',
    FLOOD_WAIT: 'rate_limited',
    MESSAGE_ALREADY_SENT: 'rejected',
    PAYLOAD_INVALID: 'rejected',
    PHONE_NUMBER_INVALID: 'invalid_destination',
    PHONE_NUMBER_NOT_AVAILABLE: 'invalid_destination',
    PHONE_NUMBER_NOT_FOUND: 'invalid_destination',
    REQUEST_ID_INVALID: 'rejected',
    SENDER_NOT_OWNED: 'misconfigured',
    SENDER_NOT_VERIFIED: 'misconfigured',
    SENDER_USERNAME_INVALID: 'misconfigured',
    TTL_INVALID: 'rejected',
    UNKNOWN_METHOD: 'misconfigured',
  },
  onlyCode: () => true,
  receipts: 'callback',
  tells: { price: 'answer' },
  priceUnit: 'per delivered message',
  request(message, account) {
    const from = message.from ?? account.option('from');
    const callback = account.option('callback');
    const body = {
      phone_number: message.to,
      code: message.code.reveal(),
      ttl: secondsLeft(message, account, { least: 60, most: 86_400 }),
      payload: message.sendId,
      ...(from === null ? {} : { sender_username: from }),
      ...(callback === null ? {} : { callback_url: callback }),
    };
    return jsonRequest('/sendVerificationMessage', body, { authorization: `Bearer ${account.user}` });
  },
  outcome(answer, account) {
    if (isSuccess(answer) && member(answer.json, 'ok') === true)
      return acceptedWithId(TELEGRAM, member(answer.json, 'result', 'request_id'), {
        amount: textAt(answer.json, 'result', 'request_cost'),
        currency: 'USD',
      });
    const error = textAt(answer.json, 'error');
    // A refusal may come with status 200; an unknown one is as final as any.
    const status = error !== null && isSuccess(answer) ? 400 : answer.status;
    const code = error?.startsWith('FLOOD_WAIT') === true ? 'FLOOD_WAIT' : error;
    return refusal(TELEGRAM, { ...answer, status }, { code: safeCode(code), secrets: [account.user] });
  },
  report: readReport,
  poll: {
    isNeeded: (account) => account.option('callback') === null,
    // Without a code: this only tells how the message fares.
    request: (messageId, account) =>
      jsonRequest('/checkVerificationStatus', { request_id: messageId }, { authorization: `Bearer ${account.user}` }),
    read: ({ json }, messageId) => polled(reportFrom(messageId, member(json, 'result'))),
  },
};

/** Only what looks like an error's name is shown. */
function safeCode(code: string | null): string | null {
  return code !== null && /^[A-Z][A-Z_]{2,60}$/.test(code) ? code : null;
}

const STATUSES: Readonly<Record<string, DeliveryReport['status']>> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  expired: 'undelivered',
  revoked: 'undelivered',
};

async function readReport(request: ReportRequest, account: Account): Promise<ReportReading> {
  const time = request.header('x-request-timestamp');
  const key = await sha256(utf8(account.user));
  const signature = fromHex(request.header('x-request-signature') ?? '');
  const isRight = await verifyHmac({ hash: 'SHA-256', key }, utf8(`${time ?? ''}\n${request.body}`), signature);
  if (!isRight) return refusedReport('the signature is wrong');
  if (!isFresh(time, account.now())) return refusedReport('the signed time is too far off');
  const report: unknown = JSON.parse(request.body);
  return reports(reportFrom(textAt(report, 'request_id'), report));
}

function reportFrom(messageId: string | null, about: unknown): readonly DeliveryReport[] {
  const status = textAt(about, 'delivery_status', 'status');
  const at = timeOf(textAt(about, 'delivery_status', 'updated_at'));
  return reportOf(messageId, statusIn(STATUSES, status), { at, why: status });
}
