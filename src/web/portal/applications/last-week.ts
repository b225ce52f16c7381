import type { StatsView } from '../../../core/insight-views.ts';
import { addDays } from '../../../core/zoned-day.ts';
import type { Caller } from '../../../service/api.ts';
import type { Visit } from '../visit.ts';

/** As many days as pages of an application look back. */
export const WEEK_DAYS = 7;

/** The last seven days (UTC) of an application, today's among them, by what insights have counted; null = nothing to tell. */
export async function lastWeek({ service }: Visit, caller: Caller): Promise<StatsView | null> {
  const to = await service.insights.today();
  const found = await service.insights.stats(caller, { from: addDays(to, 1 - WEEK_DAYS), to });
  return found.ok ? found.value : null;
}

/** What the last day of a period cost, by currency; '' = nothing. */
export function spentToday({ data }: StatsView): string {
  return Object.entries(data.at(-1)?.cost ?? {})
    .map(([currency, sum]) => `${sum.toFixed(2)} ${currency}`)
    .join(' + ');
}
