import { type Confirmation, NOTE_LENGTH, type OverrideCause } from '../../../core/overrides.ts';
import type { DeskRecordView, SendFormView } from '../../../service/api.ts';
import type { FormFields } from '../../form.ts';
import { portalAct, portalPage, type Done, type Page } from '../page.tsx';
import type { Answer, StaffRoute } from '../route.ts';
import type { Visit } from '../visit.ts';
import { firstCountry } from './destination-field.tsx';
import { CASE_PATH, casePath, DESK_PATH, SKIP_PATH } from './paths.ts';
import { refusalOf } from './refusal.ts';
import { SkipForm, type SkipFormProps, type SkipRefusal } from './skip-form.tsx';
import { type TypedSkip, typedSkip } from './typed-skip.ts';
import { destinationOf, purposeOf } from './typed.ts';

const BARRED: Answer = { status: 403, detail: 'The policy of this purpose does not let agents go on without a code.' };

/** Going on without a code: of one that was sent, or of none. */
export const SKIP: readonly StaffRoute[] = [
  portalPage({ path: SKIP_PATH, right: 'desk.skip', show: (visit) => show(visit, null) }),
  portalAct({ path: SKIP_PATH, right: 'desk.skip', act: (visit, fields) => take(visit, fields, null) }),
  portalPage({
    path: `${CASE_PATH}/skip`,
    right: 'desk.skip',
    show: (visit) => ofCase(visit, (view) => show(visit, view)),
  }),
  portalAct({
    path: `${CASE_PATH}/skip`,
    right: 'desk.skip',
    act: (visit, fields) => ofCase(visit, (view) => take(visit, fields, view)),
  }),
];

async function ofCase<T>(visit: Visit, run: (record: DeskRecordView) => Promise<T>): Promise<T | null> {
  const found = await visit.service.desk.open(visit.caller, visit.param('id'));
  return found.ok ? run(found.value.record) : null;
}

async function show(visit: Visit, record: DeskRecordView | null): Promise<Page | Answer> {
  if (record !== null && record.status !== 'pending') return closed(record);
  const asked = visit.query('again');
  const again = asked === '' ? null : await visit.service.desk.open(visit.caller, asked);
  const before = again?.ok === true ? again.value.record : null;
  const form = await visit.service.desk.sendForm(visit.caller, before?.purpose ?? '');
  const typed: TypedSkip = {
    to: '',
    country: firstCountry(visit),
    purpose: before?.purpose ?? '',
    reason: before?.reason ?? '',
    reference: before?.reference ?? '',
    notes: '',
    cause: null,
    confirmation: null,
  };
  return page({ visit, form, record, typed, refusals: [] });
}

/** What ended cannot be skipped any more. */
function closed(record: DeskRecordView): Answer {
  return {
    status: 404,
    detail: `This verification is ${record.status}: there is nothing left to skip. Start again from the desk.`,
  };
}

async function take(visit: Visit, fields: FormFields, record: DeskRecordView | null): Promise<Done | Page | Answer> {
  const typed = typedSkip(fields);
  const form = await visit.service.desk.sendForm(visit.caller, typed.purpose);
  const missing = missingIn({ form, typed, record });
  const { cause, confirmation } = typed;
  if (missing.length > 0 || cause === null || confirmation === null)
    return page({ visit, form, record, typed, refusals: missing });
  const skipped = await skip(visit, { form, record, typed, cause, confirmation });
  if (skipped.ok) {
    const flash = { tone: 'info', title: 'Skip recorded.', text: 'It does not count as verified.' } as const;
    return { to: casePath(skipped.value.id), flash };
  }
  const { problem } = skipped;
  if (problem.code === 'forbidden') return BARRED;
  if (problem.code === 'verification_closed' && record !== null) return { to: casePath(record.id) };
  const channel = typed.to.includes('@') ? 'email' : null;
  const refusal = refusalOf({ visit, typed: { ...typed, channel, confirmed: '' }, problem, limits: [] });
  return page({ visit, form, record, typed, refusals: [refusal] });
}

interface Skipping {
  readonly form: SendFormView;
  readonly record: DeskRecordView | null;
  readonly typed: TypedSkip;
  readonly cause: OverrideCause;
  readonly confirmation: Confirmation;
}

function skip({ service, caller }: Visit, { form, record, typed, cause, confirmation }: Skipping) {
  const facts = { cause, confirmation, note: typed.notes };
  if (record !== null) return service.desk.skip(caller, record.id, facts);
  const { reason, reference } = typed;
  return service.desk.skipWithoutSending(caller, {
    ...facts,
    to: destinationOf({ ...typed, channel: null }),
    purpose: purposeOf(form, typed.purpose),
    ...(reason === '' ? {} : { reason }),
    ...(reference === '' ? {} : { reference }),
  });
}

function missingIn({ form, typed, record }: Pick<Skipping, 'form' | 'typed' | 'record'>): readonly SkipRefusal[] {
  const missing: SkipRefusal[] = [];
  if (record === null && typed.to === '') missing.push({ field: 'to', text: 'Enter the number or e-mail address.' });
  if (record === null && typed.reason === '' && form.policy.reason === 'required')
    missing.push({ field: 'reason', text: 'Choose why the caller must be verified.' });
  if (typed.cause === null) missing.push({ field: 'cause', text: 'Choose why no code was used.' });
  if (typed.confirmation === null) missing.push({ field: 'confirmation', text: 'Choose how you confirmed who it is.' });
  if (typed.notes.length < NOTE_LENGTH.min)
    missing.push({
      field: 'note',
      text: `Write at least ${NOTE_LENGTH.min} characters: what you checked, and who the representative is.`,
    });
  return missing;
}

function page(props: SkipFormProps): Page | Answer {
  const { form, record, refusals } = props;
  if ((record?.override ?? form.policy.override) === 'never') return BARRED;
  const failed = refusals.length > 0;
  const crumbs = [
    { path: DESK_PATH, word: 'Desk' },
    ...(record === null ? [] : [{ path: casePath(record.id), word: record.to.masked }]),
  ];
  return {
    title: 'Skip verification',
    crumbs,
    error: failed,
    status: failed ? 422 : 200,
    body: <SkipForm {...props} />,
  };
}
