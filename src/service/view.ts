import type { Verification } from '../core/verification.ts';
import { verificationView, type VerificationView } from '../core/views.ts';
import type { ServiceDeps } from './deps.ts';
import { hostedUrl } from './hosted/link.ts';

/** The resource as of `now`, with the address of its page. */
export function viewOf(
  deps: Pick<ServiceDeps, 'ring' | 'settings'>,
  record: Verification,
  now: number,
): VerificationView {
  return verificationView(record, now, hostedUrl(deps, record));
}
