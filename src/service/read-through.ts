import { isFresh } from '../core/fresh.ts';
import type { Environment } from '../ports/environment.ts';

/** What was read last, by name. A change by another instance shows when it is read again. */
export interface ReadThrough<V> {
  /**
   * Read again by `load` when what is known is too old; `load` is given what was known before, null for the first time. Who asks
   * while it is being read waits for the same answer.
   */
  of(name: string, load: (before: V | null) => Promise<V>): Promise<V>;
  /** Read it, or everything, again whatever its age: after a write by this instance. */
  forget(name?: string): void;
}

export interface ReadThroughOptions {
  /** How long an answer stands, ms. */
  readonly forMs: number;
  /** Whether what was read before stands in for what cannot be read now; else the failure is told. */
  readonly oldIfFailed?: boolean;
}

interface Entry<V> {
  at: number;
  readonly value: Promise<V>;
  /** What the last read that succeeded gave. */
  last: { readonly value: V } | null;
}

/** A cache of as many names as there are applications. */
export function readThrough<V>(
  { now }: Pick<Environment, 'now'>,
  { forMs, oldIfFailed = false }: ReadThroughOptions,
): ReadThrough<V> {
  const known = new Map<string, Entry<V>>();

  function outdate(entry: Entry<V>): void {
    entry.at = Number.NEGATIVE_INFINITY;
  }

  return {
    of(name, load) {
      const at = now();
      const before = known.get(name);
      if (before !== undefined && isFresh(before.at, at, forMs)) return before.value;
      const last = before?.last ?? null;
      const loaded = load(last === null ? null : last.value);
      const value = oldIfFailed && last !== null ? loaded.catch(() => last.value) : loaded;
      const entry: Entry<V> = { at, value, last };
      known.set(name, entry);
      value.then(
        (read) => (entry.last = { value: read }),
        () => outdate(entry),
      );
      return value;
    },
    forget(name) {
      for (const [each, entry] of known) if (name === undefined || each === name) outdate(entry);
    },
  };
}
