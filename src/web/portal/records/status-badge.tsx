import type { JSX } from 'hono/jsx/jsx-runtime';
import type { VerificationView } from '../../../core/views.ts';
import { Badge } from '../../components/badge.tsx';
import type { IconName } from '../../components/icon.tsx';
import type { Tone } from '../../components/tone.ts';

/** One word for one status everywhere, with what it means in short. */
export interface StatusWords {
  readonly word: string;
  readonly tone: Tone;
  readonly icon: IconName;
  readonly detail: string | null;
}

/** Reasons of a block and of a cancel, in short. */
const BECAUSE: Readonly<Record<string, string>> = {
  operator: 'On request',
  replaced: 'Replaced by a newer code',
  not_me: 'Reported by the receiver',
  budget: 'Budget used up',
};

export function statusWords(record: Pick<VerificationView, 'status' | 'status_reason' | 'checks'>): StatusWords {
  const { status, status_reason: reason, checks } = record;
  switch (status) {
    case 'approved':
      return { word: 'Verified', tone: 'good', icon: 'tick', detail: null };
    case 'pending':
      return { word: 'Pending', tone: 'open', icon: 'ring', detail: null };
    case 'failed':
      return reason === 'max_checks'
        ? { word: 'Failed', tone: 'bad', icon: 'cross', detail: wrongCodes(checks) }
        : { word: 'Not delivered', tone: 'bad', icon: 'triangle', detail: 'No provider took it' };
    case 'expired':
      return {
        word: 'Expired',
        tone: 'calm',
        icon: 'clock',
        detail: checks === 0 ? 'No code entered' : wrongCodes(checks),
      };
    case 'blocked':
      return { word: 'Blocked', tone: 'bad', icon: 'barred', detail: inWords(reason) };
    case 'canceled':
      return { word: 'Canceled', tone: 'calm', icon: 'bar', detail: inWords(reason) };
    case 'skipped':
      return { word: 'Skipped', tone: 'info', icon: 'arrows', detail: null };
  }
}

export function StatusBadge({ record }: { record: Parameters<typeof statusWords>[0] }): JSX.Element {
  const { word, tone, icon, detail } = statusWords(record);
  return (
    <>
      <Badge tone={tone} icon={icon} word={word} />
      {detail === null ? null : <small>{detail}</small>}
    </>
  );
}

function wrongCodes(count: number): string {
  return count === 1 ? '1 wrong code' : `${count} wrong codes`;
}

/** `max_checks` as words where it has none of its own. */
export function inWords(reason: string | null): string | null {
  if (reason === null) return null;
  const words = BECAUSE[reason] ?? reason.replaceAll('_', ' ').replace(':', ': ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
