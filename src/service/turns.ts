/** Work under one key runs one after another, in the order it came; different keys do not wait for each other. */
export interface Turns {
  /** What `work` answers or throws. */
  take<T>(key: string, work: () => Promise<T>): Promise<T>;
}

/** Turns within this process; what several processes must not do at once is the store's to decide. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return {
    take(key, work) {
      const mine = (last.get(key) ?? Promise.resolve()).then(work);
      const done = mine
        .catch(() => undefined)
        .then(() => {
          if (last.get(key) === done) last.delete(key);
        });
      last.set(key, done);
      return mine;
    },
  };
}
