import type { JSX } from 'hono/jsx/jsx-runtime';

/** A time of day, UTC: the server does not know the reader's zone, so the page names it once. */
export function Clock({ at }: { at: number }): JSX.Element {
  const text = new Date(at).toISOString();
  return <time datetime={text}>{text.slice(11, 19)}</time>;
}
