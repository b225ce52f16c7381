import type { DeliveryReport, Message, ReportReading, ReportRequest } from '../../ports/channel.ts';
import { acceptedWithId, isSuccess, member, refusal, textAt } from '../provider/answers.ts';
import { CALLBACK_SECRET, hasCallbackSecret } from '../provider/callback-secret.ts';
import { polled, refusedReport, reportOf, reports, statusIn } from '../provider/reports.ts';
import { formRequest } from '../provider/requests.ts';
import type { Account, ProviderAnswer, ProviderSpec } from '../provider/spec.ts';

/** Kavenegar, REST API (https://kavenegar.com/rest.html). Its key is part of the address: no address of a request is ever shown. */
export const KAVENEGAR: ProviderSpec = {
  scheme: 'kavenegar',
  title: 'Kavenegar',
  channels: ['sms'],
  host: 'api.kavenegar.com',
  user: 'API key',
  password: null,
  options: {
    from: {
      doc: 'Sending line; else the account’s own.',
      pattern: [/^\+?\d{4,15}$/, 'a number'],
      example: '10004346',
    },
    template: {
      doc: 'Name of an approved template: the code is sent through `verify/lookup` with it instead of the text.',
      pattern: [/^[\w-]{1,100}$/, 'the name of a template'],
    },
    callback_secret: CALLBACK_SECRET,
  },
  errors: {
    400: 'rejected',
    401: 'misconfigured',
    402: 'unavailable',
    403: 'misconfigured',
    404: 'misconfigured',
    405: 'misconfigured',
    406: 'misconfigured',
    407: 'misconfigured',
    409: 'unavailable',
    411: 'invalid_destination',
    412: 'misconfigured',
    413: 'rejected',
    414: 'rejected',
    417: 'rejected',
    418: 'misconfigured',
    422: 'rejected',
    424: 'misconfigured',
    426: 'misconfigured',
    428: 'misconfigured',
    431: 'rejected',
    432: 'misconfigured',
  },
  onlyCode: (account) => account.option('template') !== null,
  receipts: 'callback',
  tells: { price: 'answer' },
  priceUnit: 'per message part, in rial',
  request(message, account) {
    const call = callOf(message, account);
    return formRequest(`/v1/${encodeURIComponent(account.user)}/${call.method}.json`, call.fields);
  },
  outcome(answer, account) {
    const status = textAt(answer.json, 'return', 'status');
    if (isSuccess(answer) && status === '200')
      return acceptedWithId(KAVENEGAR, messageId(answer), { amount: costOf(answer), currency: 'IRR' });
    return refusal(KAVENEGAR, answer, {
      code: status === '200' ? null : status,
      words: textAt(answer.json, 'return', 'message') ?? '',
      secrets: [account.user],
    });
  },
  report: readReport,
  poll: {
    // Reports need the secret of the callback.
    isNeeded: (account) => account.option('callback_secret') === null,
    request: (messageid, account) =>
      formRequest(`/v1/${encodeURIComponent(account.user)}/sms/status.json`, { messageid }),
    read({ json }, messageId) {
      const status = textAt(json, 'entries', 0, 'status') ?? textAt(json, 'entries', 'status');
      return polled(reportFrom(messageId, status));
    },
  },
};

interface Call {
  readonly method: string;
  readonly fields: Readonly<Record<string, string | null>>;
}

function callOf(message: Message, account: Account): Call {
  // Numbers of other countries are only understood behind 00.
  const receptor = message.to.replace(/^\+/, '00');
  const template = account.option('template');
  if (template !== null)
    return { method: 'verify/lookup', fields: { receptor, template, token: message.code.reveal() } };
  return {
    method: 'sms/send',
    fields: { receptor, sender: message.from ?? account.option('from'), message: message.text },
  };
}

/** In rial. */
function costOf({ json }: ProviderAnswer): string | null {
  return textAt(json, 'entries', 0, 'cost') ?? textAt(json, 'entries', 'cost');
}

/** `entries` is a list for a text and one object for a template. */
function messageId({ json }: ProviderAnswer): unknown {
  return member(json, 'entries', 0, 'messageid') ?? member(json, 'entries', 'messageid');
}

/** https://kavenegar.com/rest.html, statuses of a message. */
const STATUSES: Readonly<Record<string, DeliveryReport['status']>> = {
  1: 'sent',
  2: 'sent',
  4: 'sent',
  5: 'sent',
  6: 'failed',
  10: 'delivered',
  11: 'undelivered',
  13: 'failed',
  14: 'undelivered',
};
/** The person has switched off messages of this kind at the operator. */
const BLOCKED = '14';

/** A GET or a form with `messageid` and `status`; nothing is signed, so the address must hold the secret. */
async function readReport(request: ReportRequest, account: Account): Promise<ReportReading> {
  if (!(await hasCallbackSecret(request, account))) return refusedReport('the callback secret is missing or wrong');
  const fields = request.body === '' ? new URL(request.url).searchParams : new URLSearchParams(request.body);
  return reports(reportFrom(fields.get('messageid'), fields.get('status')));
}

function reportFrom(messageId: string | null, status: string | null): readonly DeliveryReport[] {
  const suppress = status === BLOCKED ? 'stop' : null;
  return reportOf(messageId, statusIn(STATUSES, status), { why: `status ${status}`, suppress });
}
