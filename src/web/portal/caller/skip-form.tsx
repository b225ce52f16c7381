import type { JSX } from 'hono/jsx/jsx-runtime';
import { CONFIRMATIONS, OVERRIDE_CAUSES } from '../../../core/overrides.ts';
import type { DeskRecordView, SendFormView } from '../../../service/api.ts';
import { ErrorList, Field } from '../../components/field.tsx';
import { Flash } from '../../components/flash.tsx';
import { href } from '../../site.ts';
import { OnceField } from '../once-field.tsx';
import type { Visit } from '../visit.ts';
import { DestinationField } from './destination-field.tsx';
import { NotesField } from './notes-field.tsx';
import { casePath, DESK_PATH, SKIP_PATH } from './paths.ts';
import type { Refusal } from './refusal.ts';
import { SelectField } from './select-field.tsx';
import type { TypedSkip } from './typed-skip.ts';
import { purposeOf } from './typed.ts';
import { nameOf } from '../words.ts';

export type SkipRefusal = { readonly field: Refusal['field'] | 'cause' | 'confirmation'; readonly text: string };

export interface SkipFormProps {
  readonly visit: Visit;
  readonly form: SendFormView;
  readonly record: DeskRecordView | null;
  readonly typed: TypedSkip;
  readonly refusals: readonly SkipRefusal[];
}

/** How and why a caller is believed without a code. */
export function SkipForm(props: SkipFormProps): JSX.Element {
  const { visit, form, record, typed, refusals } = props;
  const errorOf = (field: SkipRefusal['field']): string | undefined =>
    refusals.find((refusal) => refusal.field === field)?.text;
  const whole = errorOf(null);
  const back = record === null ? DESK_PATH : casePath(record.id);
  return (
    <div class="dialog stack">
      {whole === undefined ? null : <Flash tone="bad">{whole}</Flash>}
      <ErrorList
        title="The skip was not recorded"
        errors={refusals.flatMap(({ field, text }) => (field === null ? [] : { id: field, text }))}
      />
      <Flash tone="info">
        <strong>A skip is recorded under your name and never counts as verified.</strong> You must be sure of the caller
        in another way first.
      </Flash>
      <form
        class="stack"
        method="post"
        action={href(visit.options, record === null ? SKIP_PATH : casePath(record.id, 'skip'))}
        novalidate
      >
        <OnceField visit={visit} />
        {record === null ? <Whom {...props} errorOf={errorOf} /> : <KnownCase record={record} />}
        <SelectField
          id="cause"
          label="Why no code was used"
          prompt="Choose one"
          options={Object.entries(OVERRIDE_CAUSES)}
          chosen={typed.cause ?? ''}
          error={errorOf('cause')}
        />
        <SelectField
          id="confirmation"
          label="How you confirmed who it is"
          prompt="Choose one"
          options={Object.entries(CONFIRMATIONS)}
          chosen={typed.confirmation ?? ''}
          error={errorOf('confirmation')}
        />
        <NotesField
          value={typed.notes}
          hint="What you checked, and the authorised representative’s name."
          error={errorOf('note')}
        />
        <div class="row">
          <button class="btn btn-main">Record the skip</button>
          <a class="btn" href={href(visit.options, back)}>
            {record === null ? 'Back to the desk' : 'Back to the code'}
          </a>
        </div>
        {(record?.override ?? form.policy.override) === 'with_review' ? (
          <p class="hint">A supervisor looks at every skip.</p>
        ) : null}
      </form>
    </div>
  );
}

function KnownCase({ record }: { record: DeskRecordView }): JSX.Element {
  return (
    <dl class="facts">
      <div>
        <dt>Destination</dt>
        <dd dir="ltr">{record.to.masked}</dd>
      </div>
      {record.reference === null ? null : (
        <div>
          <dt>Ticket or case</dt>
          <dd>
            <bdi>{record.reference}</bdi>
          </dd>
        </div>
      )}
    </dl>
  );
}

/** Whom a skip without a code is about. */
function Whom(props: SkipFormProps & { errorOf: (field: SkipRefusal['field']) => string | undefined }): JSX.Element {
  const { visit, form, typed, errorOf } = props;
  return (
    <>
      <DestinationField visit={visit} reach="either" typed={typed} error={errorOf('to')} />
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
        optional={form.policy.reason !== 'required'}
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
    </>
  );
}
