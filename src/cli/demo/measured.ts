import { addTallies, type Measure, NOTHING, type Tally } from '../../core/statistics.ts';
import type { Changes } from '../../ports/verification-store.ts';
import type { Documents } from '../../ports/documents.ts';
import { addToStored, type Measurement, measureId } from '../../service/statistics/document.ts';
import { observed } from '../../service/statistics/observe.ts';
import type { Story } from './story.ts';

/** How the demo's providers fared, summed up as the service does it for real messages. */
export class Measured {
  readonly #sums = new Map<string, Measurement>();

  add({ record }: Story, changes: Changes): void {
    let sentAt: { readonly measure: Measure; readonly at: number } | null = null;
    for (const observation of observed(record, changes, () => 0)) {
      if (observation.type === 'tally') {
        this.#sum(observation.measure, observation.tally);
        sentAt = observation.sent ?? sentAt;
      } else if (sentAt !== null)
        this.#sum(sentAt.measure, { approved: 1, approveMs: Math.max(0, observation.at - sentAt.at) });
    }
  }

  #sum(measure: Measure, tally: Partial<Tally>): void {
    const id = measureId(measure);
    this.#sums.set(id, { measure, tally: addTallies(this.#sums.get(id)?.tally ?? NOTHING, tally) });
  }

  async store(documents: Documents, now: number): Promise<void> {
    for (const measurement of this.#sums.values()) await addToStored(documents, measurement, now);
  }
}
