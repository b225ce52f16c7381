import type { VerificationEvent } from '../core/events.ts';
import type { Verification } from '../core/verification.ts';
import type { Store } from '../ports/store.ts';
import type { Changes } from '../ports/verification-store.ts';
import { storeWith, verificationsWith } from '../service/index.ts';

/** Told of every event this process committed, after its commit. What it throws changes nothing. */
export type Observer = (event: VerificationEvent, record: Verification) => void;

/** The store, with somebody looking on. */
export function observedStore(store: Store, observers: readonly Observer[]): Store {
  const { verifications } = store;

  function committed(record: Verification, { events }: Changes): void {
    for (const event of events) for (const observe of observers) tell(observe, event, record);
  }

  const watched = verificationsWith(verifications, {
    async insert(record, changes) {
      const outcome = await verifications.insert(record, changes);
      if (outcome.type === 'inserted') committed(record, changes);
      return outcome;
    },
    async replace(record, expectedVersion, changes) {
      const outcome = await verifications.replace(record, expectedVersion, changes);
      if (outcome.type === 'replaced') committed(record, changes);
      return outcome;
    },
  });
  return storeWith(store, { verifications: watched });
}

function tell(observe: Observer, event: VerificationEvent, record: Verification): void {
  try {
    observe(event, record);
  } catch {
    // The commit stands: an observer cannot undo it.
  }
}
