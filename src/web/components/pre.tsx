import type { PropsWithChildren } from 'hono/jsx';
import type { JSX } from 'hono/jsx/jsx-runtime';

/** Text to copy. It scrolls by keyboard, so it is a region; give every one on a page another label. */
export function Pre({ label, children }: PropsWithChildren<{ label: string }>): JSX.Element {
  return (
    <pre class="pre" tabindex={0} role="region" aria-label={label}>
      {children}
    </pre>
  );
}
