import type { InboundMessage, ReportReading } from '../../ports/channel.ts';
import type { Account } from './spec.ts';

/** What a provider posted about a message of a person, in its own words. */
export interface InboundNews {
  readonly messageId: string | null;
  readonly from: string | null;
  /** The number it was written to. */
  readonly to: string | null;
  readonly text: string | null;
  readonly at?: number | null;
  readonly wish?: InboundMessage['wish'];
}

/** The messages among them that were written to this account's sender; others are somebody else's. */
export function inboundMessages(account: Account, news: readonly InboundNews[]): ReportReading {
  return { type: 'messages', messages: news.flatMap((one) => messageOf(account, one)) };
}

function messageOf(account: Account, news: InboundNews): readonly InboundMessage[] {
  const { messageId, text, at = null, wish = null } = news;
  const from = numberOf(news.from);
  if (from === null || text === null || messageId === null || !/^[\x21-\x7e]{1,200}$/.test(messageId)) return [];
  return isOurs(account.option('from'), news.to) ? [{ messageId, from, text, at, wish }] : [];
}

/** E.164; null for what no person writes from. */
function numberOf(from: string | null): string | null {
  const digits = (from ?? '').replace(/^whatsapp:/, '').replace(/^\+|^00/, '');
  return /^[1-9]\d{6,14}$/.test(digits) ? `+${digits}` : null;
}

/** Several senders of one account share its callbacks. A name, or a service that picks numbers, cannot be told from the number. */
function isOurs(sender: string | null, to: string | null): boolean {
  const [ours, theirs] = [digitsOf(sender), digitsOf(to)];
  if (ours === null || theirs === null) return true;
  return ours.endsWith(theirs) || theirs.endsWith(ours);
}

function digitsOf(number: string | null): string | null {
  return /^(?:whatsapp:)?\+?(\d{3,15})$/.exec(number ?? '')?.[1] ?? null;
}
