import type { JSX } from 'hono/jsx/jsx-runtime';
import type { WebhookView } from '../../../core/views.ts';
import { webhookPatchSchema } from '../../../schema/index.ts';
import { COPY } from '../../assets.ts';
import type { FormFields } from '../../form.ts';
import { href } from '../../site.ts';
import { OnceField } from '../once-field.tsx';
import type { Done, Page } from '../page.tsx';
import type { StaffRoute } from '../route.ts';
import type { Visit } from '../visit.ts';
import { framed } from './application-frame.tsx';
import { applicationAct, applicationPage } from './application-route.ts';
import { Confirmation } from './confirmation.tsx';
import { FormErrors } from './controls.tsx';
import type { Scope } from './scope.ts';
import { madeOnce, Secret, SHOWN_BEFORE } from './secret-once.tsx';
import { errorsOfProblem, parsed, typedIn, type Errors, type Typed } from './typed.ts';
import { Deliveries } from './webhook-deliveries.tsx';
import { WEBHOOK_FIELDS, WebhookFields, webhookInput } from './webhook-form.tsx';
import { WebhookState } from './webhooks.tsx';

/** One address: change it, switch it, try it, give it a new secret, remove it. */
export const WEBHOOK: readonly StaffRoute[] = [
  applicationPage('/webhooks/:id', (visit, scope) => webhookPage(visit, scope, {})),
  applicationAct('/webhooks/:id', save),
  applicationAct('/webhooks/:id/state', setState),
  applicationAct('/webhooks/:id/test', test),
  applicationAct('/webhooks/:id/secret', rotate),
  applicationPage('/webhooks/:id/remove', confirmRemoval),
  applicationAct('/webhooks/:id/remove', remove),
];

interface Shown {
  readonly typed?: Typed;
  readonly errors?: Errors;
  readonly secret?: JSX.Element;
}

async function webhookPage(visit: Visit, scope: Scope, { typed, errors = {}, secret }: Shown): Promise<Page | null> {
  const found = await visit.service.webhooks.get(scope.caller, visit.param('id'));
  if (!found.ok) return null;
  const view = found.value;
  const path = `${scope.path}/webhooks/${view.id}`;
  const body = (
    <div class="stack-wide">
      {secret ?? null}
      <div class="cols cols-half">
        <form class="card" method="post" action={href(visit.options, path)}>
          <h2>Address and events</h2>
          <FormErrors errors={errors} />
          <OnceField visit={visit} />
          <WebhookFields typed={typed ?? shownOf(view)} errors={errors} />
          <div class="row">
            <button class="btn btn-main">Save</button>
          </div>
        </form>
        <Acts visit={visit} path={path} view={view} />
      </div>
      <Deliveries visit={visit} scope={scope} webhook={view.id} />
    </div>
  );
  const failed = Object.keys(errors).length > 0;
  const scripts = secret === undefined ? [] : [COPY];
  return framed(visit, scope, { tab: 'webhooks', title: new URL(view.url).host, lead: view.id, failed, scripts, body });
}

function shownOf({ url, description, events }: WebhookView): Typed {
  return { url, description: description ?? '', events: events.join('\n') };
}

function Acts({ visit, path, view }: { visit: Visit; path: string; view: WebhookView }): JSX.Element {
  const on = view.status === 'enabled';
  return (
    <section class="card">
      <div class="split">
        <h2>State</h2>
        <WebhookState view={view} />
      </div>
      <div class="row">
        <Act visit={visit} action={`${path}/state`} word={on ? 'Switch it off' : 'Switch it on'}>
          <input type="hidden" name="enabled" value={on ? 'no' : 'yes'} />
        </Act>
        <Act visit={visit} action={`${path}/test`} word="Send a test event" />
        <Act visit={visit} action={`${path}/secret`} word="Make a new secret" />
        <a class="btn btn-danger" href={href(visit.options, `${path}/remove`)}>
          Remove
        </a>
      </div>
      <p class="hint">After a new secret both sign for a day, so that the receiver can change over.</p>
    </section>
  );
}

type ActProps = { visit: Visit; action: string; word: string; children?: JSX.Element };

function Act({ visit, action, word, children }: ActProps): JSX.Element {
  return (
    <form method="post" action={href(visit.options, action)}>
      <OnceField visit={visit} />
      {children ?? null}
      <button class="btn">{word}</button>
    </form>
  );
}

async function save(visit: Visit, scope: Scope, fields: FormFields): Promise<Done | Page | null> {
  const typed = typedIn(fields, WEBHOOK_FIELDS);
  const input = parsed(webhookPatchSchema, webhookInput(typed));
  if ('errors' in input) return webhookPage(visit, scope, { typed, errors: input.errors });
  const id = visit.param('id');
  const saved = await visit.service.webhooks.update(scope.caller, id, input.value);
  if (saved.ok) return { to: `${scope.path}/webhooks/${id}`, flash: { tone: 'good', title: 'Saved.' } };
  return webhookPage(visit, scope, { typed, errors: errorsOfProblem(saved.problem) });
}

async function setState(visit: Visit, scope: Scope, fields: FormFields): Promise<Done | null> {
  const id = visit.param('id');
  const enabled = fields.text('enabled') === 'yes';
  const saved = await visit.service.webhooks.update(scope.caller, id, { enabled });
  if (!saved.ok) return saved.problem.code === 'not_found' ? null : refused(scope, id, saved.problem.detail);
  const title = enabled ? 'Switched on.' : 'Switched off. Nothing is posted there.';
  return { to: `${scope.path}/webhooks/${id}`, flash: { tone: 'good', title } };
}

function refused({ path }: Scope, id: string, title: string): Done {
  return { to: `${path}/webhooks/${id}`, flash: { tone: 'warn', title } };
}

async function test(visit: Visit, scope: Scope): Promise<Done | null> {
  const id = visit.param('id');
  const queued = await visit.service.webhooks.test(scope.caller, id);
  if (!queued.ok) return null;
  return { to: `${scope.path}/webhooks/${id}/deliveries/${queued.value.id}` };
}

async function rotate(visit: Visit, scope: Scope, fields: FormFields): Promise<Done | Page | null> {
  const id = visit.param('id');
  const back = `${scope.path}/webhooks/${id}`;
  const made = await madeOnce(visit, fields, () => visit.service.webhooks.rotate(scope.caller, id));
  if (made.type === 'again') return { to: back, flash: SHOWN_BEFORE };
  if (made.type === 'refused')
    return made.problem.code === 'not_found' ? null : refused(scope, id, made.problem.detail);
  const { secret: value = '' } = made.value;
  const secret = (
    <Secret visit={visit} title="The new signing secret." label="Signing secret" value={value} back={back} />
  );
  return webhookPage(visit, scope, { secret });
}

async function confirmRemoval(visit: Visit, scope: Scope): Promise<Page | null> {
  const found = await visit.service.webhooks.get(scope.caller, visit.param('id'));
  if (!found.ok) return null;
  const path = `${scope.path}/webhooks/${found.value.id}`;
  const body = (
    <Confirmation visit={visit} action={`${path}/remove`} back={path} yes="Remove the address" no="Keep it">
      <p>
        <bdi>{found.value.url}</bdi> is told nothing more. What is still on its way to it is dropped.
      </p>
    </Confirmation>
  );
  return framed(visit, scope, { tab: 'webhooks', title: `Remove ${new URL(found.value.url).host}?`, body });
}

async function remove(visit: Visit, scope: Scope): Promise<Done | null> {
  const removed = await visit.service.webhooks.remove(scope.caller, visit.param('id'));
  if (!removed.ok) return null;
  return { to: `${scope.path}/webhooks`, flash: { tone: 'good', title: 'The address is removed.' } };
}
