import { budgetInForce, isCountable } from '../core/budget.ts';
import { refuse, ok, type Result } from '../core/errors.ts';
import type { Policy } from '../core/policy.ts';
import { type Routed, routesFor } from '../core/routing.ts';
import { CHANNELS, type ChannelName, type Mode } from '../core/verification.ts';
import type { Channel } from '../ports/channel.ts';
import type { Application } from '../ports/settings.ts';
import type { ServiceDeps } from './deps.ts';

/** The providers that carry a channel for an application, in order; test sends only know the inbox. */
export function providersFor(
  deps: ServiceDeps,
  application: Pick<Application, 'name'>,
  mode: Mode,
  channel: ChannelName,
): readonly Channel[] {
  if (mode === 'test') return [deps.inboxChannel];
  return deps.applicationProviders?.[application.name]?.[channel] ?? deps.providers[channel] ?? [];
}

/** Those of them that may carry this message: their route takes it and, under a budget, their price can be counted. */
export function carriersFor(
  deps: ServiceDeps,
  application: Pick<Application, 'name' | 'limits'>,
  mode: Mode,
  channel: ChannelName,
  routed: Routed,
): readonly Channel[] {
  const carriers = routesFor(providersFor(deps, application, mode, channel), routed);
  const budget = mode === 'test' ? null : budgetInForce(application.limits, deps.settings.limits);
  return budget === null ? carriers : carriers.filter((carrier) => isCountable(carrier, channel, routed, budget));
}

export interface LadderRequest {
  readonly application: Application;
  readonly mode: Mode;
  readonly policy: Policy;
  readonly type: 'phone' | 'email';
  readonly channel?: ChannelName | undefined;
  readonly channels?: readonly ChannelName[] | undefined;
  /** Whether the message must get through as it is: amount and payee of a payment, or the caller's own words. */
  readonly ownWords: boolean;
  /** What decides a message's route; null where only the record is known. */
  readonly routed: Routed | null;
}

/**
 * The channels of a start, first to last: what the caller asks for, else the policy's that fit the destination, else e-mail
 * or SMS. Each asked-for channel must fit, be allowed and have a provider; of the policy's own, those that cannot are passed over.
 */
export function ladder(deps: ServiceDeps, request: LadderRequest): Result<readonly ChannelName[]> {
  const asked = request.channels ?? (request.channel === undefined ? null : [request.channel]);
  if (asked !== null) {
    const refused = asked.map((channel) => channelProblem(deps, request, channel)).find((problem) => problem !== null);
    return refused ? unavailable(refused, request.channels ? '/channels' : '/channel') : ok(asked);
  }
  const own =
    request.policy.channels.length > 0
      ? request.policy.channels
      : ([request.type === 'email' ? 'email' : 'sms'] as const);
  const usable = own.filter((channel) => channelProblem(deps, request, channel) === null);
  const first = own[0];
  if (usable.length > 0 || first === undefined) return ok(usable);
  return unavailable(channelProblem(deps, request, first) ?? 'No channel is left.', '/to');
}

/** Why a channel cannot be used for this destination, or null. */
export function channelProblem(
  deps: ServiceDeps,
  request: Omit<LadderRequest, 'channel' | 'channels'>,
  channel: ChannelName,
): string | null {
  if ((channel === 'email') !== (request.type === 'email')) {
    return `The channel ${channel} does not reach ${request.type === 'email' ? 'an e-mail address' : 'a phone number'}.`;
  }
  if (request.policy.channels.length > 0 && !request.policy.channels.includes(channel)) {
    return `The policy of this purpose does not list the channel ${channel}.`;
  }
  const providers = providersFor(deps, request.application, request.mode, channel);
  if (providers.length === 0)
    return `No provider is configured for the channel ${channel}. Set WATCHWORD_${channel.toUpperCase()}.`;
  if (request.ownWords && providers.every(({ onlyCode }) => onlyCode === true))
    return `The channel ${channel} carries only the code here, in words that the provider approved.`;
  return request.routed === null ? null : routeProblem(deps, request, providers, { channel, routed: request.routed });
}

function routeProblem(
  deps: ServiceDeps,
  { application, mode }: Pick<LadderRequest, 'application' | 'mode'>,
  providers: readonly Channel[],
  { channel, routed }: { readonly channel: ChannelName; readonly routed: Routed },
): string | null {
  if (carriersFor(deps, application, mode, channel, routed).length > 0) return null;
  return routesFor(providers, routed).length === 0
    ? `No provider of the channel ${channel} has a route to this destination and purpose.`
    : `No provider of the channel ${channel} has a price that money_day can count; add price= to its line.`;
}

function unavailable(detail: string, pointer: string): Result<never> {
  return refuse({ code: 'channel_unavailable', detail, errors: [{ pointer, code: 'channel_unavailable', detail }] });
}

/** Every channel that some provider carries. */
export function availableChannels(deps: ServiceDeps, mode: Mode): readonly ChannelName[] {
  if (mode === 'test') return CHANNELS;
  return CHANNELS.filter((channel) => (deps.providers[channel] ?? []).length > 0);
}
