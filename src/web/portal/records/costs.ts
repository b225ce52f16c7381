import { moneyText, readMoney } from '../../../core/money.ts';
import type { SendView } from '../../../core/views.ts';
import type { DeskRecordView } from '../../../service/desk/api.ts';
import type { Visit } from '../visit.ts';

/** What sends cost together, by currency: `0.046 USD`; null when no cost is known. */
export function costOf(sends: readonly SendView[]): string | null {
  const sums = new Map<string, number>();
  for (const { cost } of sends) {
    const money = cost === null ? null : readMoney(cost);
    if (money !== null) sums.set(money.currency, (sums.get(money.currency) ?? 0) + money.micros);
  }
  const parts = [...sums].map(([currency, micros]) => moneyText({ currency, micros }));
  return parts.length === 0 ? null : parts.join(' + ');
}

/** Costs by record, for roles that see them; null for the others. */
export async function costsOf(
  visit: Visit,
  records: readonly DeskRecordView[],
): Promise<ReadonlyMap<string, string> | null> {
  if (!visit.may('costs.view')) return null;
  const costs = new Map<string, string>();
  for (const { id } of records) {
    const sends = await visit.service.records.sends(visit.caller, id);
    const cost = sends.ok ? costOf(sends.value.data) : null;
    if (cost !== null) costs.set(id, cost);
  }
  return costs;
}
