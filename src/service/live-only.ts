import { refuse, type Result } from '../core/errors.ts';
import type { Caller, Service } from './api.ts';
import type { ServiceDeps } from './deps.ts';
import { liveDataProblem } from './live-settings.ts';

type Parts = Pick<Service, 'people' | 'staff' | 'audit' | 'insights'>;

/** The same use cases; what they tell of live data a test key is not told in production. */
export function liveOnly(deps: Pick<ServiceDeps, 'settings'>, parts: Parts): Parts {
  const { people, staff, audit, insights } = parts;
  const only = guarding(deps);
  return {
    people: {
      ...people,
      list: only(people.list),
      get: only(people.get),
      representatives: only(people.representatives),
      representative: only(people.representative),
    },
    staff: { ...staff, agents: { ...staff.agents, list: only(staff.agents.list), get: only(staff.agents.get) } },
    audit: { ...audit, list: only(audit.list), verify: only(audit.verify), export: only(audit.export) },
    insights: { ...insights, stats: only(insights.stats) },
  };
}

type Reading<Rest extends readonly unknown[], T> = (caller: Caller, ...rest: Rest) => Promise<Result<T>>;

function guarding(deps: Pick<ServiceDeps, 'settings'>) {
  return <Rest extends readonly unknown[], T>(read: Reading<Rest, T>): Reading<Rest, T> =>
    async (caller, ...rest) => {
      const barred = liveDataProblem(deps, caller);
      return barred === null ? read(caller, ...rest) : refuse(barred);
    };
}
