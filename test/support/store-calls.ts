import type { Store } from '../../src/ports/store.ts';

/** A store that keeps the names of what it was asked, for `WorldOptions.mutate`. */
export function countStoreCalls() {
  const calls: string[] = [];

  function watched<Part extends object>(part: Part, path: string): Part {
    return new Proxy(part, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        const name = `${path}${String(key)}`;
        if (typeof value === 'object' && value !== null) return watched(value, `${name}.`);
        if (typeof value !== 'function') return value;
        return (...given: unknown[]): unknown => {
          calls.push(name);
          return Reflect.apply(value, target, given);
        };
      },
    });
  }

  /** What the store is asked while something happens. */
  async function during<T>(act: () => Promise<T>): Promise<{ readonly answer: T; readonly asked: readonly string[] }> {
    calls.length = 0;
    const answer = await act();
    return { answer, asked: [...calls] };
  }

  return { mutate: (store: Store): Store => watched(store, ''), during };
}
