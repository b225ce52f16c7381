import type { JSX } from 'hono/jsx/jsx-runtime';
import type { CaseView, NoteView } from '../../../service/api.ts';
import { Icon } from '../../components/icon.tsx';
import { href } from '../../site.ts';
import { OnceField } from '../once-field.tsx';
import type { Visit } from '../visit.ts';
import { canceledBy } from '../canceled-by.ts';
import { secondsText } from './clock.tsx';
import { casePath, DESK_PATH, recordPath, SKIP_PATH } from './paths.ts';
import type { NameOf } from '../names.ts';
import { skipFacts } from '../skip-facts.ts';
import { statusWords } from '../status.tsx';
import { counted } from '../words.ts';

interface EndProps {
  readonly visit: Visit;
  readonly view: CaseView;
  readonly notes: readonly NoteView[];
  readonly nameOf: NameOf;
}

/** How it ended, and the way on. */
export function EndCard(props: EndProps): JSX.Element {
  const { visit, view } = props;
  const { record } = view;
  const { word, tone, icon } = statusWords(record);
  const time = record.closed_at === null ? '' : ` at ${secondsText(visit, record.closed_at)}`;
  return (
    <section class="card" aria-label="Result">
      <div class={`verdict is-${tone}`} role="status">
        <Icon name={icon} />
        <h2>
          {word}
          {time}
        </h2>
        <p>{meaningOf(view)}</p>
      </div>
      {record.status === 'skipped' ? <SkipFacts {...props} /> : null}
      <div class="row">
        <Onward visit={visit} view={view} />
      </div>
      {record.status === 'approved' ? (
        <p class="hint">
          Proof of this verification stays on record{record.reference === null ? '' : ` for ticket ${record.reference}`}
          .
        </p>
      ) : null}
    </section>
  );
}

/** What it means for the caller, and for what the agent does next. */
function meaningOf({ record, policy, events }: CaseView): string {
  const { status, status_reason: reason, checks } = record;
  switch (status) {
    case 'approved': {
      const controls = `The caller controls this ${record.to.type === 'email' ? 'mailbox' : 'number'}.`;
      return record.reason === null ? controls : `${controls} You can go on with: ${record.reason}.`;
    }
    case 'failed':
      return reason === 'max_checks'
        ? `${counted(checks, 'wrong code')} ${checks === 1 ? 'was' : 'were'} entered. Do no work on the account until the caller is verified.`
        : 'No provider took the message. Nothing was verified.';
    case 'expired': {
      const minutes = counted(Math.max(1, Math.round(policy.ttl_seconds / 60)), 'minute');
      return `No right code was entered in ${minutes}. Nothing was verified.`;
    }
    case 'skipped':
      return 'An agent went on without a code. It does not count as verified.';
    case 'canceled':
      return reason === 'replaced'
        ? 'This code was replaced by a newer one.'
        : `${canceledBy(record, events)}. It can no longer be entered.`;
    default:
      return 'A rule stopped this code. Nothing was sent.';
  }
}

function Onward({ visit, view }: Pick<EndProps, 'visit' | 'view'>): JSX.Element {
  const { record } = view;
  const again = `${DESK_PATH}?again=${record.id}`;
  const page = recordPath(visit, record.id);
  const skips = record.override !== 'never' && visit.may('desk.skip');
  const isOver = record.status === 'approved' || record.status === 'skipped';
  return (
    <>
      <a class="btn btn-main" href={href(visit.options, isOver ? DESK_PATH : again)} autofocus>
        {isOver ? 'Next caller' : 'Send a new code'}
      </a>
      {page === null ? null : (
        <a class="btn" href={href(visit.options, page)}>
          Open the record
        </a>
      )}
      {isOver || !skips ? null : (
        <a class="btn" href={href(visit.options, `${SKIP_PATH}?again=${record.id}`)}>
          Skip with a reason
        </a>
      )}
    </>
  );
}

/** How the caller was confirmed instead, and whether a supervisor has looked at it. */
function SkipFacts({ visit, view, notes, nameOf }: EndProps): JSX.Element {
  const skipped = view.events.find(({ type }) => type === 'skipped');
  const { cause, confirmation } = skipFacts(skipped?.data ?? {});
  return (
    <dl class="facts">
      <Fact label="Why no code was used" value={cause} />
      <Fact label="How the caller was confirmed" value={confirmation} />
      <Fact label="By" value={skipped === undefined ? '–' : nameOf(skipped.actor)} />
      {notes.map(({ text, actor }) => (
        <Fact label={`Note by ${nameOf(actor)}`} value={text ?? 'No key opens this note any more.'} />
      ))}
      {view.review === null ? null : <ReviewFact visit={visit} view={view} nameOf={nameOf} />}
    </dl>
  );
}

function Fact({ label, value }: { label: string; value: string }): JSX.Element {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </div>
  );
}

function ReviewFact({ visit, view, nameOf }: Omit<EndProps, 'notes'>): JSX.Element | null {
  const { review, record, events } = view;
  if (review === null) return null;
  const { reviewed_by: by, reviewed_at: at } = review;
  const skipper = events.find(({ type }) => type === 'skipped')?.actor ?? record.actor;
  // Whoever started it or went on without the code is no judge of it.
  const isOwn = [record.actor, skipper].some(({ id }) => id === visit.agent.id);
  if (by !== null && at !== null) return <Fact label="Reviewed" value={`${nameOf(by)}, ${secondsText(visit, at)}`} />;
  return (
    <div>
      <dt>Review</dt>
      <dd>
        {isOwn ? (
          'Another supervisor looks at it.'
        ) : visit.may('desk.review_skips') ? (
          <form method="post" action={href(visit.options, casePath(record.id, 'reviewed'))}>
            <OnceField visit={visit} />
            <button class="btn btn-small">Mark as reviewed</button>
          </form>
        ) : (
          'A supervisor has not looked at it yet.'
        )}
      </dd>
    </div>
  );
}
