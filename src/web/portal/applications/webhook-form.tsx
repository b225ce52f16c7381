import type { JSX } from 'hono/jsx/jsx-runtime';
import { WEBHOOK_EVENT_NAMES } from '../../../core/webhooks.ts';
import { href } from '../../site.ts';
import { OnceField } from '../once-field.tsx';
import type { Visit } from '../visit.ts';
import { FormErrors, TextControl, TicksControl } from './controls.tsx';
import { lines, type Errors, type Typed } from './typed.ts';

export const WEBHOOK_FIELDS = ['url', 'description', 'events'] as const;

type Filled = { typed: Typed; errors: Errors };
type FormProps = Filled & { visit: Visit; path: string };

/** Where to, what about, and a note for people. */
export function WebhookFields({ typed, errors }: Filled): JSX.Element {
  const common = { typed, errors };
  return (
    <>
      <TextControl
        {...common}
        id="url"
        label="Address"
        hint="https, on the public internet. What is posted is signed (Standard Webhooks)."
        maxlength={2048}
        needed
      />
      <TextControl {...common} id="description" label="Note" maxlength={200} />
      <TicksControl
        {...common}
        id="events"
        label="Events"
        choices={WEBHOOK_EVENT_NAMES.map((name) => [name, name] as const)}
      />
    </>
  );
}

/** The form of another address. */
export function NewWebhookForm({ visit, path, typed, errors }: FormProps): JSX.Element {
  return (
    <form class="card" method="post" action={href(visit.options, path)}>
      <h2>Another address</h2>
      <FormErrors errors={errors} />
      <OnceField visit={visit} />
      <WebhookFields typed={typed} errors={errors} />
      <div class="row">
        <button class="btn btn-main">Add the address</button>
      </div>
    </form>
  );
}

/** What the form makes for the schema. */
export function webhookInput({ url = '', description = '', events = '' }: Typed): object {
  return { url, description: description === '' ? null : description, events: lines(events) };
}
