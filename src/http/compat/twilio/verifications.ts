import { FACADES } from '../../../core/compat.ts';
import type { Problem } from '../../../core/errors.ts';
import type { VerificationView } from '../../../core/views.ts';
import { jsonReply, type Reply } from '../../reply.ts';
import type { FacadeCall, FacadeRoute } from '../facade.ts';
import { startOf } from './parameters.ts';
import { verificationResource } from './resources.ts';
import { isOwnService } from './services.ts';
import { idOfSid } from './sid.ts';
import { refuseAs, TWILIO } from './speech.ts';

const { purpose } = FACADES.twilio;
const ROOT = '/twilio/v2/Services/{service}/Verifications';
const CREATE = { short_id: true, resend_open: true, no_landline: true } as const;

export const VERIFICATION_ROUTES: readonly FacadeRoute[] = [
  { speech: TWILIO, method: 'POST', path: ROOT, scope: 'send', handle: create },
  { speech: TWILIO, method: 'GET', path: `${ROOT}/{sid}`, scope: 'read', handle: fetchOne },
  { speech: TWILIO, method: 'POST', path: `${ROOT}/{sid}`, scope: 'send', handle: update },
];

/** A new verification, or another message of the open one of this address. */
async function create(call: FacadeCall): Promise<Reply> {
  if (!isOwnService(call)) return refuseAs(call, 'missing');
  const read = startOf(call.fields);
  if (!read.ok) return refuseAs(call, read.error, read.about);
  const started = await call.service.verify.start(call.caller, { ...read.value, purpose, facade: CREATE });
  if (!started.ok) return refuseStart(call, started.problem, read.value.code !== undefined);
  const { verification, created } = started.value;
  const to = typeof read.value.to === 'string' ? { to: read.value.to } : {};
  return jsonReply(call, await withSends(call, verification, to, created), 201);
}

function refuseStart(call: FacadeCall, problem: Problem, customCode: boolean): Reply {
  const refused = customCode && problem.code === 'forbidden';
  return refused ? refuseAs(call, 'unsupported', '`CustomCode`') : TWILIO.refuse(call, problem);
}

/** By SID, or by the address while a verification of it is open. What is closed is gone, as in Twilio's API. */
async function fetchOne(call: FacadeCall): Promise<Reply> {
  const found = await findOpen(call);
  return found === null
    ? refuseAs(call, 'missing')
    : jsonReply(call, await withSends(call, found.view, found.to, false));
}

/** `canceled` ends a verification; `approved` too, where its caller brought the code. */
async function update(call: FacadeCall): Promise<Reply> {
  const found = await findOpen(call);
  if (found === null) return refuseAs(call, 'missing');
  const status = call.fields['Status'];
  if (status === 'approved') return approve(call, found);
  if (status !== 'canceled') return refuseAs(call, 'parameter', '`Status` is none of canceled, approved');
  const canceled = await call.service.verify.cancel(call.caller, found.view.id);
  if (!canceled.ok) return TWILIO.refuse(call, canceled.problem);
  return jsonReply(call, await withSends(call, canceled.value, found.to, false));
}

/** The caller compared the code that it brought. It is a check, so the key needs what a check needs. */
async function approve(call: FacadeCall, { view, to }: Open): Promise<Reply> {
  const { service, caller } = call;
  if (!caller.scopes.includes('check')) return refuseAs(call, 'forbidden');
  const approved = await service.verify.check(caller, view.id, { code: '', vouched: true, expected: { purpose } });
  if (!approved.ok && approved.problem.code === 'forbidden')
    return refuseAs(call, 'unsupported', 'approving a code that was not yours');
  if (!approved.ok) return TWILIO.refuse(call, approved.problem);
  const { result, verification } = approved.value;
  return result === 'approved'
    ? jsonReply(call, await withSends(call, verification, to, false))
    : refuseAs(call, 'missing');
}

interface Open {
  readonly view: VerificationView;
  readonly to: { readonly to?: string };
}

async function findOpen(call: FacadeCall): Promise<Open | null> {
  if (!isOwnService(call)) return null;
  const { service, caller, params } = call;
  const { sid = '' } = params;
  const id = idOfSid(sid);
  const to = id === null ? { to: sid } : {};
  const found =
    id === null ? await service.verify.findOpen(caller, { to: sid, purpose }) : await service.verify.get(caller, id);
  if (!found.ok || found.value.purpose !== purpose || found.value.status !== 'pending') return null;
  return { view: found.value, to };
}

/** The resource with its messages; a new verification has the one that its start asked for, which needs no look-up. */
async function withSends(
  call: FacadeCall,
  view: VerificationView,
  to: Open['to'],
  fresh: boolean,
): Promise<Record<string, unknown>> {
  const sends = fresh || view.sends <= 1 ? null : await call.service.records.sends(call.caller, view.id);
  return verificationResource(call, view, { ...to, ...(sends?.ok === true ? { sends: sends.value } : {}) });
}
