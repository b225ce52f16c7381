import type { JSX } from 'hono/jsx/jsx-runtime';
import type { AuditVerdictView } from '../../../core/audit-views.ts';
import { zonedText } from '../../../core/zoned-day.ts';
import { Icon } from '../../components/icon.tsx';
import { short } from './words.ts';

type Props = { verdict: AuditVerdictView | null; timeZone: string };

/** What the last check came to, large. */
export function AuditVerdict({ verdict, timeZone }: Props): JSX.Element {
  if (verdict === null) {
    return (
      <section class="verdict is-info">
        <Icon name="chain" />
        <h2>Not verified yet</h2>
        <p>Nobody has checked this log so far. A check reads every entry and changes none.</p>
      </section>
    );
  }
  const at = zonedText(Date.parse(verdict.checked_at), timeZone);
  return verdict.problem === null ? <Intact verdict={verdict} at={at} /> : <Broken verdict={verdict} at={at} />;
}

function Intact({ verdict, at }: { verdict: AuditVerdictView; at: string }): JSX.Element {
  const { entries, erased, purged, batches, root } = verdict;
  const rest = [
    ...(erased === 0 ? [] : [`${number(erased)} of them erased`]),
    ...(purged === 0 ? [] : [`${number(purged)} removed when their time was over`]),
  ].join(', ');
  return (
    <section class="verdict is-good">
      <Icon name="chain" />
      <h2>The log is intact</h2>
      <p>
        {number(entries)} {entries === 1 ? 'entry' : 'entries'} in {number(batches)} signed{' '}
        {batches === 1 ? 'batch' : 'batches'} checked from the first, on {at}
        {rest === '' ? '' : ` (${rest})`}.
        {root === null ? null : (
          <>
            {' '}
            Last root <span class="mono">{short(root)}</span>.
          </>
        )}
      </p>
    </section>
  );
}

function Broken({ verdict, at }: { verdict: AuditVerdictView; at: string }): JSX.Element {
  const { problem, entries, batches } = verdict;
  const entry = problem?.entry ?? null;
  const where = entry === null ? `batch ${problem?.batch ?? batches + 1}` : `entry ${short(entry)}`;
  return (
    <section class="verdict is-bad" role="alert">
      <Icon name="triangle" />
      <h2>The log breaks at {where}</h2>
      <p>
        {problem?.detail} {number(entries)} {entries === 1 ? 'entry' : 'entries'} before it{' '}
        {entries === 1 ? 'holds' : 'hold'}; nothing after can be trusted. Checked on {at}. Keep a copy of the database,
        compare it with your last export, and tell your administrator.
        {entry === null ? null : (
          <>
            {' '}
            Entry: <span class="mono">{entry}</span>
          </>
        )}
      </p>
    </section>
  );
}

function number(count: number): string {
  return count.toLocaleString('en');
}
