import type { EventData, VerificationEvent } from '../core/events.ts';
import { knownAddress } from '../core/ip.ts';
import type { Verification } from '../core/verification.ts';
import type { Origin } from './api/caller.ts';

/** What a start may say of a user agent, too. */
const LONGEST = 512;

/** Where an act came from, under the names that erasing knows; nothing of a record that is to keep nothing of a person. */
export function originFacts({ policy, toIndex }: Pick<Verification, 'policy' | 'toIndex'>, origin: Origin): EventData {
  if (policy.retention_days === 0 || toIndex === null) return {};
  const { userAgent } = origin;
  const ip = knownAddress(origin.ip);
  return {
    ...(ip === null ? {} : { ip }),
    ...(userAgent === '' ? {} : { user_agent: userAgent.slice(0, LONGEST) }),
  };
}

/** The events of a type of `types` with further facts. */
export function withFacts(
  events: readonly VerificationEvent[],
  types: readonly VerificationEvent['type'][],
  facts: EventData,
): readonly VerificationEvent[] {
  return events.map((event) => (types.includes(event.type) ? { ...event, data: { ...event.data, ...facts } } : event));
}
