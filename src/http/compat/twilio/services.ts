import { FACADES } from '../../../core/compat.ts';
import { jsonReply, type Reply } from '../../reply.ts';
import type { FacadeCall, FacadeRoute } from '../facade.ts';
import { baseOf, second } from './resources.ts';
import { refuseAs, TWILIO } from './speech.ts';

const ROOT = '/twilio/v2/Services';

/** The application as Twilio's clients see it: one service, to be read only. */
export const SERVICE_ROUTES: readonly FacadeRoute[] = [
  { speech: TWILIO, method: 'GET', path: ROOT, scope: 'read', handle: list },
  { speech: TWILIO, method: 'GET', path: `${ROOT}/{service}`, scope: 'read', handle: fetchOne },
];

async function list(call: FacadeCall): Promise<Reply> {
  const url = `${baseOf(call)}/Services?PageSize=50&Page=0`;
  const meta = {
    page: 0,
    page_size: 50,
    first_page_url: url,
    previous_page_url: null,
    url,
    next_page_url: null,
    key: 'services',
  };
  return jsonReply(call, { meta, services: [await resource(call)] });
}

async function fetchOne(call: FacadeCall): Promise<Reply> {
  return isOwnService(call) ? jsonReply(call, await resource(call)) : refuseAs(call, 'missing');
}

/** Whether the path names the caller's own service; any other is as good as unknown. */
export function isOwnService({ params, service, caller }: FacadeCall): boolean {
  return params['service'] === service.applications.sids(caller.application).service_sid;
}

async function resource(call: FacadeCall): Promise<Record<string, unknown>> {
  const { service, caller } = call;
  const { application } = caller;
  const { account_sid, service_sid } = service.applications.sids(application);
  const policy = await service.applications.policy(caller, FACADES.twilio.purpose);
  const created = second(new Date(application.createdAt).toISOString());
  const url = `${baseOf(call)}/Services/${service_sid}`;
  return {
    sid: service_sid,
    account_sid,
    friendly_name: application.brand,
    code_length: policy.ok ? policy.value.code.length : null,
    lookup_enabled: false,
    psd2_enabled: true,
    skip_sms_to_landlines: true,
    dtmf_input_required: false,
    tts_name: null,
    do_not_share_warning_enabled: true,
    custom_code_enabled: policy.ok && policy.value.custom_code,
    push: null,
    totp: null,
    default_template_sid: null,
    whatsapp: null,
    passkeys: null,
    verify_event_subscription_enabled: false,
    date_created: created,
    date_updated: created,
    url,
    links: { verifications: `${url}/Verifications`, verification_checks: `${url}/VerificationCheck` },
  };
}
