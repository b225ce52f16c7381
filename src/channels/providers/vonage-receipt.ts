import type { DeliveryReport, ReportReading, ReportRequest } from '../../ports/channel.ts';
import { textAt } from '../provider/answers.ts';
import { hasCallbackSecret } from '../provider/callback-secret.ts';
import { inboundMessages } from '../provider/inbound.ts';
import { phoneReports, STALE, UNSIGNED } from '../provider/phone.ts';
import { reports, timeOf } from '../provider/reports.ts';
import { fromHex, isFresh, utf8, verifyHmac } from '../provider/signatures.ts';
import type { Account } from '../provider/spec.ts';

const STATUSES: Readonly<Record<string, DeliveryReport['status']>> = {
  accepted: 'sent',
  buffered: 'sent',
  delivered: 'delivered',
  expired: 'undelivered',
  failed: 'failed',
  rejected: 'failed',
};

const HASHES = { sha1: 'SHA-1', sha256: 'SHA-256', sha512: 'SHA-512' } as const;

/**
 * Reads a delivery receipt or an incoming message (https://developer.vonage.com/en/messaging/sms/guides/delivery-receipts), by GET or POST as the account is
 * set. With a signature secret only signed ones count, else the secret in the address must be right.
 */
export async function readVonageReceipt(request: ReportRequest, account: Account): Promise<ReportReading> {
  const fields = fieldsOf(request);
  const secret = account.option('signature_secret');
  if (secret === null) return (await hasCallbackSecret(request, account)) ? read(fields, account) : UNSIGNED;
  if (!(await isSigned(fields, secret, account.option('signature_method')))) return UNSIGNED;
  return isFresh(fields.get('timestamp') ?? null, account.now()) ? read(fields, account) : STALE;
}

function read(fields: ReadonlyMap<string, string>, account: Account): ReportReading {
  const field = (name: string): string | null => fields.get(name) ?? null;
  const pushedAt = field('message-timestamp');
  const at = timeOf(pushedAt === null ? null : `${pushedAt.replace(' ', 'T')}Z`);
  if (!fields.has('status') && fields.has('text'))
    return inboundMessages(account, [
      { messageId: field('messageId'), from: field('msisdn'), to: field('to'), text: field('text'), at },
    ]);
  return reports(
    phoneReports('Vonage', STATUSES, {
      messageId: field('messageId'),
      status: field('status'),
      code: field('err-code'),
      at,
      price: { amount: field('price'), currency: 'EUR' },
    }),
  );
}

/** HMAC over `&name=value` of all other fields, sorted, with `&` and `=` of values made `_` (Vonage, “Signing messages”). */
async function isSigned(fields: ReadonlyMap<string, string>, secret: string, method: string | null): Promise<boolean> {
  const signed = [...fields]
    .filter(([name]) => name !== 'sig')
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `&${name}=${value.replace(/[&=]/g, '_')}`);
  const hash = HASHES[method === 'sha1' || method === 'sha512' ? method : 'sha256'];
  return await verifyHmac({ hash, key: utf8(secret) }, utf8(signed.join('')), fromHex(fields.get('sig') ?? ''));
}

function fieldsOf({ method, url, body, header }: ReportRequest): ReadonlyMap<string, string> {
  if (method === 'GET') return new Map(new URL(url).searchParams);
  if (!(header('content-type')?.includes('json') ?? false)) return new Map(new URLSearchParams(body));
  const json = JSON.parse(body) as unknown;
  const names = typeof json === 'object' && json !== null ? Object.keys(json) : [];
  return new Map(names.map((name) => [name, textAt(json, name) ?? '']));
}
