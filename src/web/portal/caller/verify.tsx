import type { JSX } from 'hono/jsx/jsx-runtime';
import type { CaseView } from '../../../service/api.ts';
import { type Asset, COPY, COUNTDOWN, LIVE } from '../../assets.ts';
import { Flash } from '../../components/flash.tsx';
import { flashOf } from '../flash.tsx';
import { Moment } from '../moment.tsx';
import { portalPage, type Page } from '../page.tsx';
import type { StaffRoute } from '../route.ts';
import type { Visit } from '../visit.ts';
import { CodeCard } from './code-card.tsx';
import { DeliveryCard } from './delivery-card.tsx';
import { EndCard } from './end-card.tsx';
import { LinkCard } from './link-card.tsx';
import { liveAttributes } from './live-mark.tsx';
import { CASE_PATH, casePath, DESK_PATH } from './paths.ts';
import { isStranded, providersTried, trailOf } from './trail.ts';
import { CHANNEL_WORDS } from '../../components/channel-words.ts';
import { Mask } from '../../components/mask.tsx';
import { type NameOf, namesOf } from '../names.ts';
import { counted } from '../words.ts';

/** Where the caller's code is entered, and what became of it. Opening it changes nothing. */
export const VERIFY: StaffRoute = portalPage({ path: CASE_PATH, right: 'desk.verify', show });

async function show(visit: Visit): Promise<Page | null> {
  const { service, caller } = visit;
  const id = visit.param('id');
  const found = await service.desk.open(caller, id);
  if (!found.ok) return null;
  const view = found.value;
  const isSkipped = view.record.status === 'skipped';
  const noted = isSkipped ? await service.desk.notes(caller, id) : null;
  const notes = noted?.ok === true ? noted.value : [];
  const others = [...view.events, ...notes].map(({ actor }) => actor);
  const reviewer = view.review?.reviewed_by ?? null;
  const nameOf = await namesOf(visit, [view.record.actor, ...others, ...(reviewer === null ? [] : [reviewer])]);
  return casePage(visit, { view, notes, nameOf });
}

interface Shown {
  readonly view: CaseView;
  readonly notes: Parameters<typeof EndCard>[0]['notes'];
  readonly nameOf: NameOf;
}

function casePage(visit: Visit, { view, notes, nameOf }: Shown): Page {
  const { record } = view;
  const note = flashOf(visit);
  const error = note?.field === 'code' && record.status === 'pending' ? note.title : undefined;
  const live = { mark: view.mark, state: record.status, say: trailOf(visit, view).at(-2)?.title ?? '' };
  return {
    title: titleOf(view),
    lead: <Lead visit={visit} view={view} nameOf={nameOf} />,
    crumbs: [{ path: DESK_PATH, word: 'Desk' }],
    error: error !== undefined,
    scripts: scriptsOf(view),
    body: (
      <div
        class="stack-wide"
        {...(record.status === 'pending' ? liveAttributes(visit, casePath(record.id, 'events'), live) : {})}
      >
        <Alerts visit={visit} view={view} nameOf={nameOf} />
        <div class="cols cols-main">
          {record.status === 'pending' ? (
            <CodeCard visit={visit} view={view} error={error} />
          ) : (
            <EndCard visit={visit} view={view} notes={notes} nameOf={nameOf} />
          )}
          <div class="stack">
            <DeliveryCard visit={visit} view={view} />
            {record.status === 'pending' && record.context === null ? <LinkCard visit={visit} view={view} /> : null}
          </div>
        </div>
      </div>
    ),
  };
}

function scriptsOf({ record, link }: CaseView): readonly Asset[] {
  if (record.status !== 'pending') return [];
  return link === null ? [COUNTDOWN, LIVE] : [COUNTDOWN, LIVE, COPY];
}

function titleOf({ record }: CaseView): string {
  switch (record.status) {
    case 'pending':
      return 'Enter the caller’s code';
    case 'approved':
      return 'Caller verified';
    case 'expired':
      return 'The code has expired';
    case 'skipped':
      return 'Verification skipped';
    case 'failed':
      return record.status_reason === 'max_checks' ? 'Too many wrong codes' : 'The message did not go out';
    case 'canceled':
      return record.status_reason === 'replaced' ? 'Replaced by a newer code' : 'Code canceled';
    case 'blocked':
      return 'The code was blocked';
  }
}

function Lead({ visit, view, nameOf }: Pick<Shown, 'view' | 'nameOf'> & { visit: Visit }): JSX.Element {
  const { channel, to, reason, reference, actor, created_at: at, sends } = view.record;
  return (
    <>
      {sends === 0 ? 'No code sent to' : `${CHANNEL_WORDS[channel]} to`}{' '}
      <strong>
        <Mask text={to.masked} />
      </strong>
      {reason === null ? '' : ` for ${reason}`}
      {reference === null ? null : (
        <>
          , ticket{' '}
          <span class="nowrap">
            <bdi>{reference}</bdi>
          </span>
        </>
      )}
      . Started by <bdi>{nameOf(actor)}</bdi> at <Moment visit={visit} at={at} />.
    </>
  );
}

/** Whose code it is, when it is somebody else's, and whether the message came to nothing. */
function Alerts({ visit, view, nameOf }: Pick<Shown, 'view' | 'nameOf'> & { visit: Visit }): JSX.Element {
  const { record } = view;
  const isOwn = record.actor.type === 'agent' && record.actor.id === visit.agent.id;
  const tried = providersTried(view);
  return (
    <div class="stack" id="alerts" data-live-part>
      {isOwn || record.status !== 'pending' ? null : (
        <Flash tone="info">
          <strong>
            Started by <bdi>{nameOf(record.actor)}</bdi>.
          </strong>{' '}
          What you do here is recorded under your name.
        </Flash>
      )}
      {isStranded(view) ? (
        <Flash tone="bad">
          <strong>The message did not reach the {record.to.type === 'email' ? 'mailbox' : 'phone'}.</strong>{' '}
          {counted(tried, 'provider')} tried.{' '}
          {record.to.type === 'email'
            ? 'Check the address with the caller.'
            : 'Ask the caller to switch the phone on, or use another channel.'}
        </Flash>
      ) : null}
    </div>
  );
}
