import { isHeldOut } from '../../core/adaptive.ts';
import type { VerificationEvent } from '../../core/events.ts';
import { STAFF_SIGN_IN } from '../../core/staff.ts';
import { dayOf, type Measure, type Tally } from '../../core/statistics.ts';
import type { Send, SendStatus, Verification } from '../../core/verification.ts';
import type { Changes } from '../../ports/verification-store.ts';

/** A message that a provider took, as far as statistics ask. */
export interface Sent {
  readonly measure: Measure;
  readonly at: number;
  readonly heldOut: boolean;
}

/** What a commit tells. `approved` still needs the verification's last message. */
export type Observation =
  | { readonly type: 'tally'; readonly measure: Measure; readonly tally: Partial<Tally>; readonly sent: Sent | null }
  | { readonly type: 'approved'; readonly at: number };

/** How many of 100 messages a provider's line holds out; 0 when it does not adapt. */
export type HoldOutOf = (provider: string) => number;

/** Reads a commit that was written. Test messages tell nothing of providers, and agents signing in are nobody's traffic. */
export function observed(record: Verification, { events, sendUpdate }: Changes, holdOut: HoldOutOf): Observation[] {
  if (record.mode !== 'live' || record.purpose === STAFF_SIGN_IN) return [];
  return events.flatMap((event): Observation[] => {
    if (event.type === 'approved') return [{ type: 'approved', at: event.createdAt }];
    const send = sendUpdate?.send;
    return send === undefined ? [] : observedSend(record, send, event, holdOut);
  });
}

function observedSend(record: Verification, send: Send, event: VerificationEvent, holdOut: HoldOutOf): Observation[] {
  if (event.type === 'sent') {
    const sent = sentOf(record, send, event.createdAt, holdOut);
    if (sent === null) return [];
    const acceptMs = Math.max(0, event.createdAt - send.createdAt);
    const tally = { sent: 1, acceptMs, ...(sent.heldOut ? { heldOutSent: 1 } : {}) };
    return [{ type: 'tally', measure: sent.measure, tally, sent }];
  }
  if (event.type !== 'delivered' && event.type !== 'undelivered') return [];
  const sent = lastSent(record, [send], holdOut);
  return sent === null ? [] : [{ type: 'tally', measure: sent.measure, tally: { [event.type]: 1 }, sent: null }];
}

const WENT_OUT: readonly SendStatus[] = ['accepted', 'sent', 'delivered', 'undelivered', 'failed'];

/** The last message of these that a provider took. */
export function lastSent(record: Verification, sends: readonly Send[], holdOut: HoldOutOf): Sent | null {
  const taken = sends.flatMap((send) => {
    const at = send.attempts.findLast(({ error }) => error === null)?.at;
    return at === undefined || !WENT_OUT.includes(send.status) ? [] : [{ send, at }];
  });
  const last = taken.toSorted((a, b) => a.at - b.at).at(-1);
  return last === undefined ? null : sentOf(record, last.send, last.at, holdOut);
}

function sentOf(record: Verification, send: Send, at: number, holdOut: HoldOutOf): Sent | null {
  const { provider, channel, application } = send;
  if (provider === null) return null;
  const measure = { application, provider, channel, country: record.to.country ?? '-', day: dayOf(at) };
  return { measure, at, heldOut: isHeldOut(send.id, holdOut(provider)) };
}
