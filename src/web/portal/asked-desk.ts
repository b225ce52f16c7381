import { isInNetworks } from '../../core/networks.ts';
import type { Caller } from '../../service/api.ts';
import { deskCookie } from './cookies.ts';
import { NOT_FOUND, type Answer } from './route.ts';
import type { Guest } from './visit.ts';

type Application = Caller['application'];

/** Said to browsers outside the networks of a desk, signed in or not. */
export const ELSEWHERE: Answer = { status: 403, detail: 'This desk is not used from your network.' };

/** The application whose desk is meant, or what to answer when there is none or the browser may not see it from where it is. */
export type AskedDesk = { readonly application: Application } | { readonly refused: Answer };

/** By `app`, else the one this browser used before, else `default`. */
export async function askedDesk(guest: Guest, app: string): Promise<AskedDesk> {
  const application = await applicationOf(guest, app);
  if (application === null) return { refused: NOT_FOUND };
  return isElsewhere(guest, application) ? { refused: ELSEWHERE } : { application };
}

/** Whether the browser is outside the networks from which this desk is used. */
export function isElsewhere({ browser }: Guest, { desk_networks: networks }: Application): boolean {
  return !isInNetworks(networks, browser.ip);
}

async function applicationOf({ service, options, request }: Guest, app: string): Promise<Application | null> {
  if (app !== '') return service.applications.find(app);
  const before = await service.applications.find(deskCookie(request, options, 'application'));
  return before ?? service.applications.find('default');
}
