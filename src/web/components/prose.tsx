import type { JSX } from 'hono/jsx/jsx-runtime';
import { Code } from './code.tsx';

/** One line of text in which `backticks` mark code. */
export function Inline({ text }: { text: string }): JSX.Element {
  return <>{text.split('`').map((part, index) => (index % 2 === 1 ? <Code text={part} /> : part))}</>;
}

/** Paragraphs, divided by blank lines. */
export function Prose({ text }: { text: string }): JSX.Element {
  return (
    <>
      {text.split(/\n\s*\n/).map((paragraph) => (
        <p class="measure">
          <Inline text={paragraph} />
        </p>
      ))}
    </>
  );
}
