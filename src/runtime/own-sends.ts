import type { Outbox } from '../ports/outbox.ts';
import type { Store } from '../ports/store.ts';
import { storeWith, verificationsWith } from '../service/index.ts';

/**
 * A store whose outbox only gives out sends of verifications that were started through it; others go back unchanged. For
 * commands that deliver by themselves: they must not carry other people's messages, least of all over a provider on trial.
 */
export function ownSendsOnly(store: Store): Store {
  const started = new Set<string>();
  const { verifications, outbox } = store;
  const own: Outbox = {
    async claim(now, limit, leaseMs) {
      const claimed = await outbox.claim(now, limit, leaseMs);
      const others = claimed.filter(({ send }) => !started.has(send.verification));
      await Promise.all(others.map(({ send }) => outbox.release(send, now)));
      return claimed.filter(({ send }) => started.has(send.verification));
    },
    claimOne: async (sendId, now, leaseMs) => {
      const claimed = await outbox.claimOne(sendId, now, leaseMs);
      if (claimed === null || started.has(claimed.send.verification)) return claimed;
      await outbox.release(claimed.send, now);
      return null;
    },
    begin: (send, until) => outbox.begin(send, until),
    release: (send, now) => outbox.release(send, now),
    backlog: () => outbox.backlog(),
  };
  const noting = verificationsWith(verifications, {
    insert(record, changes) {
      started.add(record.id);
      return verifications.insert(record, changes);
    },
  });
  return storeWith(store, { verifications: noting, outbox: own });
}
