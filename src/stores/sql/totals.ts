import { STAFF_SIGN_IN } from '../../core/staff.ts';
import type { VerificationEvent } from '../../core/events.ts';
import type { Mode, Verification } from '../../core/verification.ts';

const DAY_MS = 86_400_000;

/** One daily total and how much a batch adds to it. */
export interface TotalDelta {
  readonly application: string;
  readonly day: string;
  readonly mode: Mode;
  readonly channel: string;
  readonly country: string;
  readonly kind: string;
  count: number;
}

/** What one batch adds to the daily totals, summed up so that each total is written once. */
export class TotalDeltas {
  readonly #deltas: TotalDelta[] = [];

  /** One more of each event's type, under the record's channel and country. Agents' signing in is no traffic. */
  addEvents(record: Verification, events: readonly VerificationEvent[]): void {
    if (record.purpose === STAFF_SIGN_IN) return;
    for (const event of events) {
      this.add({
        application: record.application,
        day: utcDay(event.createdAt),
        mode: record.mode,
        channel: record.channel,
        country: record.to.country ?? '',
        kind: event.type,
        count: 1,
      });
    }
  }

  add(delta: TotalDelta): void {
    // A batch has few different totals: comparing is cheaper than making a key.
    const known = this.#deltas.find((other) => isSameTotal(other, delta));
    if (known === undefined) this.#deltas.push(delta);
    else known.count += delta.count;
  }

  values(): Iterable<TotalDelta> {
    return this.#deltas;
  }
}

function isSameTotal(a: TotalDelta, b: TotalDelta): boolean {
  return (
    a.kind === b.kind &&
    a.country === b.country &&
    a.channel === b.channel &&
    a.application === b.application &&
    a.mode === b.mode &&
    a.day === b.day
  );
}

let lastDay = -1;
let lastText = '';

/** `YYYY-MM-DD` in UTC. */
export function utcDay(ms: number): string {
  const day = Math.floor(ms / DAY_MS);
  if (day !== lastDay) {
    lastDay = day;
    lastText = new Date(day * DAY_MS).toISOString().slice(0, 10);
  }
  return lastText;
}
