import type { JSX } from 'hono/jsx/jsx-runtime';

/** A masked destination; it reads from left to right in every language. */
export function Mask({ text }: { text: string }): JSX.Element {
  return (
    <bdi dir="ltr" class="mask">
      {text}
    </bdi>
  );
}
