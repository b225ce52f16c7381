import type { PropsWithChildren } from 'hono/jsx';
import type { JSX } from 'hono/jsx/jsx-runtime';
import type { WebhookDeliveryView } from '../../../core/views.ts';
import { Badge } from '../../components/badge.tsx';
import { Table } from '../../components/table.tsx';
import { href } from '../../site.ts';
import { Moment } from '../moment.tsx';
import { OnceField } from '../once-field.tsx';
import type { Done, Page } from '../page.tsx';
import type { StaffRoute } from '../route.ts';
import type { Visit } from '../visit.ts';
import { framed } from './application-frame.tsx';
import { applicationAct, applicationPage } from './application-route.ts';
import type { Scope } from './scope.ts';

const PAGE = 25;

/** What was posted to an address, one by one; each can be sent again. */
export const DELIVERIES: readonly StaffRoute[] = [
  applicationPage('/webhooks/:id/deliveries/:delivery', deliveryPage),
  applicationAct('/webhooks/:id/deliveries/:delivery', sendAgain),
];

/** The newest deliveries of an address. */
export async function Deliveries(props: { visit: Visit; scope: Scope; webhook: string }): Promise<JSX.Element> {
  const { visit, scope, webhook } = props;
  const path = `${scope.path}/webhooks/${webhook}`;
  const { webhooks } = visit.service;
  const cursor = visit.query('cursor');
  const asked = { limit: PAGE, ...(cursor === '' ? {} : { cursor }) };
  const read = await webhooks.deliveries(scope.caller, webhook, asked);
  const found = read.ok ? read : await webhooks.deliveries(scope.caller, webhook, { limit: PAGE });
  const { data, next_cursor: next } = found.ok ? found.value : { data: [], next_cursor: null };
  if (data.length === 0) return <p class="card">Nothing was posted there in the last week.</p>;
  const rows = data.map((delivery) => ({
    cells: [
      <a href={href(visit.options, `${path}/deliveries/${delivery.id}`)}>
        {delivery.type} <small class="mono">{delivery.id}</small>
      </a>,
      <Result view={delivery} />,
      answerOf(delivery.attempts.at(-1)),
      String(delivery.attempts.length),
      <Moment visit={visit} at={delivery.created_at} />,
    ],
  }));
  return (
    <section class="card card-flush">
      <Table caption="Deliveries" columns={['Event', 'Result', 'Answer', 'Tries', 'Time']} rows={rows} />
      {next === null ? null : (
        <nav class="pager" aria-label="Pages of deliveries">
          <a class="btn btn-small" rel="next" href={href(visit.options, `${path}?cursor=${next}`)}>
            Older
          </a>
        </nav>
      )}
    </section>
  );
}

function Result({ view }: { view: WebhookDeliveryView }): JSX.Element {
  if (view.status === 'delivered') return <Badge tone="good" word="Delivered" />;
  if (view.status === 'failed') return <Badge tone="bad" icon="cross" word="Gave up" />;
  if (view.status === 'discarded') return <Badge tone="calm" word="Dropped" />;
  return <Badge tone="warn" icon="clock" word={view.attempts.length === 0 ? 'Waiting' : 'Retrying'} />;
}

function answerOf(attempt: WebhookDeliveryView['attempts'][number] | undefined): string {
  if (attempt === undefined) return 'None yet';
  const { status, error, ms } = attempt;
  const time = `${ms.toLocaleString('en-GB')} ms`;
  return status === null ? `${error ?? 'No answer'} (${time})` : `${status} in ${time}`;
}

async function ownDelivery(visit: Visit, { caller }: Scope): Promise<WebhookDeliveryView | null> {
  const found = await visit.service.webhooks.delivery(caller, visit.param('delivery'));
  return found.ok && found.value.webhook === visit.param('id') ? found.value : null;
}

async function deliveryPage(visit: Visit, scope: Scope): Promise<Page | null> {
  const view = await ownDelivery(visit, scope);
  if (view === null) return null;
  const path = `${scope.path}/webhooks/${view.webhook}`;
  const rows = view.attempts.map((attempt, at) => ({
    cells: [String(at + 1), answerOf(attempt), <Moment visit={visit} at={attempt.at} />],
  }));
  const body = (
    <div class="stack-wide">
      <section class="card">
        <div class="split">
          <h2>Delivery</h2>
          <Result view={view} />
        </div>
        <dl class="facts">
          <Fact word="webhook-id">
            <span class="mono">{view.id}</span>
          </Fact>
          <Fact word="Verification">
            <Verification visit={visit} scope={scope} id={view.verification} />
          </Fact>
          <Fact word="Next try">
            {view.next_attempt_at === null ? 'None' : <Moment visit={visit} at={view.next_attempt_at} />}
          </Fact>
        </dl>
        <form method="post" action={href(visit.options, `${path}/deliveries/${view.id}`)}>
          <OnceField visit={visit} />
          <button class="btn btn-main">{view.status === 'pending' ? 'Send now' : 'Send again'}</button>
        </form>
        <p class="hint">
          It keeps its webhook-id, so that the receiver can tell. The body is made anew from the record.
        </p>
        <p>
          <a href={href(visit.options, path)}>Back to the address</a>
        </p>
      </section>
      {rows.length === 0 ? null : (
        <section class="card card-flush">
          <Table caption="Tries" columns={['Try', 'Answer', 'Time']} rows={rows} />
        </section>
      )}
    </div>
  );
  return framed(visit, scope, { tab: 'webhooks', title: view.type, body });
}

function Fact({ word, children }: PropsWithChildren<{ word: string }>): JSX.Element {
  return (
    <div>
      <dt>{word}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What the event was about; a record of the own application is one press away. */
function Verification({ visit, scope, id }: { visit: Visit; scope: Scope; id: string | null }): JSX.Element {
  if (id === null) return <>None</>;
  const own = scope.view.id === visit.application.id;
  return <span class="mono">{own ? <a href={href(visit.options, `/desk/records/${id}`)}>{id}</a> : id}</span>;
}

async function sendAgain(visit: Visit, scope: Scope): Promise<Done | null> {
  const view = await ownDelivery(visit, scope);
  if (view === null) return null;
  const queued = await visit.service.webhooks.redeliver(scope.caller, view.id);
  const to = `${scope.path}/webhooks/${view.webhook}/deliveries/${view.id}`;
  return queued.ok
    ? { to, flash: { tone: 'good', title: 'On its way again.' } }
    : { to, flash: { tone: 'warn', title: queued.problem.detail } };
}
