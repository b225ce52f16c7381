import type { DeliveryReport, ReportReading, ReportRequest } from '../../ports/channel.ts';
import { textAt, member } from '../provider/answers.ts';
import { STALE, UNSIGNED } from '../provider/phone.ts';
import { countOf, malformedReport, reportOf, reports, statusIn, timeOf } from '../provider/reports.ts';
import { fromBase64, isFresh, utf8, verifyHmac } from '../provider/signatures.ts';

/** More signatures than any gateway sends. */
const MOST_SIGNATURES = 10;

const STATUSES: Readonly<Record<string, DeliveryReport['status']>> = {
  sent: 'sent',
  delivered: 'delivered',
  undelivered: 'undelivered',
  failed: 'failed',
};

/**
 * Reads what a gateway posts back, signed as it is itself called (Standard Webhooks, a secret of the DSN): `message.received`, what a
 * person wrote, and `message.report`, what became of a message.
 */
export async function readWebhookCallback(
  request: ReportRequest,
  { keys, now }: { readonly keys: readonly Uint8Array<ArrayBuffer>[]; readonly now: number },
): Promise<ReportReading> {
  const id = request.header('webhook-id') ?? '';
  const time = request.header('webhook-timestamp');
  if (!/^[\x21-\x7e]{1,200}$/.test(id) || time === null) return UNSIGNED;
  if (!(await isSigned(request, `${id}.${time}.${request.body}`, keys))) return UNSIGNED;
  if (!isFresh(time, now)) return STALE;
  const event = parsed(request.body);
  const data = member(event, 'data');
  switch (textAt(event, 'type')) {
    case 'message.received':
      return received(id, data);
    case 'message.report':
      return reported(data);
    default:
      return malformedReport('type must be message.received or message.report');
  }
}

async function isSigned(
  request: ReportRequest,
  content: string,
  keys: readonly Uint8Array<ArrayBuffer>[],
): Promise<boolean> {
  const given = (request.header('webhook-signature') ?? '').split(' ').slice(0, MOST_SIGNATURES);
  const signatures = given.filter((one) => one.startsWith('v1,')).map((one) => fromBase64(one.slice(3)));
  const checks = keys.flatMap((key) =>
    signatures.map((signature) => verifyHmac({ hash: 'SHA-256', key }, utf8(content), signature)),
  );
  return (await Promise.all(checks)).includes(true);
}

function received(messageId: string, data: unknown): ReportReading {
  const from = /^\+[1-9]\d{6,14}$/.exec(textAt(data, 'from') ?? '')?.[0];
  const text = textAt(data, 'text');
  if (from === undefined || text === null) return malformedReport('from (E.164) or text is missing');
  const at = timeOf(textAt(data, 'received_at'));
  return { type: 'messages', messages: [{ messageId, from, text, at, wish: null }] };
}

function reported(data: unknown): ReportReading {
  const status = statusIn(STATUSES, textAt(data, 'status'));
  if (status === undefined) return malformedReport(`status must be ${Object.keys(STATUSES).join(', ')}`);
  const news = {
    at: timeOf(textAt(data, 'at')),
    why: textAt(data, 'error'),
    segments: countOf(textAt(data, 'segments')),
  };
  return reports(reportOf(textAt(data, 'id'), status, news));
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return null;
  }
}
