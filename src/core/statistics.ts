import type { ChannelName } from './verification.ts';

const DAY_MS = 86_400_000;
/** Days that are looked at: what a provider did before says little of today. */
export const STATISTICS_DAYS = 7;

/** What is measured together: an application's messages of one day through one provider to one country (`-` = none). */
export interface Measure {
  readonly application: string;
  readonly provider: string;
  readonly channel: ChannelName;
  readonly country: string;
  /** Days since 1970, UTC, of the message. */
  readonly day: number;
}

/** Sums over messages; those of rare samples may be fractions. */
export interface Tally {
  /** Taken by the provider. */
  readonly sent: number;
  readonly delivered: number;
  readonly undelivered: number;
  /** Verifications that were approved with this as their last message. */
  readonly approved: number;
  /** From asking for the message to the provider's acceptance, summed. */
  readonly acceptMs: number;
  /** From acceptance to approval, summed. */
  readonly approveMs: number;
  /** Of `sent` and `approved`: those that kept the configured weights. */
  readonly heldOutSent: number;
  readonly heldOutApproved: number;
}

export const NOTHING: Tally = {
  sent: 0,
  delivered: 0,
  undelivered: 0,
  approved: 0,
  acceptMs: 0,
  approveMs: 0,
  heldOutSent: 0,
  heldOutApproved: 0,
};

const FIELDS = Object.keys(NOTHING) as readonly (keyof Tally)[];

export function addTallies(a: Tally, b: Partial<Tally>): Tally {
  const sum: Record<keyof Tally, number> = { ...a };
  for (const field of FIELDS) sum[field] = a[field] + (b[field] ?? 0);
  return sum;
}

export function dayOf(at: number): number {
  return Math.floor(at / DAY_MS);
}

/** Of what was sent, which part led to an approval; null when nothing was sent. */
export function conversionOf({ sent, approved }: Pick<Tally, 'sent' | 'approved'>): number | null {
  return sent === 0 ? null : Math.round((approved / sent) * 1000) / 1000;
}

/** Mean of a sum in seconds; null over nothing. */
export function meanSeconds(sumMs: number, count: number): number | null {
  return count === 0 ? null : Math.round(sumMs / count) / 1000;
}
