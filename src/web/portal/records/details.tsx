import type { PropsWithChildren } from 'hono/jsx';
import type { JSX } from 'hono/jsx/jsx-runtime';
import type { ReviewView } from '../../../service/desk/api.ts';
import type { Evidence } from '../../../service/evidence/api.ts';
import { costOf } from './costs.ts';
import { dateWords, instantWords } from './instants.tsx';
import type { NameOf } from '../names.ts';
import { skipFacts } from '../skip-facts.ts';
import { CHANNEL_WORDS } from '../../components/channel-words.ts';
import { countryWord } from '../country-name.ts';
import { counted, lineWord } from '../words.ts';

type Props = { evidence: Evidence; timeZone: string; withCosts: boolean };

/** The facts of a record, for reading and for print. */
export function Details({ evidence, timeZone, withCosts, children }: PropsWithChildren<Props>): JSX.Element {
  const { record, policy, sends, kept_until: kept } = evidence;
  const cost = withCosts ? costOf(sends) : null;
  const facts: readonly (readonly [name: string, value: string])[] = [
    ['Purpose', record.purpose],
    ...(record.reason === null ? [] : [['Reason', record.reason] as const]),
    ...(record.reference === null ? [] : [['Ticket', record.reference] as const]),
    ...Object.entries(record.context ?? {}).map(([name, value]) => [`Bound to ${name}`, value] as const),
    ...(isUnsentSkip(record) ? [] : [['Channel', CHANNEL_WORDS[record.channel]] as const]),
    ...(record.to.line_type === null
      ? []
      : [['Line', `${lineWord(record.to.line_type)}, ${countryWord(record.to.country)}`] as const]),
    ['Code', codeWords(policy)],
    ['Sends', `${record.sends} of ${record.sends + record.sends_remaining}`],
    ['Tries', `${record.checks} of ${record.checks + record.checks_remaining}`],
    ...(cost === null ? [] : [['Cost', cost] as const]),
    ['Kept until', kept === null ? 'No end date' : dateWords(kept, timeZone)],
  ];
  return (
    <section class="card">
      <h2>Details</h2>
      <dl class="facts-list small">
        <dt>Record</dt>
        <dd class="mono">{record.id}</dd>
        {facts.map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </>
        ))}
        {children}
      </dl>
    </section>
  );
}

/** `6 digits, good for 5 minutes`. */
function codeWords({ code, ttl_seconds: ttl }: Evidence['policy']): string {
  const letters = code.alphabet === 'digits' ? 'digits' : 'letters and digits';
  const life = ttl % 60 === 0 ? counted(ttl / 60, 'minute') : counted(ttl, 'second');
  return `${code.length} ${letters}, good for ${life}`;
}

/** Nothing was ever sent, so that it went over no channel. */
export function isUnsentSkip({ status, sends }: Evidence['record']): boolean {
  return status === 'skipped' && sends === 0;
}

type SkipProps = { evidence: Evidence; nameOf: NameOf; timeZone: string };

/** What an agent wrote down instead of a code, and who looked at it. */
export function SkipCard({ evidence, nameOf, timeZone }: SkipProps): JSX.Element | null {
  const skipped = evidence.events.find(({ type }) => type === 'skipped');
  if (skipped === undefined) return null;
  const { cause, confirmation } = skipFacts(skipped.data);
  const [note] = evidence.notes;
  return (
    <section class="card">
      <h2>What was recorded</h2>
      <dl class="facts">
        <div>
          <dt>Why no code was used</dt>
          <dd>{cause}</dd>
        </div>
        <div>
          <dt>How the caller was confirmed</dt>
          <dd>{confirmation}</dd>
        </div>
        {evidence.review === null ? null : (
          <div>
            <dt>Review</dt>
            <dd>
              <bdi>{reviewWords(evidence.review, nameOf, timeZone)}</bdi>
            </dd>
          </div>
        )}
      </dl>
      {note?.text == null ? null : (
        <div>
          <p class="label small">Notes</p>
          <p>
            <bdi>{note.text}</bdi>
          </p>
        </div>
      )}
    </section>
  );
}

function reviewWords({ reviewed_by: by, reviewed_at: at }: ReviewView, nameOf: NameOf, timeZone: string): string {
  if (by === null || at === null) return 'No supervisor has looked at it yet';
  return `${nameOf(by)}, ${instantWords(at, timeZone)}`;
}
