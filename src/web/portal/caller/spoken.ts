import type { MaskedDestination } from '../../../core/verification.ts';

/** How the destination is spoken of: `the mobile ending 56`. */
export function spoken({ type, masked }: MaskedDestination): string {
  return type === 'email' ? `the mailbox ${masked}` : `the number ending ${masked.slice(-2)}`;
}
