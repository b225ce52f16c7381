import type { JSX } from 'hono/jsx/jsx-runtime';
import type { Evidence } from '../../../service/evidence/api.ts';
import { Icon } from '../../components/icon.tsx';
import { canceledBy } from '../canceled-by.ts';
import { instantWords } from './instants.tsx';
import type { NameOf } from '../names.ts';
import { statusWords } from '../status.tsx';
import { capital } from '../words.ts';

type Props = { evidence: Evidence; nameOf: NameOf; timeZone: string };

/** The result, large: what, when, and who. */
export function Verdict({ evidence, nameOf, timeZone }: Props): JSX.Element {
  const { record } = evidence;
  const { word, tone, icon } = statusWords(record);
  const ended = record.closed_at ?? record.approved_at;
  const when = ended === null ? '' : ` on ${instantWords(ended, timeZone)}`;
  return (
    <div class={`verdict is-${tone === 'open' ? 'info' : tone}`}>
      <Icon name={icon} />
      <h2>
        {word}
        {when}
      </h2>
      <p>
        <bdi>{sentence(evidence, nameOf, timeZone)}</bdi>
      </p>
    </div>
  );
}

function sentence({ record, events, sends }: Evidence, nameOf: NameOf, timeZone: string): string {
  const { status, checks, checks_remaining: left } = record;
  switch (status) {
    case 'approved': {
      const approved = events.find(({ type }) => type === 'approved');
      const by = nameOf(approved?.actor ?? record.actor);
      return `${capital(by)} entered the right code on try ${checks}${afterSending(record.approved_at, sends)}.`;
    }
    case 'pending':
      return `${left === 1 ? '1 try' : `${left} tries`} left. The code works until ${instantWords(record.expires_at, timeZone)}.`;
    case 'failed':
      return record.status_reason === 'max_checks'
        ? `${checks === 1 ? '1 wrong code was' : `${checks} wrong codes were`} entered. This caller is not verified.`
        : 'The message did not reach the receiver. This caller is not verified.';
    case 'expired':
      return checks === 0
        ? 'No code was entered in time. This caller is not verified.'
        : `The right code was not entered in time (${checks} wrong). This caller is not verified.`;
    case 'blocked':
      return `Nothing was sent. ${statusWords(record).detail ?? ''}`.trim();
    case 'canceled':
      return `The code can no longer be entered. ${canceledBy(record, events)}.`;
    case 'skipped':
      return `${record.sends === 0 ? 'No code was sent' : 'No code was used'}. ${nameOf(skipper(record, events))} went on without one. This does not count as verified.`;
  }
}

function skipper(record: Evidence['record'], events: Evidence['events']): Evidence['record']['actor'] {
  return events.find(({ type }) => type === 'skipped')?.actor ?? record.actor;
}

function afterSending(approvedAt: string | null, sends: Evidence['sends']): string {
  const last = sends.at(-1);
  if (approvedAt === null || last === undefined) return '';
  const seconds = Math.max(0, Math.round((Date.parse(approvedAt) - Date.parse(last.created_at)) / 1000));
  return `, ${seconds === 1 ? '1 second' : `${seconds} seconds`} after sending`;
}
