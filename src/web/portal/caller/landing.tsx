import { LIVE } from '../../assets.ts';
import type { SendFormView } from '../../../service/api.ts';
import type { Page } from '../page.tsx';
import type { Visit } from '../visit.ts';
import { Board } from './board.tsx';
import { dayText } from './clock.tsx';
import type { Doubt } from './doubt.ts';
import { confirmationsOf } from '../confirmations.ts';
import { LiveMark, liveAttributes } from './live-mark.tsx';
import { DESK_PATH } from './paths.ts';
import type { Refusal } from './refusal.ts';
import { Resting } from './resting.tsx';
import { Reviews } from './reviews.tsx';
import { SendForm } from './send-form.tsx';
import type { Typed } from './typed.ts';
import { namesOf } from '../names.ts';

interface State {
  readonly form: SendFormView;
  readonly typed: Typed;
  readonly refusals: readonly Refusal[];
  readonly doubt: Doubt | null;
}

/** The desk with this form on it. */
export async function deskPage(visit: Visit, state: State): Promise<Page> {
  const { service, caller } = visit;
  const [today, reviews] = await Promise.all([
    service.desk.today(caller),
    visit.may('desk.review_skips') ? service.desk.openReviews(caller) : [],
  ]);
  const nameOf = await namesOf(
    visit,
    [...today.records, ...reviews].map(({ actor }) => actor),
  );
  const failed = state.refusals.length > 0;
  const confirmations = await confirmationsOf(visit, today.records);
  const board = <Board {...{ visit, today, nameOf, confirmations }} />;
  const maySend = visit.may('desk.send');
  return {
    title: 'Desk',
    lead: `${dayText(visit)}. ${maySend ? 'Verify the caller before any work on the account.' : 'What the desk does today.'}`,
    actions: <LiveMark visit={visit} />,
    error: failed,
    status: failed ? 422 : 200,
    scripts: [LIVE],
    tallies: { [DESK_PATH]: [today.open, today.open === 1 ? 'open code' : 'open codes'] },
    body: (
      <div class="stack" {...liveAttributes(visit, '/desk/events', { mark: today.mark })}>
        {maySend ? <Resting visit={visit} channels={state.form.channels} /> : null}
        <Reviews visit={visit} records={reviews} nameOf={nameOf} />
        {maySend ? (
          <div class="cols cols-form">
            <SendForm visit={visit} {...state} />
            {board}
          </div>
        ) : (
          board
        )}
      </div>
    ),
  };
}
