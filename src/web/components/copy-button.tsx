import type { JSX } from 'hono/jsx/jsx-runtime';

/** Copies the field with the id `field`; `what` says to screen readers what that is. Hidden until the script `COPY` of the page runs. */
export function CopyButton({ field, what }: { field: string; what: string }): JSX.Element {
  return (
    <button class="btn" type="button" data-copy={field} hidden>
      Copy<span class="visually-hidden"> {what}</span>
    </button>
  );
}
