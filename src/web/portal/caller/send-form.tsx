import type { JSX } from 'hono/jsx/jsx-runtime';
import type { ChannelChoice, SendFormView } from '../../../service/api.ts';
import { ErrorList, Field, FieldNotes } from '../../components/field.tsx';
import { Flash } from '../../components/flash.tsx';
import { Icon } from '../../components/icon.tsx';
import { href } from '../../site.ts';
import { OnceField } from '../once-field.tsx';
import type { Visit } from '../visit.ts';
import { DestinationField, type Reach } from './destination-field.tsx';
import type { Doubt } from './doubt.ts';
import { NotesField } from './notes-field.tsx';
import { DESK_PATH, SKIP_PATH } from './paths.ts';
import type { Refusal } from './refusal.ts';
import { SelectField } from './select-field.tsx';
import { purposeOf, type Typed } from './typed.ts';
import { CHANNEL_WORDS } from '../../components/channel-words.ts';
import { nameOf } from '../words.ts';

export interface SendFormProps {
  readonly visit: Visit;
  readonly form: SendFormView;
  readonly typed: Typed;
  readonly refusals: readonly Refusal[];
  readonly doubt: Doubt | null;
}

const TITLE = 'The code was not sent';

/** The form that sends a code, with what was typed and what is wrong with it. */
export function SendForm(props: SendFormProps): JSX.Element {
  const { form, refusals } = props;
  const atFields = refusals.flatMap(({ field, text }) => (field === null ? [] : { id: field, text }));
  const whole = refusals.filter(({ field }) => field === null);
  return (
    <div class="stack">
      {whole.map(({ text }) => (
        <Flash tone="bad">
          <strong>{TITLE}.</strong> {text}
        </Flash>
      ))}
      <ErrorList title={TITLE} errors={atFields} />
      {form.channels.length === 0 ? <NoChannel /> : <Fields {...props} />}
    </div>
  );
}

function NoChannel(): JSX.Element {
  return (
    <section class="card">
      <h2>Send a code</h2>
      <p>No provider is set up for the channels of this purpose. An administrator can do that.</p>
    </section>
  );
}

function Fields({ visit, form, typed, refusals, doubt }: SendFormProps): JSX.Element {
  const errorOf = (field: Refusal['field']): string | undefined =>
    refusals.find((refusal) => refusal.field === field)?.text;
  const reasonNeeded = form.policy.reason === 'required';
  return (
    <form class="card" method="post" action={href(visit.options, DESK_PATH)} aria-labelledby="send-title" novalidate>
      <h2 id="send-title">Send a code</h2>
      <OnceField visit={visit} />
      <Channels channels={form.channels} chosen={typed.channel} error={errorOf('channel')} />
      <DestinationField visit={visit} reach={reachOf(form.channels)} typed={typed} error={errorOf('to')} />
      {form.purposes.length > 1 ? (
        <SelectField
          id="purpose"
          label="Purpose"
          options={form.purposes.map((name) => [name, nameOf(name)])}
          chosen={purposeOf(form, typed.purpose)}
        />
      ) : null}
      <SelectField
        id="reason"
        label="Reason"
        prompt="Choose a reason"
        options={form.reasons.map((reason) => [reason, reason])}
        chosen={typed.reason}
        optional={!reasonNeeded}
        error={errorOf('reason')}
      />
      <Field
        id="reference"
        label="Ticket or case"
        value={typed.reference}
        optional
        autocomplete="off"
        maxlength={40}
        error={errorOf('reference')}
      />
      <NotesField
        value={typed.notes}
        hint="Kept on the record. Never write a code here."
        optional
        error={errorOf('note')}
      />
      {doubt === null ? null : <DoubtNote doubt={doubt} />}
      <button class="btn btn-main btn-wide">
        <Icon name="plane" />
        {doubt === null ? 'Send code' : 'Send it anyway'}
      </button>
      {form.policy.override !== 'never' && visit.may('desk.skip') ? (
        <p class="small">
          <a href={href(visit.options, SKIP_PATH)}>Cannot send a code? Record a skip</a>
        </p>
      ) : null}
    </form>
  );
}

function DoubtNote({ doubt }: { doubt: Doubt }): JSX.Element {
  return (
    <>
      <Flash tone="warn">
        <strong>Nothing was sent yet.</strong> {doubt.sentences.join(' ')}
      </Flash>
      <input type="hidden" name="confirmed" value={doubt.key} />
    </>
  );
}

function Channels(props: {
  channels: readonly ChannelChoice[];
  chosen: Typed['channel'];
  error: string | undefined;
}): JSX.Element {
  const { channels, chosen, error } = props;
  return (
    <fieldset class="field">
      <legend>How</legend>
      <FieldNotes id="channel" error={error} />
      <div class="choices" id="channel">
        {channels.map(({ channel, restingUntil }) => (
          <label class="choice">
            <input
              type="radio"
              name="channel"
              value={channel}
              checked={channel === chosen}
              disabled={restingUntil !== null}
              aria-describedby={error === undefined ? undefined : 'channel-error'}
            />
            <span>{CHANNEL_WORDS[channel]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** What can be reached at the moment: channels that rest are no way to anybody. */
function reachOf(channels: readonly ChannelChoice[]): Reach {
  const working = channels.filter(({ restingUntil }) => restingUntil === null);
  const ways = working.length === 0 ? channels : working;
  const mail = ways.some(({ channel }) => channel === 'email');
  const phone = ways.some(({ channel }) => channel !== 'email');
  return mail && phone ? 'either' : mail ? 'email' : 'phone';
}
