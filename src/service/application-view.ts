import { compatMode } from '../core/compat.ts';
import { timestamp, type ApplicationView } from '../core/views.ts';
import { twilioSid } from '../crypto/index.ts';
import type { Application } from '../ports/settings.ts';
import type { ApplicationsService } from './api.ts';
import type { Tenant } from './tenants.ts';

/** An application as the edges show it. */
export function applicationView(tenant: Pick<Tenant, 'application' | 'managed'>): ApplicationView {
  const { createdAt, ...fields } = tenant.application;
  return {
    ...fields,
    object: 'application',
    twilio: compatMode(fields.compat, 'twilio') === 'off' ? null : sidsOf(tenant.application),
    managed: Object.keys(tenant.managed?.fields ?? {}),
    created_at: timestamp(createdAt),
  };
}

type Sids = ReturnType<ApplicationsService['sids']>;

/** Asked for several times by each request of that dialect; there are as many as applications. */
const knownSids = new Map<string, Sids>();

/** What clients of Twilio’s dialect call it. */
export function sidsOf({ id }: Pick<Application, 'id'>): Sids {
  let sids = knownSids.get(id);
  if (sids === undefined) {
    sids = { account_sid: twilioSid('AC', id), service_sid: twilioSid('VA', id) };
    knownSids.set(id, sids);
  }
  return sids;
}
