import type { JSX } from 'hono/jsx/jsx-runtime';
import type { VerificationView } from '../../core/views.ts';
import { Badge } from '../components/badge.tsx';
import type { IconName } from '../components/icon.tsx';
import type { Tone } from '../components/tone.ts';
import type { Confirmations } from './confirmations.ts';
import { momentText } from './moment.tsx';
import type { Visit } from './visit.ts';
import { counted, nameOf } from './words.ts';

/** One word for one status everywhere, with what it means in short. */
export interface StatusWords {
  readonly word: string;
  readonly tone: Tone;
  readonly icon: IconName;
  readonly detail: string | null;
}

/** Reasons of a block, of a cancel and of a message that was held back, in short. */
const BECAUSE: Readonly<Record<string, string>> = {
  operator: 'On request',
  replaced: 'Replaced by a newer code',
  not_me: 'Reported by the receiver',
  budget: 'Budget used up',
  recipient_unknown: 'Nobody in the directory has this destination',
  suppressed: 'The destination gets no more messages',
  newer_code: 'A newer code went out instead',
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
        ? { word: 'Failed', tone: 'bad', icon: 'cross', detail: counted(checks, 'wrong code') }
        : { word: 'Not delivered', tone: 'bad', icon: 'triangle', detail: 'No provider took it' };
    case 'expired': {
      const detail = checks === 0 ? 'No code entered' : counted(checks, 'wrong code');
      return { word: 'Expired', tone: 'calm', icon: 'clock', detail };
    }
    case 'blocked':
      return { word: 'Blocked', tone: 'bad', icon: 'barred', detail: inWords(reason) };
    case 'canceled':
      return { word: 'Canceled', tone: 'calm', icon: 'bar', detail: inWords(reason) };
    case 'skipped':
      return { word: 'Skipped', tone: 'info', icon: 'arrows', detail: 'Confirmed without a code' };
  }
}

/** The badge of a record's status, and under it what it means: for an open one how long it waits, for a verified one when. */
export function Status(props: {
  visit: Visit;
  record: VerificationView;
  /** How callers were confirmed instead, where records were skipped. */
  confirmations: Confirmations;
}): JSX.Element {
  const { visit, record, confirmations } = props;
  const { word, tone, icon, detail } = statusWords(record);
  const line = confirmations.get(record.id) ?? detail ?? timeLine(visit, record);
  return (
    <>
      <Badge tone={tone} icon={icon} word={word} /> {line === null ? null : <small>{line}</small>}
    </>
  );
}

function timeLine({ options, application }: Visit, record: VerificationView): string | null {
  const { status, checks, checks_remaining: left, approved_at: approved, expires_at: end } = record;
  const moment = (at: string): string => momentText(at, options.now(), application.time_zone);
  if (status === 'pending') return `${left} of ${checks + left} tries left, until ${moment(end)}`;
  return approved === null ? null : moment(approved);
}

/** `max_checks` as words where it has none of its own. */
export function inWords(reason: string | null): string | null {
  return reason === null ? null : (BECAUSE[reason] ?? nameOf(reason).replace(':', ': '));
}
