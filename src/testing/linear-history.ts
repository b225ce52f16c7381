/** What one record holds, as far as a history looks at it. */
export interface Register {
  readonly version: number;
  readonly value: number;
}

/** A read with what it saw, or a swap of `expected` for `value` with what it was told (`unknown`: no answer came). */
export type Action =
  | { readonly type: 'read'; readonly saw: Register }
  | {
      readonly type: 'swap';
      readonly expected: number;
      readonly value: number;
      readonly outcome: 'won' | 'lost' | 'unknown';
    };

/** An action with the moments of its call and of its answer, from one counter; null when no answer came. */
export interface Operation {
  readonly called: number;
  readonly answered: number | null;
  readonly action: Action;
}

/**
 * Whether some order of the operations explains every answer: each takes effect at one moment between its call and its
 * answer, an unanswered swap at any later moment or never. Searches all orders (after Wing and Gong, with the states already
 * seen left out, after Lowe); meant for histories of a few dozen operations.
 */
export function isLinearizable(history: readonly Operation[], initial: Register): boolean {
  const dead = new Set<string>();
  const all = new Set(history.keys());
  return explains(all, initial);

  function explains(left: ReadonlySet<number>, state: Register): boolean {
    if ([...left].every((index) => history[index]?.answered === null)) return true;
    const key = `${[...left].join()}|${state.version}|${state.value}`;
    if (dead.has(key)) return false;
    for (const index of mayBeNext(left)) {
      const next = after(history[index], state);
      const rest = new Set(left);
      rest.delete(index);
      if (next !== null && explains(rest, next)) return true;
    }
    dead.add(key);
    return false;
  }

  /** Those that no other one left had already ended before. */
  function mayBeNext(left: ReadonlySet<number>): readonly number[] {
    const firstEnd = Math.min(...[...left].map((index) => history[index]?.answered ?? Infinity));
    return [...left].filter((index) => (history[index]?.called ?? 0) <= firstEnd);
  }
}

/** The state after an operation, or null when it could not have answered so in this state. */
function after(operation: Operation | undefined, state: Register): Register | null {
  if (operation === undefined) return null;
  const { action } = operation;
  if (action.type === 'read')
    return action.saw.version === state.version && action.saw.value === state.value ? state : null;
  const fits = action.expected === state.version;
  if (action.outcome === 'lost') return fits ? null : state;
  // An unanswered swap that would change nothing now may as well wait, or never happen.
  if (!fits) return null;
  return { version: state.version + 1, value: action.value };
}
