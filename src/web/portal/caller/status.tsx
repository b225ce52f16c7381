import type { JSX } from 'hono/jsx/jsx-runtime';
import type { DeskRecordView } from '../../../service/api.ts';
import { Badge } from '../../components/badge.tsx';
import { momentText } from '../moment.tsx';
import type { Visit } from '../visit.ts';
import { secondsText } from './clock.tsx';
import { counted } from './words.ts';

/** The one badge of a record's status, and what it means here. */
export function Status({ visit, record }: { visit: Visit; record: DeskRecordView }): JSX.Element {
  return (
    <>
      <StatusBadge record={record} /> <small>{secondLine(visit, record)}</small>
    </>
  );
}

function StatusBadge({ record }: { record: DeskRecordView }): JSX.Element {
  switch (record.status) {
    case 'pending':
      return <Badge tone="open" word="Pending" />;
    case 'approved':
      return <Badge tone="good" word="Verified" />;
    case 'expired':
      return <Badge tone="calm" icon="clock" word="Expired" />;
    case 'skipped':
      return <Badge tone="info" icon="arrows" word="Skipped" />;
    case 'canceled':
      return <Badge tone="calm" word="Canceled" />;
    case 'blocked':
      return <Badge tone="bad" icon="barred" word="Blocked" />;
    case 'failed':
      return record.status_reason === 'all_providers_failed' ? (
        <Badge tone="bad" word="Not delivered" />
      ) : (
        <Badge tone="bad" icon="cross" word="Failed" />
      );
  }
}

function secondLine(visit: Visit, record: DeskRecordView): string {
  const { checks, checks_remaining: left, expires_at: end } = record;
  switch (record.status) {
    case 'pending':
      return `${left} of ${checks + left} tries left, until ${momentText(end, visit.options.now(), visit.application.time_zone)}`;
    case 'approved':
      return record.approved_at === null ? '' : secondsText(visit, record.approved_at);
    case 'expired':
      return checks === 0 ? 'No code entered' : counted(checks, 'wrong code');
    case 'failed':
      return record.status_reason === 'max_checks' ? counted(checks, 'wrong code') : 'No message went out';
    case 'canceled':
      return record.status_reason === 'replaced' ? 'Replaced by a newer code' : 'By the agent';
    case 'skipped':
      return 'Confirmed without a code';
    case 'blocked':
      return record.status_reason ?? '';
  }
}
