import type { JSX } from 'hono/jsx/jsx-runtime';
import type { StatsRow, StatsView } from '../../../core/insight-views.ts';
import { type Anomaly, DIMENSIONS, type Dimension } from '../../../core/insights.ts';
import { CHANNELS } from '../../../core/verification.ts';
import type { InsightsPage } from '../../../service/api.ts';
import { Empty } from '../../components/empty.tsx';
import { href } from '../../site.ts';
import { DayField } from '../day-field.tsx';
import { namesOf } from '../names.ts';
import { portalPage, type Page } from '../page.tsx';
import type { StaffRoute } from '../route.ts';
import type { Visit } from '../visit.ts';
import { DayChart } from './chart.tsx';
import { changeBeside, count, money, moneyPer, percent, pointsBeside, seconds } from './figures.ts';
import { dayWords, INSIGHTS_PATH, PRESETS, readPeriod, type Period } from './period.ts';
import { Funnel, MOST_ROWS, Reasons, Slice } from './tables.tsx';
import { CHANNEL_WORDS } from '../../components/channel-words.ts';
import { countryWord } from '../country-name.ts';

/** How the application's live traffic does. */
export const INSIGHTS: readonly StaffRoute[] = [portalPage({ path: INSIGHTS_PATH, right: 'insights.view', show })];

const WORDS: Readonly<Record<Dimension, string>> = {
  country: 'Country',
  channel: 'Channel',
  provider: 'Provider',
  purpose: 'Purpose',
  agent: 'Agent',
};

async function show(visit: Visit): Promise<Page> {
  const period = readPeriod(visit, await visit.service.insights.today());
  const { from, to } = period;
  const views = await visit.service.insights.page(visit.caller, { from, to });
  const days = from === to ? dayWords(from) : `${dayWords(from)} to ${dayWords(to)}`;
  const lead = `${days} (UTC), ${visit.application.brand}, live traffic only.`;
  const body = (
    <div class="stack-wide">
      <PeriodForm visit={visit} period={period} />
      {views === null || views.day.total.started === 0 ? (
        <section class="card">
          <Empty title="No traffic in these days" icon="insights">
            <p>What is sent and verified is counted every few minutes and will stand here.</p>
          </Empty>
        </section>
      ) : (
        <Figures visit={visit} views={views} agentOf={await agentNames(visit, views.agent.data)} />
      )}
    </div>
  );
  const actions = <Presets visit={visit} period={period} />;
  return { title: 'Insights', lead, actions, body, ...(period.bad === null ? {} : { error: true, status: 422 }) };
}

/** The names of the agents that are shown, however many there are. */
async function agentNames(visit: Visit, rows: readonly StatsRow[]): Promise<(id: string) => string> {
  const actorOf = (id: string) => ({ type: 'agent', id }) as const;
  const nameOf = await namesOf(
    visit,
    rows.slice(0, MOST_ROWS).map(({ key }) => actorOf(key)),
  );
  return (id) => nameOf(actorOf(id));
}

function Presets({ visit, period }: { visit: Visit; period: Period }): JSX.Element {
  const path = href(visit.options, INSIGHTS_PATH);
  return (
    <nav class="row no-print" aria-label="Periods">
      {Object.entries(PRESETS).map(([name, days]) => (
        <a class="btn" href={`${path}?period=${name}`} aria-current={name === period.preset ? 'true' : undefined}>
          {days} days
        </a>
      ))}
    </nav>
  );
}

function PeriodForm({ visit, period }: { visit: Visit; period: Period }): JSX.Element {
  const path = href(visit.options, INSIGHTS_PATH);
  return (
    <form class="card filters no-print" method="get" action={path} aria-label="Period">
      <Day name="from" label="From" period={period} />
      <Day name="until" label="To" period={period} />
      <div class="row">
        <button class="btn">Show</button>
      </div>
    </form>
  );
}

function Day({ name, label, period }: { name: 'from' | 'until'; label: string; period: Period }): JSX.Element {
  const { from, to, bad } = period;
  const error = bad?.field === name ? bad.says : undefined;
  const value = bad === null ? { from, until: to }[name] : bad.typed[name];
  return <DayField name={name} label={label} value={value} error={error} />;
}

type FigureProps = { visit: Visit; views: InsightsPage; agentOf: (id: string) => string };

function Figures({ visit, views, agentOf }: FigureProps): JSX.Element {
  const { day } = views;
  const withCosts = (row: StatsRow): StatsRow => (visit.may('costs.view') ? row : { ...row, cost: null });
  const total = withCosts(day.total);
  return (
    <>
      <Tiles total={total} day={day} />
      <Anomalies found={day.anomalies} />
      <div class="cols cols-half">
        <DayChart days={day.data} />
        <Funnel total={total} />
      </div>
      {DIMENSIONS.filter((dimension) => views[dimension].data.length > 0).map((dimension) => (
        <Slice
          caption={`By ${WORDS[dimension].toLowerCase()}`}
          first={WORDS[dimension]}
          rows={views[dimension].data.map(withCosts)}
          total={total}
          nameOf={(key) => nameIn(dimension, key, agentOf)}
        />
      ))}
      <div class="cols cols-half">
        <Reasons caption="Not verified" counts={day.failures} none="Every code was verified." />
        <Reasons caption="Blocked before sending" counts={day.blocks} none="Nothing was blocked." />
      </div>
    </>
  );
}

function nameIn(dimension: Dimension, key: string, agentOf: (id: string) => string): string {
  if (key === '-') return dimension === 'country' ? 'No country' : 'None';
  if (dimension === 'country') return countryWord(key);
  if (dimension === 'channel')
    return CHANNELS.flatMap((one) => (one === key ? [CHANNEL_WORDS[one]] : [])).join('') || key;
  return dimension === 'agent' ? agentOf(key) : key;
}

function Tiles({ total, day }: { total: StatsRow; day: StatsView }): JSX.Element {
  const { previous, blocks, failures } = day;
  const blocked = Object.values(blocks).reduce((sum, times) => sum + times, 0);
  const tiles: readonly (readonly [string, string, string])[] = [
    ['Verified of started', percent(total.conversion), pointsBeside(total.conversion, previous.conversion)],
    ['Started', count(total.started), changeBeside(total.started, previous.started)],
    ['Half verified within', seconds(total.half_within), `95 in 100 within ${seconds(total.most_within)}`],
    ...(total.cost === null ? [] : [['Cost per verified', moneyPer(total), `${money(total.cost)} in all`] as const]),
    ['Skipped by agents', count(failures['skipped:override'] ?? 0), 'Not counted as verified'],
    ['Blocked before sending', count(blocked), blocked === 0 ? 'Nothing was blocked' : 'See the reasons below'],
  ];
  return (
    <dl class="tiles">
      {tiles.map(([label, figure, beside]) => (
        <div class="tile">
          <dt>{label}</dt>
          <dd>{figure}</dd>
          <dd>{beside}</dd>
        </div>
      ))}
    </dl>
  );
}

function Anomalies({ found }: { found: readonly Anomaly[] }): JSX.Element | null {
  if (found.length === 0) return null;
  return (
    <section class="card">
      <h2>Out of the ordinary</h2>
      <ul>
        {found.slice(-10).map((anomaly) => (
          <li>{anomalyWords(anomaly)}</li>
        ))}
      </ul>
      <p class="hint">
        A day is named when it lies far from the mean of the 14 days before: three standard deviations, and a fifth at
        least.
      </p>
    </section>
  );
}

function anomalyWords({ day, kind, value, expected }: Anomaly): string {
  const on = dayWords(day);
  if (kind === 'conversion_low') return `${on}: only ${percent(value)} were verified; ${percent(expected)} was usual.`;
  const word = kind === 'volume_high' ? 'many more' : 'far fewer';
  return `${on}: ${count(value)} started, ${word} than the usual ${count(expected)}.`;
}
