import { answered, asking, type Breaker, failed, HEALTHY, mayAsk } from '../../core/breaker.ts';
import type { Accepted, Failure } from '../../ports/channel.ts';
import type { Environment } from '../../ports/environment.ts';

/** Which providers rest because they did not answer; each process learns it for itself. */
export interface Breakers {
  mayAsk(provider: string): boolean;
  asking(provider: string): void;
  learned(provider: string, outcome: Accepted | Failure): void;
  /** Until when it rests (epoch ms); null = it works, as far as this process knows. */
  restsUntil(provider: string): number | null;
}

/** Paced by the host clock: a rest is a matter of this process, not of a decision. */
export function createBreakers({ now, log }: Pick<Environment, 'now' | 'log'>): Breakers {
  const known = new Map<string, Breaker>();
  const of = (provider: string): Breaker => known.get(provider) ?? HEALTHY;
  return {
    mayAsk: (provider) => mayAsk(of(provider), now()),
    restsUntil: (provider) => of(provider).restsUntil || null,
    asking: (provider) => void known.set(provider, asking(of(provider), now())),
    learned(provider, outcome) {
      const before = of(provider);
      const after = isDeaf(outcome) ? failed(before, now()) : answered();
      known.set(provider, after);
      if (after.rests > before.rests)
        log({ event: 'provider.resting', level: 'warn', provider, ms: after.restsUntil - now() });
      else if (before.rests > 0 && after.rests === 0) log({ event: 'provider.back', level: 'info', provider });
    },
  };
}

/** It may be about the provider, not about the message. */
function isDeaf(outcome: Accepted | Failure): boolean {
  return outcome.type === 'failure' && (outcome.kind === 'unavailable' || outcome.kind === 'rate_limited');
}
