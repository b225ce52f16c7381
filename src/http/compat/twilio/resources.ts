import type { ListView, SendView, VerificationView } from '../../../core/views.ts';
import type { ChannelName } from '../../../core/verification.ts';
import type { FacadeCall } from '../facade.ts';
import { attemptSid, sidOfId } from './sid.ts';

/** Twilio's word for a channel of ours. */
function channelWord(channel: ChannelName): string {
  return channel === 'voice' ? 'call' : channel;
}

/** Where the façade is, without a slash at the end. */
export function baseOf({ options, request }: Pick<FacadeCall, 'options' | 'request'>): string {
  return `${options.publicUrl ?? originOf(request.url)}/twilio/v2`;
}

/** Of an absolute address that was parsed already; parsing it again costs more than the rest of a resource. */
function originOf(url: string): string {
  return url.slice(0, url.indexOf('/', url.indexOf('//') + 2));
}

/** ISO 8601 without fractions, as that API writes times. */
export function second(time: string): string {
  return `${time.slice(0, 19)}Z`;
}

/** What every resource has; a fresh object, for spreading this many fields costs more than the rest of it. */
function common(call: FacadeCall, view: VerificationView, sid: string, to: string): Record<string, unknown> {
  const { account_sid, service_sid } = call.service.applications.sids(call.caller.application);
  return {
    sid,
    service_sid,
    account_sid,
    to,
    channel: channelWord(view.channel),
    amount: view.context?.['amount'] ?? null,
    payee: view.context?.['payee'] ?? null,
    date_created: second(view.created_at),
    date_updated: second(view.closed_at ?? view.created_at),
  };
}

/** A verification. `to` is as the caller wrote it; without that, masked: addresses are not given out again. */
export function verificationResource(
  call: FacadeCall,
  view: VerificationView,
  facts: { readonly to?: string; readonly sends?: ListView<SendView> },
): Record<string, unknown> {
  const { service_sid } = call.service.applications.sids(call.caller.application);
  const sid = sidOfId(view.id);
  const sends = facts.sends?.data ?? [{ channel: view.channel, created_at: view.created_at }];
  return Object.assign(common(call, view, sid, facts.to ?? view.to.masked), {
    status: statusWord(view),
    valid: view.status === 'approved',
    lookup: {},
    send_code_attempts: sends.map(({ channel, created_at }, at) => ({
      time: second(created_at),
      channel: channelWord(channel).toUpperCase(),
      attempt_sid: attemptSid(sid, at + 1),
    })),
    sna: null,
    url: `${baseOf(call)}/Services/${service_sid}/Verifications/${sid}`,
  });
}

/** What became of a submitted code. */
export function checkResource(
  call: FacadeCall,
  view: VerificationView,
  facts: { readonly to: string | undefined; readonly approved: boolean },
): Record<string, unknown> {
  return Object.assign(common(call, view, sidOfId(view.id), facts.to ?? view.to.masked), {
    status: facts.approved ? 'approved' : 'pending',
    valid: facts.approved,
    sna_attempts_error_codes: [],
  });
}

function statusWord({ status, status_reason }: VerificationView): string {
  if (status === 'failed' && status_reason === 'max_checks') return 'max_attempts_reached';
  return status === 'blocked' || status === 'skipped' ? 'failed' : status;
}
