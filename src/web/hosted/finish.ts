import type { HostedFlow, HostedState } from '../../service/api.ts';
import { leaveReply, redirectReply } from './reply.tsx';
import { endsHere, returnAddress } from './return-url.ts';
import { hostedPath, sessionCookie, type Visit } from './visit.ts';

interface Finished extends Pick<HostedState, 'verification'> {
  readonly receipt: string | null;
  /** Where it ends when it ends here; the page of the code without it. */
  readonly path?: string;
  readonly cookies?: readonly string[];
}

/** After an approval: the session where the flow ends here, then back to where it is to end. */
export async function finish(
  visit: Visit,
  flow: HostedFlow,
  { receipt, verification, path = hostedPath(visit, 'verify', { v: flow.id }), cookies: given = [] }: Finished,
): Promise<Response> {
  const onward = receipt === null ? null : returnAddress(visit, flow, { result: receipt });
  const cookies = [...given];
  // What test keys start proves nothing to anybody, as their receipts do not.
  if (flow.mode === 'live' && endsHere(visit, flow)) {
    // Always a new one: what the browser held before is worth nothing afterwards.
    if (visit.session !== null) await visit.service.hosted.signOut(visit.session);
    cookies.push(sessionCookie(visit, await visit.service.hosted.signIn(flow, verification)));
  }
  return onward === null ? redirectReply(visit, path, cookies) : leaveReply(visit, onward, cookies);
}
