import type { Actor } from '../../core/verification.ts';
import type { EventView, VerificationView } from '../../core/views.ts';
import { statusWords } from './status.tsx';

const BY: Readonly<Record<Actor['type'], string>> = {
  agent: 'By the agent',
  api_key: 'By your program',
  library: 'By your program',
  hosted: 'By the person',
  system: 'By Watchword',
};

/** Who ended a canceled record, as its events have it; lists, which read no events, say only why. */
export function canceledBy(record: VerificationView, events: readonly EventView[]): string {
  const { status_reason: reason } = record;
  const why = statusWords(record).detail ?? 'On request';
  if (reason === 'not_me') return `${BY.hosted}, who did not ask for it`;
  const ended = events.find(({ type }) => type === 'canceled');
  return reason === 'operator' && ended !== undefined ? BY[ended.actor.type] : why;
}
