import type { Fact } from '../events.ts';
import type { Send, SendStatus, Verification } from '../verification.ts';
import type { Step } from './step.ts';

/** What a provider says later about a message it took. */
export interface SendNews {
  readonly status: Extract<SendStatus, 'sent' | 'delivered' | 'undelivered' | 'failed'>;
  readonly error: string | null;
  readonly segments: number | null;
  readonly cost: string | null;
}

/** News only lead forward, in whatever order they come: nothing follows an end. */
const RANK: Readonly<Record<SendStatus, number>> = {
  queued: 0,
  accepted: 1,
  sent: 2,
  delivered: 3,
  undelivered: 3,
  failed: 3,
  dropped: 3,
};

/**
 * Notes the news on the message; null when they say nothing new. The verification itself only gets a newer version: no report
 * ever approves, closes or opens one.
 */
export function sendReported(
  record: Verification,
  send: Send,
  news: SendNews,
): { readonly step: Step<'noted'>; readonly send: Send } | null {
  const moves = RANK[news.status] > RANK[send.status];
  // Some providers tell of every part by itself: less than was counted proves nothing, more is what they charge for.
  const segments = news.segments === null ? send.segments : Math.max(send.segments ?? 0, news.segments);
  // An estimate by a price list gives way to what the provider says.
  const cost = news.cost ?? send.cost;
  if (!moves && segments === send.segments && cost === send.cost) return null;
  const status = moves ? news.status : send.status;
  const error = moves && news.error !== null ? news.error : send.error;
  return {
    step: {
      next: { ...record, version: record.version + 1 },
      outcome: 'noted',
      facts: moves ? factsOf(send, news) : [],
      sends: [],
      dropQueued: false,
    },
    send: { ...send, status, error, segments, cost },
  };
}

function factsOf(send: Send, { status, error }: SendNews): readonly Fact[] {
  const about = { send: send.id, channel: send.channel, provider: send.provider };
  if (status === 'delivered') return [{ type: 'delivered', data: about }];
  if (status === 'undelivered' || status === 'failed')
    return [{ type: 'undelivered', data: { ...about, reason: error } }];
  return [];
}
