import type { DeliveryReport, ReportReading, ReportRequest } from '../../ports/channel.ts';
import { hasCallbackSecret } from '../provider/callback-secret.ts';
import { inboundMessages } from '../provider/inbound.ts';
import { phoneReports, UNSIGNED } from '../provider/phone.ts';
import { reports } from '../provider/reports.ts';
import { fromBase64, utf8, verifyHmac } from '../provider/signatures.ts';
import type { Account } from '../provider/spec.ts';

const STATUSES: Readonly<Record<string, DeliveryReport['status']>> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'undelivered',
  failed: 'failed',
  rejected: 'failed',
};

/** The recipient answered STOP to this sender. */
const STOPPED = '200';

type Pair = readonly [name: string, value: string];

/**
 * Reads a status callback or an incoming message (https://www.plivo.com/docs/messaging/api/message/message-status-callbacks). Plivo signs no time: a repeated
 * one tells the same again.
 */
export async function readPlivoReport(request: ReportRequest, account: Account): Promise<ReportReading> {
  if (!(await isGenuine(request, account))) return UNSIGNED;
  const fields = new Map(
    request.method === 'GET' ? new URL(request.url).searchParams : new URLSearchParams(request.body),
  );
  const field = (name: string): string | null => fields.get(name) ?? null;
  if (!fields.has('Status') && fields.has('Text'))
    return inboundMessages(account, [
      { messageId: field('MessageUUID'), from: field('From'), to: field('To'), text: field('Text') },
    ]);
  const code = field('ErrorCode');
  return reports(
    phoneReports('Plivo', STATUSES, {
      messageId: field('MessageUUID'),
      status: field('Status'),
      code,
      segments: field('Units'),
      price: { amount: field('TotalAmount'), currency: 'USD' },
      suppress: code === STOPPED ? 'stop' : null,
    }),
  );
}

async function isGenuine(request: ReportRequest, account: Account): Promise<boolean> {
  if (account.option('signature') !== 'v2') return await hasSignature(request, account, 'v3');
  const proofs = [hasSignature(request, account, 'v2'), hasCallbackSecret(request, account)];
  return !(await Promise.all(proofs)).includes(false);
}

/** Any of the comma-separated signatures may match: there is one per token while a token is being changed. */
async function hasSignature(request: ReportRequest, account: Account, version: 'v2' | 'v3'): Promise<boolean> {
  const nonce = request.header(`x-plivo-signature-${version}-nonce`) ?? '';
  const given = (request.header(`x-plivo-signature-${version}`) ?? '').split(',');
  const content = version === 'v3' ? `${contentV3(request)}.${nonce}` : addressOf(request) + nonce;
  const key = { hash: 'SHA-256', key: utf8(account.password) } as const;
  const checks = given.map((signature) => verifyHmac(key, utf8(content), fromBase64(signature)));
  return nonce !== '' && (await Promise.all(checks)).includes(true);
}

/** The address with its query sorted, then for a POST the sorted fields (https://www.plivo.com/docs/voice/concepts/signature-validation). */
function contentV3(request: ReportRequest): string {
  const query = sorted(new URL(request.url).searchParams).map(([name, value]) => `${name}=${value}`);
  const fields = request.method === 'GET' ? [] : sorted(new URLSearchParams(request.body)).map((pair) => pair.join(''));
  if (query.length === 0 && fields.length === 0) return addressOf(request);
  const dot = query.length > 0 && fields.length > 0 ? '.' : '';
  return `${addressOf(request)}?${query.join('&')}${dot}${fields.join('')}`;
}

function addressOf({ url }: ReportRequest): string {
  return url.replace(/[?#].*$/s, '');
}

function sorted(pairs: URLSearchParams): readonly Pair[] {
  return [...pairs].toSorted(([a, v], [b, w]) => (a === b ? order(v, w) : order(a, b)));
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
