import type { HostedFlow } from '../../service/api.ts';
import { baseUrl } from '../site.ts';
import type { Visit } from './visit.ts';

const LONGEST_STATE = 512;

/** What the address of the first page asks for: a registered return address, or none. Null = one that is not registered. */
export function askedReturn({ query, application }: Visit): { readonly returnUrl: string | null } | null {
  const asked = query.get('return_url');
  const { return_urls: registered } = application;
  // With one address there is no doubt where to go.
  if (asked === null) return { returnUrl: registered.length === 1 ? (registered[0] ?? null) : null };
  return registered.includes(asked) ? { returnUrl: asked } : null;
}

/** The address is one that a host application would write. */
export function isWellAsked(visit: Visit): boolean {
  return askedReturn(visit) !== null && (visit.query.get('state') ?? '').length <= LONGEST_STATE;
}

/** Where a flow ends with this outcome, or null when it ends here (also when its address is not registered any more). */
export function returnAddress(
  { application }: Visit,
  { returnUrl, state }: HostedFlow,
  outcome: { readonly result: string } | { readonly error: string },
): string | null {
  if (returnUrl === null || !application.return_urls.includes(returnUrl)) return null;
  const values = new URLSearchParams({ ...(state === null ? {} : { state }), ...outcome });
  return `${returnUrl}${returnUrl.includes('?') ? '&' : '?'}${values.toString()}`;
}

/** Origins that the forms of a flow may lead to. */
export function formTargets({ application, flow }: Visit): readonly string[] {
  const { returnUrl = null } = flow ?? {};
  return returnUrl !== null && application.return_urls.includes(returnUrl) ? [new URL(returnUrl).origin] : [];
}

/** Whether a flow ends on this very site, which can then see the session cookie. */
export function endsHere({ options }: Visit, { returnUrl, origin }: HostedFlow): boolean {
  // The caller of an agent proves who speaks, and signs in to nothing.
  if (returnUrl === null && origin === 'link') return false;
  return returnUrl === null || new URL(returnUrl).origin === new URL(baseUrl(options)).origin;
}
