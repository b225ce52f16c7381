import type { Store } from '../../src/ports/store.ts';
import type { VerificationStore } from '../../src/ports/verification-store.ts';
import { storeWith, verificationsWith } from '../../src/service/store-with.ts';

/** Stores that break one promise on purpose. A test that stays green on its mutant proves nothing. */
function withVerifications(
  store: Store,
  change: (inner: VerificationStore) => Parameters<typeof verificationsWith>[1],
): Store {
  return storeWith(store, { verifications: verificationsWith(store.verifications, change(store.verifications)) });
}

/** Read, compute, write, without comparing the version: the last writer wins. */
export function withoutCompareAndSwap(store: Store): Store {
  return withVerifications(store, (inner) => ({
    async replace(record, version, changes) {
      const { record: present } = await inner.get(record.id);
      const current = present?.version ?? version;
      const written = await inner.replace({ ...record, version: current + 1 }, current, changes);
      // A swap that lost is told as won: what a store without compare-and-swap does.
      return written.type === 'conflict' ? { type: 'replaced' } : written;
    },
  }));
}

/** Forgets what a failed check costs the destination. */
export function withoutDestinationFailures(store: Store): Store {
  return withVerifications(store, (inner) => ({
    replace: (record, version, changes) => inner.replace(record, version, { ...changes, failed: null }),
  }));
}

/** Answers before the count is durable: the write of a wrong check is lost. */
export function withoutCounting(store: Store): Store {
  return withVerifications(store, (inner) => ({
    async replace(record, version, changes) {
      const wrong = changes.events.some((event) => event.type === 'check_failed');
      return wrong ? { type: 'replaced' } : inner.replace(record, version, changes);
    },
  }));
}

/** Takes no limit into account. */
export function withoutLimits(store: Store): Store {
  return withVerifications(store, (inner) => ({
    insert: (record, changes) => inner.insert(record, { ...changes, take: [] }),
  }));
}

/** Refills the checks with every message. */
export function withResendRefill(store: Store): Store {
  return withVerifications(store, (inner) => ({
    replace: (record, version, changes) =>
      inner.replace(changes.sends.length > 0 ? { ...record, checks: 0 } : record, version, changes),
  }));
}
