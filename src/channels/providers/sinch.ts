import type { DeliveryReport, ReportReading, ReportRequest } from '../../ports/channel.ts';
import { acceptedWithId, isSuccess, member, refusal, textAt } from '../provider/answers.ts';
import { CALLBACK_SECRET, hasCallbackSecret } from '../provider/callback-secret.ts';
import { inboundMessages } from '../provider/inbound.ts';
import { countOf, refusedReport, reportOf, reports, statusIn, timeOf } from '../provider/reports.ts';
import { jsonRequest } from '../provider/requests.ts';
import { fromBase64, isFresh, utf8, verifyHmac } from '../provider/signatures.ts';
import type { Account, ProviderAnswer, ProviderSpec } from '../provider/spec.ts';

/** Sinch SMS, REST API with an API token (https://developers.sinch.com/docs/sms/api-reference/). */
export const SINCH: ProviderSpec = {
  scheme: 'sinch',
  title: 'Sinch',
  channels: ['sms'],
  host: (option) => `${option('region') ?? 'us'}.sms.api.sinch.com`,
  user: 'service plan id',
  password: 'API token',
  options: {
    from: {
      doc: 'Sending number, short code or up to 11 letters and digits.',
      required: true,
      pattern: [/^(?:\+?\d{3,15}|[A-Za-z0-9 ]{1,11})$/, 'a number or up to 11 letters and digits'],
      example: '%2B12025550142',
    },
    region: {
      doc: 'Where the service plan lives: `us` (default), `eu`, `au`, `br` or `ca`.',
      pattern: [/^(?:us|eu|au|br|ca)$/, 'us, eu, au, br or ca'],
      example: 'eu',
    },
    callback: {
      doc: 'Where delivery reports go; without it none are asked for.',
      pattern: [/^https?:\/\/\S{4,500}$/, 'a web address'],
    },
    webhook_secret: { doc: 'Secret with which Sinch signs callbacks, if it was set up for the service plan.' },
    callback_secret: CALLBACK_SECRET,
  },
  errors: {
    syntax_invalid_json: 'rejected',
    syntax_invalid_parameter_format: 'rejected',
    'syntax_invalid_parameter_format (to)': 'invalid_destination',
    syntax_constraint_violation: 'rejected',
    'syntax_constraint_violation (to)': 'invalid_destination',
    unauthorized: 'misconfigured',
    unknown_group: 'misconfigured',
    unknown_campaign: 'misconfigured',
    missing_callback_url: 'misconfigured',
  },
  receipts: 'callback',
  tells: { segments: 'report' },
  priceUnit: 'per message part, by country',
  request(message, account) {
    const callback = account.option('callback');
    const body = {
      type: 'mt_text',
      from: message.from ?? account.option('from') ?? '',
      to: [message.to],
      body: message.text,
      client_reference: message.sendId,
      expire_at: new Date(message.expiresAt).toISOString(),
      ...(callback === null ? {} : { delivery_report: 'per_recipient', callback_url: callback }),
    };
    const url = `/xms/v1/${encodeURIComponent(account.user)}/batches`;
    return jsonRequest(url, body, { authorization: `Bearer ${account.password}` });
  },
  outcome(answer, account) {
    if (isSuccess(answer)) return acceptedWithId(SINCH, member(answer.json, 'id'));
    const words = textAt(answer.json, 'text') ?? '';
    return refusal(SINCH, answer, { code: codeOf(answer, words), words, secrets: [account.user, account.password] });
  },
  report: readReport,
};

/** A syntax error names the field it is about in its words: the number is the only part that a person typed. */
function codeOf(answer: ProviderAnswer, words: string): string | null {
  const code = textAt(answer.json, 'code');
  return code !== null && code.startsWith('syntax_') && /['"`]?\bto\b['"`]?(?:\[|'|"|`|:)/.test(words)
    ? `${code} (to)`
    : code;
}

const STATUSES: Readonly<Record<string, DeliveryReport['status']>> = {
  Queued: 'sent',
  Dispatched: 'sent',
  Delivered: 'delivered',
  Aborted: 'failed',
  Cancelled: 'failed',
  Rejected: 'failed',
  Deleted: 'undelivered',
  Failed: 'undelivered',
  Expired: 'undelivered',
};

async function readReport(request: ReportRequest, account: Account): Promise<ReportReading> {
  const problem = await signatureProblem(request, account);
  if (problem !== null) return refusedReport(problem);
  const report: unknown = JSON.parse(request.body);
  if (textAt(report, 'type') === 'mo_text')
    return inboundMessages(account, [
      {
        messageId: textAt(report, 'id'),
        from: textAt(report, 'from'),
        to: textAt(report, 'to'),
        text: textAt(report, 'body'),
        at: timeOf(textAt(report, 'received_at')),
      },
    ]);
  if (textAt(report, 'type') !== 'recipient_delivery_report_sms') return reports([]);
  const code = textAt(report, 'code');
  return reports(
    reportOf(textAt(report, 'batch_id'), statusIn(STATUSES, textAt(report, 'status')), {
      at: timeOf(textAt(report, 'operator_status_at') ?? textAt(report, 'at')),
      why: code === null ? null : `code ${code}`,
      segments: countOf(textAt(report, 'number_of_message_parts')),
    }),
  );
}

async function signatureProblem(request: ReportRequest, account: Account): Promise<string | null> {
  const secret = account.option('webhook_secret');
  if (secret === null)
    return (await hasCallbackSecret(request, account)) ? null : 'the callback secret is missing or wrong';
  const time = request.header('x-sinch-webhook-signature-timestamp');
  const content = `${request.body}.${request.header('x-sinch-webhook-signature-nonce') ?? ''}.${time ?? ''}`;
  const signature = fromBase64(request.header('x-sinch-webhook-signature') ?? '');
  const isRight = await verifyHmac({ hash: 'SHA-256', key: utf8(secret) }, utf8(content), signature);
  if (!isRight) return 'the signature is wrong';
  return isFresh(time, account.now()) ? null : 'the signed time is too far off';
}
