import type { MaskedDestination } from '../../../core/verification.ts';

/** How the destination is spoken of: `the number ending 56`, `the mailbox beginning with do at tidewater.example`. */
export function spoken({ type, masked }: MaskedDestination): string {
  if (type !== 'email') return `the number ending ${masked.slice(-2)}`;
  const [local = '', domain = ''] = masked.split('@');
  const begin = local.replaceAll('•', '');
  return `the mailbox ${begin === '' ? '' : `beginning with ${begin} `}at ${domain}`;
}
