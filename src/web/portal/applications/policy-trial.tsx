import type { JSX } from 'hono/jsx/jsx-runtime';
import type { PolicyTrialView, TrialEffects } from '../../../core/policy-views.ts';
import type { PolicyView } from '../../../core/views.ts';
import { Table } from '../../components/table.tsx';
import { Moment } from '../moment.tsx';
import type { Visit } from '../visit.ts';
import { POLICY_KINDS } from './policy-fields.ts';

/** What each figure says. */
const WORDS: Readonly<Record<keyof TrialEffects, string>> = {
  refused: 'Starts that would have been refused',
  no_channel: '– no channel of the policy fits the destination',
  context_missing: '– their context lacks what the policy requires',
  reason_missing: '– an agent gave no reason',
  skipped: '– skipped without a code, which the policy does not allow',
  other_channel: 'Began on a channel that is not on the list',
  met_open: 'Began while another code of the destination was open',
  approved_late: 'Verified after the code would have ended',
  approved_over: 'Verified only after more tries than allowed',
  checks_over: 'Tries that would not have been taken',
  more_checks: 'Failed with all tries used up; there would have been more',
  sends_over: 'Messages that would not have been sent',
};
const ORDER = Object.keys(WORDS) as readonly (keyof TrialEffects)[];
const WEEK_DAYS = 7;

/** What a policy would have changed last week, in numbers, and what they do not tell. */
export function PolicyTrial(props: { visit: Visit; trial: PolicyTrialView; inForce: PolicyView }): JSX.Element {
  const { visit, trial, inForce } = props;
  const told = ORDER.filter((name) => trial.effects[name] > 0);
  const rows = told.map((name) => ({ cells: [WORDS[name], trial.effects[name].toLocaleString('en-GB')] }));
  return (
    <section class="card" aria-labelledby="trial">
      <h2 id="trial">Tried on last week’s traffic</h2>
      <p>
        {trial.starts === 1 ? '1 code' : `${trial.starts.toLocaleString('en-GB')} codes`} of {trial.purpose} since{' '}
        <Moment visit={visit} at={trial.since} />, {trial.approved.toLocaleString('en-GB')} of them verified.{' '}
        {trial.complete ? null : <strong>There may be more before that; only the newest were looked at.</strong>}
      </p>
      {rows.length === 0 ? (
        <p>Nothing would have been different, as far as these records tell.</p>
      ) : (
        <Table caption="With the fields as they stand below" columns={['Different', 'How many']} rows={rows} />
      )}
      {notesOf(trial, inForce).map((note) => (
        <p class="hint">{note}</p>
      ))}
    </section>
  );
}

function notesOf(
  { erased, not_told: fields }: PolicyTrialView,
  { retention_days: kept }: PolicyView,
): readonly string[] {
  const labels = [...new Set(fields.map(labelOf))].join(', ');
  const notes = [
    'Nothing is saved. Each code is taken by itself: what people would have done instead nobody knows.',
    'Where a resend brought a new code, the records do not tell when that one would have ended: it counts as in time.',
    'Starts that a limit or a country stopped leave no record; both belong to the application.',
  ];
  if (labels !== '') notes.unshift(`The records tell nothing of: ${labels}.`);
  if (erased > 0) notes.push(`Erased records, which say little: ${erased.toLocaleString('en-GB')}.`);
  if (kept !== null && kept < WEEK_DAYS) notes.push('Records of this purpose are kept for less than a week.');
  return notes;
}

function labelOf(field: string): string {
  if (field === 'code') return POLICY_KINDS.code_length.label;
  return Object.entries(POLICY_KINDS).find(([name]) => name === field)?.[1].label ?? field;
}
