import type { DeliveryReport, Message, ReportReading } from '../../ports/channel.ts';
import { countOf, priceText, refusedReport, statusIn } from './reports.ts';
import type { Account, OptionSpec } from './spec.ts';

/** What the sender of an SMS may look like: a number, a short code, or a name of up to 11 characters. */
export const SENDER = [/^(?:\+?\d{3,15}|[\w &+-]{1,11})$/, 'a number or a name of up to 11 characters'] as const;

/** The option of providers that are told with each message where to post its receipts. */
export const CALLBACK: OptionSpec = {
  doc: 'Address that receipts are posted to, `<public url>/callbacks/<scheme>`. Without it the provider uses what is set in its console.',
  pattern: [/^https?:\/\/[^\s@]{1,1900}$/, 'an http or https address'],
};

/** The number without its plus sign, as some providers want it. */
export function withoutPlus(number: string): string {
  return number.startsWith('+') ? number.slice(1) : number;
}

/** Seconds for which the code is still worth delivering, from `least` to `most`: providers drop what waited longer. */
export function secondsLeft(
  message: Message,
  account: Account,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  return Math.min(most, Math.max(least, Math.ceil((message.expiresAt - account.now()) / 1000)));
}

/** What a provider posted about one message or call, in its own words. */
export interface PhoneNews {
  readonly messageId: string | null;
  readonly status: string | null;
  /** The provider's error code. */
  readonly code?: string | null;
  readonly at?: number | null;
  readonly segments?: string | null;
  readonly price?: { readonly amount: string | null; readonly currency: string | null };
  readonly suppress?: DeliveryReport['suppress'];
}

/** The report of it; none when its status is not in `statuses` or no message is named. Odd values count as not told. */
export function phoneReports(
  title: string,
  statuses: Readonly<Record<string, DeliveryReport['status']>>,
  news: PhoneNews,
): readonly DeliveryReport[] {
  const { messageId, code = null, at = null, price, suppress = null } = news;
  const status = statusIn(statuses, news.status);
  if (status === undefined || messageId === null || !/^[\x21-\x7e]{1,200}$/.test(messageId)) return [];
  const isBad = status === 'undelivered' || status === 'failed';
  const error = isBad ? `${title}: ${reasonOf(code) ?? reasonOf(news.status) ?? status}` : null;
  return [
    {
      messageId,
      status,
      at,
      error,
      segments: countOf(news.segments ?? null),
      price: priceText(price?.amount ?? null, price?.currency ?? null),
      suppress,
    },
  ];
}

export const UNSIGNED: ReportReading = refusedReport('the signature is not right');
export const STALE: ReportReading = refusedReport('the signed time is more than five minutes off');

/** Codes are short numbers or words: nothing longer may hold a number or a code of the person. */
function reasonOf(code: string | null): string | null {
  return code !== null && /^(?:[1-9]\d{0,4}|[A-Za-z][A-Za-z_-]{1,59})$/.test(code) ? code : null;
}
