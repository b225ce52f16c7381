import type { JSX } from 'hono/jsx/jsx-runtime';
import { fill } from './locale.ts';
import { brandOf } from './page.tsx';
import type { Visit } from './visit.ts';

/** What happens from the first page to the return. */
export function Steps({ visit }: { visit: Visit }): JSX.Element {
  const { choose, sending, typing, back } = visit.language.words;
  return (
    <ol class="steps small">
      {[choose, sending, typing, fill(back, { brand: brandOf(visit) })].map((step) => (
        <li>{step}</li>
      ))}
    </ol>
  );
}
