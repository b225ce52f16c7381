import type { Store } from '../ports/store.ts';
import type { VerificationStore } from '../ports/verification-store.ts';

/** The same store with some parts replaced. */
export function storeWith(store: Store, parts: Partial<Pick<Store, 'verifications' | 'outbox'>>): Store {
  return {
    verifications: store.verifications,
    outbox: store.outbox,
    records: store.records,
    applications: store.applications,
    keys: store.keys,
    directory: store.directory,
    idempotency: store.idempotency,
    inbox: store.inbox,
    destinations: store.destinations,
    documents: store.documents,
    queue: store.queue,
    tasks: store.tasks,
    health: () => store.health(),
    close: () => store.close(),
    ...parts,
  };
}

/** The same verifications with some calls replaced. */
export function verificationsWith(
  verifications: VerificationStore,
  calls: Partial<Pick<VerificationStore, 'insert' | 'replace'>>,
): VerificationStore {
  return {
    time: () => verifications.time(),
    get: (id, need) => verifications.get(id, need),
    newestOpen: (subject) => verifications.newestOpen(subject),
    due: (now, limit) => verifications.due(now, limit),
    insert: (record, changes) => verifications.insert(record, changes),
    replace: (record, expectedVersion, changes) => verifications.replace(record, expectedVersion, changes),
    ...calls,
  };
}
