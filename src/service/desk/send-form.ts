import { WatchwordError } from '../../core/errors.ts';
import { reasonsOf } from '../../core/reasons.ts';
import { STAFF_SIGN_IN } from '../../core/staff.ts';
import { CHANNELS, type ChannelName } from '../../core/verification.ts';
import type { Policy } from '../../core/policy.ts';
import type { Application } from '../../ports/settings.ts';
import type { Caller } from '../api.ts';
import { providersFor } from '../channels.ts';
import type { Tenant } from '../tenants.ts';
import type { ChannelChoice, SendFormView } from './api.ts';
import type { DeskDeps } from './deps.ts';

/** Why agents ask for codes. Another purpose is chosen only where the application has some. */
export const CALLER_CHECK = 'caller_check';

/** What the form that sends a code offers; an unknown purpose counts as the first. */
export async function sendForm(deps: DeskDeps, caller: Caller, asked: string): Promise<SendFormView> {
  const tenant = await deps.tenants.find(caller.application.id);
  if (tenant === null) throw new WatchwordError('unavailable', 'The application is not there any more.');
  const purposes = purposesOf(tenant);
  const policy = tenant.policy(purposes.includes(asked) ? asked : CALLER_CHECK);
  const { application } = tenant;
  return { purposes, policy, reasons: reasonsOf(application), channels: channelChoices(deps, application, policy) };
}

function purposesOf({ overrides }: Tenant): readonly string[] {
  const others = Object.keys(overrides).filter((name) => name !== CALLER_CHECK && name !== STAFF_SIGN_IN);
  return [CALLER_CHECK, ...others.toSorted()];
}

/** Channels that some provider carries and the policy takes, with those that nobody answers on at the moment. */
export function channelChoices(
  deps: DeskDeps,
  application: Application,
  { channels }: Pick<Policy, 'channels'>,
): readonly ChannelChoice[] {
  const taken = (channel: ChannelName): boolean => channels.length === 0 || channels.includes(channel);
  return CHANNELS.filter(taken).flatMap((channel) => {
    const providers = providersFor(deps, application, 'live', channel).map(({ name }) => name);
    return providers.length === 0 ? [] : [{ channel, providers, restingUntil: restingUntil(deps, providers) }];
  });
}

/** When the first of them is asked again; null while one works. */
function restingUntil({ breakers, env }: DeskDeps, providers: readonly string[]): number | null {
  const ends = providers.map((name) => breakers.restsUntil(name) ?? 0);
  const first = Math.min(...ends);
  return first > env.now() ? first : null;
}
