import { ok } from '../core/errors.ts';
import { type ProviderTotal, providerView } from '../core/provider-views.ts';
import { addTallies, NOTHING } from '../core/statistics.ts';
import { CHANNELS, type ChannelName } from '../core/verification.ts';
import type { Channel } from '../ports/channel.ts';
import type { ProvidersService } from './api.ts';
import { providersFor } from './channels.ts';
import type { Breakers } from './delivery/index.ts';
import { testProvider, type ProviderTestDeps } from './provider-test.ts';
import type { Statistics } from './statistics/index.ts';

type ProviderDeps = ProviderTestDeps & { readonly breakers: Breakers; readonly statistics: Statistics };

/** What operators see of providers. A test key sees the live ones too: its own messages go to none. */
export function createProviders(deps: ProviderDeps): ProvidersService {
  return {
    async list({ application }) {
      const measured = await deps.statistics.read(application.id);
      const data = CHANNELS.flatMap((channel) =>
        providersFor(deps, application, 'live', channel).map((provider) => {
          const own = measured.filter(
            ({ measure }) => measure.provider === provider.name && measure.channel === channel,
          );
          return providerView(carrierOf(provider, channel), own, resting(deps, provider.name));
        }),
      );
      return ok({ data, has_more: false, next_cursor: null });
    },
    test: (caller, input) => testProvider(deps, caller, input),
    totals: () => totals(deps),
  };
}

/** Field by field: a provider of the host program’s own may be an object of a class. */
function carrierOf(provider: Channel, channel: ChannelName): Parameters<typeof providerView>[0] {
  const { name, route, prices } = provider;
  return {
    name,
    channel,
    receipts: receiptsOf(provider),
    ...(route === undefined ? {} : { route }),
    ...(prices === undefined ? {} : { prices }),
  };
}

function receiptsOf({ report, tellsReports, poll }: Channel): 'callback' | 'connection' | 'question' | 'none' {
  if (tellsReports === true) return 'connection';
  if (poll !== undefined) return 'question';
  return report === undefined ? 'none' : 'callback';
}

/** A rest whose end has come is over, though nobody was asked since. */
function resting({ breakers, env }: ProviderDeps, provider: string): number | null {
  const until = breakers.restsUntil(provider);
  return until !== null && until > env.now() ? until : null;
}

async function totals(deps: ProviderDeps): Promise<readonly ProviderTotal[]> {
  const sums = new Map<string, ProviderTotal>();
  for (const { measure, tally } of await deps.statistics.read(null)) {
    const { provider, channel, country } = measure;
    const id = `${channel}|${country}|${provider}`;
    const before = sums.get(id)?.tally ?? NOTHING;
    const isResting = resting(deps, provider) !== null;
    sums.set(id, { provider, channel, country, tally: addTallies(before, tally), resting: isResting });
  }
  return [...sums.values()];
}
