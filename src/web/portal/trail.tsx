import type { JSX } from 'hono/jsx/jsx-runtime';

/** One step of how far a code got; `note` says when, or why not. */
export interface TrailStep {
  readonly state: 'done' | 'now' | 'bad' | 'todo';
  readonly title: string;
  readonly note: JSX.Element | string;
}

/** How far a code got: downwards, or (`across`) from side to side. */
export function Trail({
  steps,
  look = 'down',
}: {
  steps: readonly TrailStep[];
  look?: 'down' | 'across';
}): JSX.Element {
  return (
    <ol class={look === 'across' ? 'trail trail-flat' : 'trail'}>
      {steps.map(({ state, title, note }) => (
        <li class={state}>
          <strong>{title}</strong>
          <span>{note}</span>
        </li>
      ))}
    </ol>
  );
}
