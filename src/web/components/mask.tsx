import type { JSX } from 'hono/jsx/jsx-runtime';

/** A masked destination; it reads from left to right in every language, and breaks before the domain. */
export function Mask({ text }: { text: string }): JSX.Element {
  const [before = '', after] = text.split('@');
  return (
    <bdi dir="ltr" class="mask">
      {before}
      {after === undefined ? null : (
        <>
          <wbr />@{after}
        </>
      )}
    </bdi>
  );
}
