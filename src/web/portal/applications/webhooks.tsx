import type { JSX } from 'hono/jsx/jsx-runtime';
import type { WebhookView } from '../../../core/views.ts';
import { WEBHOOK_EVENT_NAMES } from '../../../core/webhooks.ts';
import { webhookInputSchema } from '../../../schema/index.ts';
import { COPY } from '../../assets.ts';
import { Badge } from '../../components/badge.tsx';
import { Table } from '../../components/table.tsx';
import type { FormFields } from '../../form.ts';
import { href } from '../../site.ts';
import { Moment } from '../moment.tsx';
import type { Done, Page } from '../page.tsx';
import type { StaffRoute } from '../route.ts';
import type { Visit } from '../visit.ts';
import { framed } from './application-frame.tsx';
import { applicationAct, applicationPage } from './application-route.ts';
import type { Scope } from './scope.ts';
import { madeOnce, Secret, SHOWN_BEFORE } from './secret-once.tsx';
import { errorsOfProblem, parsed, typedIn, type Errors, type Typed } from './typed.ts';
import { NewWebhookForm, WEBHOOK_FIELDS, webhookInput } from './webhook-form.tsx';

const NEW: Typed = { url: '', description: '', events: WEBHOOK_EVENT_NAMES.join('\n') };

/** The addresses that are told of events, and a new one. */
export const WEBHOOKS: readonly StaffRoute[] = [
  applicationPage('/webhooks', (visit, scope) => webhooksPage(visit, scope, { typed: NEW, errors: {} })),
  applicationAct('/webhooks', create),
];

interface Shown {
  readonly typed: Typed;
  readonly errors: Errors;
  readonly secret?: JSX.Element;
}

async function webhooksPage(visit: Visit, scope: Scope, { typed, errors, secret }: Shown): Promise<Page> {
  const found = await visit.service.webhooks.list(scope.caller);
  const body = (
    <div class="stack-wide">
      {secret ?? null}
      <Endpoints visit={visit} path={scope.path} webhooks={found.ok ? found.value.data : []} />
      <NewWebhookForm visit={visit} path={`${scope.path}/webhooks`} typed={typed} errors={errors} />
    </div>
  );
  return framed(visit, scope, {
    tab: 'webhooks',
    failed: Object.keys(errors).length > 0,
    scripts: secret === undefined ? [] : [COPY],
    body,
  });
}

type EndpointsProps = { visit: Visit; path: string; webhooks: readonly WebhookView[] };

function Endpoints({ visit, path, webhooks }: EndpointsProps): JSX.Element {
  if (webhooks.length === 0) return <p class="card">No address is told of events yet.</p>;
  const rows = webhooks.map((view) => ({
    cells: [
      <a href={href(visit.options, `${path}/webhooks/${view.id}`)}>
        <bdi>{view.url}</bdi>
      </a>,
      view.events.length === WEBHOOK_EVENT_NAMES.length ? 'Everything' : view.events.join(', '),
      <WebhookState view={view} />,
      <Moment visit={visit} at={view.created_at} />,
    ],
  }));
  return (
    <section class="card card-flush">
      <Table caption="Addresses" columns={['Address', 'Events', 'State', 'Since']} rows={rows} />
    </section>
  );
}

/** Whether an address is told, and why not. */
export function WebhookState({ view }: { view: WebhookView }): JSX.Element {
  if (view.status === 'enabled') return <Badge tone="good" word="On" />;
  return (
    <>
      <Badge tone="calm" word="Off" />
      {view.disabled_reason === null ? null : <small> {view.disabled_reason}</small>}
    </>
  );
}

async function create(visit: Visit, scope: Scope, fields: FormFields): Promise<Done | Page> {
  const typed = typedIn(fields, WEBHOOK_FIELDS);
  const input = parsed(webhookInputSchema, webhookInput(typed));
  if ('errors' in input) return webhooksPage(visit, scope, { typed, errors: input.errors });
  const made = await madeOnce(visit, fields, () => visit.service.webhooks.create(scope.caller, input.value));
  const back = `${scope.path}/webhooks`;
  if (made.type === 'again') return { to: back, flash: SHOWN_BEFORE };
  if (made.type === 'refused') return webhooksPage(visit, scope, { typed, errors: errorsOfProblem(made.problem) });
  const { secret: value = '' } = made.value;
  const secret = <Secret visit={visit} title="The signing secret." label="Signing secret" value={value} back={back} />;
  return webhooksPage(visit, scope, { typed: NEW, errors: {}, secret });
}
