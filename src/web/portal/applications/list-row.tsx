import type { JSX } from 'hono/jsx/jsx-runtime';
import type { ProviderView } from '../../../core/provider-views.ts';
import type { ApplicationView } from '../../../core/views.ts';
import { Badge } from '../../components/badge.tsx';
import { CHANNEL_WORDS } from '../../components/channel-words.ts';
import { href } from '../../site.ts';
import { count, percent } from '../insights/figures.ts';
import type { Visit } from '../visit.ts';
import { lastWeek, spentToday } from './last-week.ts';
import { APPLICATIONS_PATH } from './scope.ts';

/** What the list says of each application. */
export const LIST_COLUMNS = ['Name', 'Preset', 'Channels', 'Started, 7 days', 'Verified', 'Spent today', 'State'];

/** One application: what it sends through, how it did in the last seven days (UTC), what it spent, and whether it works. */
export async function listRow(
  visit: Visit,
  view: ApplicationView,
): Promise<{ readonly cells: readonly JSX.Element[] }> {
  const scoped = await visit.service.applications.administered(visit.caller, view.id);
  const found = scoped === null ? null : await visit.service.providers.list(scoped);
  const providers = found?.ok === true ? found.value.data : [];
  const week = scoped === null ? null : await lastWeek(visit, scoped);
  const channels = [...new Set(providers.map(({ channel }) => CHANNEL_WORDS[channel]))];
  return {
    cells: [
      <>
        <a href={href(visit.options, `${APPLICATIONS_PATH}/${view.id}`)}>
          <bdi>{view.name}</bdi>
        </a>{' '}
        <small class="mono">{view.id}</small>
      </>,
      <>{view.preset}</>,
      <>{channels.join(', ') || 'None'}</>,
      <>{week === null ? '–' : count(week.total.started)}</>,
      <>{percent(week?.total.conversion ?? null)}</>,
      <>{[week === null ? '–' : spentToday(week) || '–', budgetOf(view)].join(' ').trim()}</>,
      <State view={view} providers={providers} />,
    ],
  };
}

function budgetOf({ limits }: ApplicationView): string {
  const budget = limits['money_day'];
  return budget === undefined ? '' : `of ${budget.max.toLocaleString('en-GB')} ${budget.currency ?? 'USD'}`;
}

type StateProps = { view: ApplicationView; providers: readonly ProviderView[] };

function State({ view, providers }: StateProps): JSX.Element {
  if (view.sends_stopped) return <Badge tone="bad" word="Stopped" />;
  if (providers.length === 0) return <Badge tone="calm" word="Test keys only" />;
  const resting = providers.filter(({ state }) => state === 'resting').map(({ name }) => name);
  if (resting.length === 0) return <Badge tone="good" word="Working" />;
  return (
    <>
      <Badge tone="bad" word="Not answering" /> <small>{resting.join(', ')}</small>
    </>
  );
}
