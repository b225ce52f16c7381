import type { Store } from '../../src/ports/store.ts';

/** The store with its background tasks at work until it is closed, each begun again after it threw, as a worker does. */
export function withTasks(store: Store): Store {
  const over = new AbortController();
  const running = store.tasks.map(async (task) => {
    while (!over.signal.aborted) {
      await task.run(over.signal).catch(() => new Promise((resolve) => setTimeout(resolve, 50)));
    }
  });
  return {
    ...store,
    async close() {
      over.abort();
      await Promise.all(running);
      await store.close();
    },
  };
}
