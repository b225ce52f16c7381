import type { DeliveryReport, ReportReading, ReportRequest } from '../../ports/channel.ts';
import { acceptedWithId, isSuccess, member, refusal, textAt } from '../provider/answers.ts';
import { inboundMessages } from '../provider/inbound.ts';
import { verifyMessageBirdJwt } from '../provider/messagebird-jwt.ts';
import { secondsLeft, withoutPlus } from '../provider/phone.ts';
import { countOf, priceText, refusedReport, reportOf, reports, statusIn, timeOf } from '../provider/reports.ts';
import { jsonRequest } from '../provider/requests.ts';
import type { Account, ProviderSpec } from '../provider/spec.ts';

/** MessageBird (now Bird), the classic SMS API (https://developers.messagebird.com/api/sms-messaging/). */
export const MESSAGEBIRD: ProviderSpec = {
  scheme: 'messagebird',
  title: 'MessageBird',
  channels: ['sms'],
  host: 'rest.messagebird.com',
  user: 'access key',
  password: null,
  options: {
    from: {
      doc: 'Originator: a number with country code or up to 11 letters and digits.',
      required: true,
      pattern: [/^(?:\+?\d{3,17}|[A-Za-z0-9 ]{1,11})$/, 'a number or up to 11 letters and digits'],
      example: 'ACME',
    },
    callback: {
      doc: 'Where status reports go, for this account only; else the address set at MessageBird.',
      pattern: [/^https?:\/\/\S{4,500}$/, 'a web address'],
    },
    signing_key: { doc: 'Signing key of the account; without it no report is believed.' },
  },
  errors: {
    2: 'misconfigured',
    9: 'rejected',
    '9 (recipients)': 'invalid_destination',
    '9 (originator)': 'misconfigured',
    10: 'rejected',
    '10 (recipients)': 'invalid_destination',
    '10 (originator)': 'misconfigured',
    20: 'misconfigured',
    21: 'rejected',
    25: 'misconfigured',
    98: 'misconfigured',
    99: 'unavailable',
  },
  receipts: 'callback',
  tells: { price: 'report', segments: 'answer' },
  priceUnit: 'per message part, by country',
  request(message, account) {
    const callback = account.option('callback');
    const body = {
      originator: withoutPlus(message.from ?? account.option('from') ?? ''),
      recipients: [withoutPlus(message.to)],
      body: message.text,
      datacoding: 'auto',
      validity: secondsLeft(message, account, { least: 1, most: 172_800 }),
      // Reports are only posted for messages with a reference.
      reference: message.sendId,
      ...(callback === null ? {} : { reportUrl: callback }),
    };
    return jsonRequest('/messages', body, { authorization: `AccessKey ${account.user}` });
  },
  outcome(answer, account) {
    if (isSuccess(answer))
      return acceptedWithId(MESSAGEBIRD, member(answer.json, 'id'), {
        segments: textAt(answer.json, 'recipients', 'items', 0, 'messagePartCount'),
      });
    const error = member(answer.json, 'errors', 0);
    const words = textAt(error, 'description') ?? '';
    return refusal(MESSAGEBIRD, answer, { code: codeOf(error), words, secrets: [account.user] });
  },
  report: readReport,
};

/** Codes 9 and 10 mean a bad parameter; which one makes the difference. */
function codeOf(error: unknown): string | null {
  const code = textAt(error, 'code');
  const parameter = textAt(error, 'parameter');
  const isTelling = (code === '9' || code === '10') && (parameter === 'recipients' || parameter === 'originator');
  return isTelling ? `${code} (${parameter})` : code;
}

const STATUSES: Readonly<Record<string, DeliveryReport['status']>> = {
  sent: 'sent',
  buffered: 'sent',
  delivered: 'delivered',
  expired: 'undelivered',
  delivery_failed: 'undelivered',
};

/** A GET with everything in the query, which the signature covers through the address. */
async function readReport(request: ReportRequest, account: Account): Promise<ReportReading> {
  const key = account.option('signing_key');
  if (key === null) return refusedReport('option signing_key is missing');
  const problem = await verifyMessageBirdJwt(request, { key, now: account.now() });
  if (problem !== null) return refusedReport(problem);
  const query = new URL(request.url).searchParams;
  if (query.has('originator') && !query.has('status'))
    return inboundMessages(account, [
      {
        messageId: query.get('id'),
        from: query.get('originator'),
        to: query.get('recipient'),
        text: query.get('body') ?? query.get('message'),
        at: timeOf((query.get('createdDatetime') ?? '').replace(' ', '+')),
      },
    ]);
  const why = query.get('statusReason');
  return reports(
    reportOf(query.get('id'), statusIn(STATUSES, query.get('status')), {
      // A plus sign of the time zone arrives as a blank.
      at: timeOf((query.get('statusDatetime') ?? '').replace(' ', '+')),
      why,
      segments: countOf(query.get('messagePartCount')),
      price: priceText(query.get('price[amount]'), query.get('price[currency]')),
      suppress: why === 'opted out' ? 'stop' : null,
    }),
  );
}
