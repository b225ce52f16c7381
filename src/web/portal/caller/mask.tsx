import type { JSX } from 'hono/jsx/jsx-runtime';
import type { MaskedDestination } from '../../../core/verification.ts';

/** A destination as far as anybody sees it; left to right in every language, and breaking before the domain. */
export function Mask({ to }: { to: MaskedDestination }): JSX.Element {
  const [before = '', after] = to.masked.split('@');
  return (
    <span class="mask" dir="ltr">
      {before}
      {after === undefined ? null : (
        <>
          <wbr />@{after}
        </>
      )}
    </span>
  );
}

/** How the destination is spoken of: `the mobile ending 56`. */
export function spoken({ type, masked }: MaskedDestination): string {
  return type === 'email' ? `the mailbox ${masked}` : `the number ending ${masked.slice(-2)}`;
}
