import type { DeliveryReport, PollAnswer, ReportReading } from '../../ports/channel.ts';
import { safeDetail } from '../safe-detail.ts';

type Details = Partial<Pick<DeliveryReport, 'at' | 'segments' | 'price' | 'suppress'>> & {
  readonly why?: string | null;
};

/** A report of one message; none when the status means nothing here or no message is named. `why` is made safe and kept for failures. */
export function reportOf(
  messageId: string | null,
  status: DeliveryReport['status'] | undefined,
  { at = null, segments = null, price = null, suppress = null, why = null }: Details = {},
): readonly DeliveryReport[] {
  if (messageId === null || messageId === '' || status === undefined) return [];
  const isFailure = status === 'undelivered' || status === 'failed';
  const error = isFailure && why !== null ? safeDetail(why, []) || null : null;
  return [{ messageId, status, at, error, segments, price, suppress }];
}

/** The report as the answer to a question; what has ended is not asked again. */
export function polled(found: readonly DeliveryReport[]): PollAnswer {
  const [report = null] = found;
  return { report, done: report !== null && report.status !== 'sent' };
}

/** A status looked up among those that mean something. */
export function statusIn(
  statuses: Readonly<Record<string, DeliveryReport['status']>>,
  name: string | null,
): DeliveryReport['status'] | undefined {
  return name !== null && Object.hasOwn(statuses, name) ? statuses[name] : undefined;
}

export function reports(found: readonly DeliveryReport[]): ReportReading {
  return { type: 'reports', reports: found };
}

export function refusedReport(reason: string): ReportReading {
  return { type: 'refused', reason };
}

/** Signed as it must be, and saying nothing that is known here. */
export function malformedReport(reason: string): ReportReading {
  return { type: 'malformed', reason };
}

/** A time as text (ISO 8601) or in seconds as epoch ms, null when it is neither. */
export function timeOf(value: string | null): number | null {
  if (value === null || value === '') return null;
  const at = /^\d{9,11}$/.test(value) ? Number(value) * 1000 : Date.parse(value);
  return Number.isFinite(at) ? at : null;
}

/** An amount and a currency as reports and sends carry it (`0.0075 USD`), null when either is odd. */
export function priceText(amount: string | null, currency: string | null): string | null {
  if (amount === null || currency === null) return null;
  return /^\d{1,9}(?:\.\d{1,10})?$/.test(amount) && /^[A-Z]{3}$/.test(currency) ? `${amount} ${currency}` : null;
}

/** A whole positive number as text, null when it is none. */
export function countOf(value: string | null): number | null {
  return value !== null && /^[1-9]\d{0,3}$/.test(value) ? Number(value) : null;
}
