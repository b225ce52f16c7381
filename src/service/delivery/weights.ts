import { adaptedWeight, isHeldOut, type Measured, plainWeight } from '../../core/adaptive.ts';
import type { Send, Verification } from '../../core/verification.ts';
import type { Channel } from '../../ports/channel.ts';
import type { Statistics } from '../statistics/index.ts';

const NOTHING: Measured = { sent: 0, approved: 0 };

/**
 * The weights of the providers for one message: adapted to what was measured in its country, but for the share of messages that is held
 * out. Undefined when none adapts. Without measurements, or while they cannot be read, the configured ones hold.
 */
export async function weightsFor(
  statistics: Statistics,
  record: Verification,
  send: Send,
  carriers: readonly Channel[],
): Promise<((carrier: Channel) => number | null) | undefined> {
  const adapting = carriers.filter((carrier) => carrier.route?.holdOut != null);
  if (adapting.length === 0) return undefined;
  const measured = await measuredBy(statistics, record, send);
  const all = adapting.map(({ name }) => measured.get(name) ?? NOTHING);
  return ({ name, route }) => {
    if (route?.weight == null) return null;
    if (route.holdOut === null || isHeldOut(send.id, route.holdOut)) return plainWeight(route.weight);
    return adaptedWeight(route.weight, measured.get(name) ?? NOTHING, all);
  };
}

async function measuredBy(
  statistics: Statistics,
  record: Verification,
  send: Send,
): Promise<ReadonlyMap<string, Measured>> {
  const sums = new Map<string, Measured>();
  const found = await statistics.read(send.application).catch(() => []);
  for (const { measure, tally } of found) {
    if (measure.channel !== send.channel || measure.country !== (record.to.country ?? '-')) continue;
    const { sent, approved } = sums.get(measure.provider) ?? NOTHING;
    sums.set(measure.provider, { sent: sent + tally.sent, approved: approved + tally.approved });
  }
  return sums;
}
