import type { DeliveryReport, ReportReading, ReportRequest } from '../../ports/channel.ts';
import { textAt } from '../provider/answers.ts';
import { inboundMessages, type InboundNews } from '../provider/inbound.ts';
import { phoneReports, UNSIGNED } from '../provider/phone.ts';
import { reports, timeOf } from '../provider/reports.ts';
import { fromBase64, sha256Hex, utf8, verifyHmac } from '../provider/signatures.ts';
import type { Account } from '../provider/spec.ts';

/** Statuses of messages and of calls; earlier ones tell nothing new. */
export const TWILIO_STATUSES: Readonly<Record<string, DeliveryReport['status']>> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'undelivered',
  failed: 'failed',
  canceled: 'failed',
  'in-progress': 'sent',
  completed: 'delivered',
  busy: 'undelivered',
  'no-answer': 'undelivered',
};

/** The recipient answered STOP to this sender. */
export const STOPPED = '21610';

/** Reads a status callback or an incoming message. Twilio signs the address and the content but no time: a repeated one tells the same again. */
export async function readTwilioReport(request: ReportRequest, account: Account): Promise<ReportReading> {
  const token = account.option('auth_token') ?? account.password;
  if (!(await isSigned(request, token))) return UNSIGNED;
  const fields = fieldsOf(request);
  const first = (...names: readonly string[]): string | null =>
    names.map((name) => textAt(fields, name)).find((value) => value !== null) ?? null;
  if (first('SmsStatus', 'MessageStatus') === 'received') return inboundMessages(account, [messageOf(first)]);
  const code = first('ErrorCode');
  return reports(
    phoneReports('Twilio', TWILIO_STATUSES, {
      messageId: first('MessageSid', 'SmsSid', 'CallSid'),
      status: first('MessageStatus', 'SmsStatus', 'CallStatus'),
      code,
      at: timeOf(first('Timestamp')),
      segments: first('NumSegments'),
      suppress: code === STOPPED ? 'stop' : null,
    }),
  );
}

/** An incoming message. With Advanced Opt-Out Twilio says itself what a keyword of the account means. */
function messageOf(first: (...names: readonly string[]) => string | null): InboundNews {
  const wish = { STOP: 'stop', START: 'start' } as const;
  const type = first('OptOutType');
  return {
    messageId: first('MessageSid', 'SmsSid'),
    from: first('From'),
    to: first('To'),
    text: first('Body'),
    wish: type === 'STOP' || type === 'START' ? wish[type] : null,
  };
}

/** `X-Twilio-Signature` (https://www.twilio.com/docs/usage/security): the address and sorted fields, or the address with the body's hash. */
async function isSigned(request: ReportRequest, token: string): Promise<boolean> {
  const signature = fromBase64(request.header('x-twilio-signature') ?? '');
  const content = await signedContent(request);
  if (content === null) return false;
  const key = { hash: 'SHA-1', key: utf8(token) } as const;
  const checks = spellings(request.url).map((url) => verifyHmac(key, utf8(url + content), signature));
  return (await Promise.all(checks)).includes(true);
}

/** What is signed after the address; null when the body is not the one whose hash the address names. */
async function signedContent(request: ReportRequest): Promise<string | null> {
  const hash = queryOf(request).get('bodySHA256');
  if (hash !== null) return hash.toLowerCase() === (await sha256Hex(utf8(request.body))) ? '' : null;
  if (request.method === 'GET') return '';
  const pairs = [...new URLSearchParams(request.body)].map(([name, value]) => ({ name, value }));
  pairs.sort((a, b) => order(a.name, b.name) || order(a.value, b.value));
  const isRepeated = (place: number): boolean =>
    pairs[place - 1]?.name === pairs[place]?.name && pairs[place - 1]?.value === pairs[place]?.value;
  return pairs.map(({ name, value }, place) => (place > 0 && isRepeated(place) ? '' : name + value)).join('');
}

/** The address with and without its port: Twilio has signed either. */
function spellings(url: string): readonly string[] {
  const [, scheme = '', host = '', rest = ''] = /^(https?:\/\/)(\[[^\]]*\]|[^:/?#]*)(?::\d+)?(.*)$/is.exec(url) ?? [];
  const port = scheme.toLowerCase() === 'https://' ? ':443' : ':80';
  return [...new Set([url, scheme + host + rest, scheme + host + port + rest])];
}

function fieldsOf(request: ReportRequest): unknown {
  if (request.method === 'GET') return Object.fromEntries(queryOf(request));
  const isJson = request.header('content-type')?.includes('json') ?? false;
  return isJson ? (JSON.parse(request.body) as unknown) : Object.fromEntries(new URLSearchParams(request.body));
}

function queryOf({ url }: ReportRequest): URLSearchParams {
  return URL.canParse(url) ? new URL(url).searchParams : new URLSearchParams();
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
