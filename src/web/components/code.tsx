import type { JSX } from 'hono/jsx/jsx-runtime';

const BREAKS = /(?<=[_./,|()[\]{}?*+-])/;

/** A name or value of the API. Long ones may break after their punctuation; copying them gives the plain text. */
export function Code({ text }: { text: string }): JSX.Element {
  return (
    <code>
      <Breakable text={text} />
    </code>
  );
}

/** Text without spaces that may break after its punctuation. */
export function Breakable({ text }: { text: string }): JSX.Element {
  return (
    <>
      {text.split(BREAKS).map((part, index) => (
        <>
          {index === 0 ? null : <wbr />}
          {part}
        </>
      ))}
    </>
  );
}
