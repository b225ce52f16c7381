import type { LimitName } from '../../../core/limits.ts';
import { addDays } from '../../../core/zoned-day.ts';
import type { Visit } from '../visit.ts';
import { counted } from '../words.ts';
import type { Scope } from './scope.ts';

const DAYS = 7;

/** For each limit what came of it in the last seven days (UTC), by what insights have counted; '' = nothing. */
export async function latelyOf({ service }: Visit, { caller }: Scope): Promise<(name: LimitName) => string> {
  const to = await service.insights.today();
  const found = await service.insights.stats(caller, { from: addDays(to, 1 - DAYS), to });
  if (!found.ok) return () => '';
  const { blocks, data } = found.value;
  const spent = Object.entries(data.at(-1)?.cost ?? {}).map(([currency, sum]) => `${sum.toFixed(2)} ${currency}`);
  return (name) => {
    const money = name === 'money_day';
    const refused = blocks[`limit:${name}`] ?? 0;
    return [
      money && spent.length > 0 ? `Spent today: ${spent.join(' + ')}.` : '',
      refused > 0 ? `Refused ${counted(refused, 'time')} in ${DAYS} days.` : '',
    ]
      .join(' ')
      .trim();
  };
}
