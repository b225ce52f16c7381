import type { ChannelName } from '../../../core/verification.ts';
import type { PreviewView } from '../../../core/views.ts';
import type { SendFormView } from '../../../service/api.ts';
import type { FormFields } from '../../form.ts';
import type { Done, Page } from '../page.tsx';
import type { Visit } from '../visit.ts';
import { deskPage } from './landing.tsx';
import { doubtOf } from './doubt.ts';
import { casePath } from './paths.ts';
import { refusalOf, type Refusal } from './refusal.ts';
import { startInput, type Typed, typedIn } from './typed.ts';
import { CHANNEL_IN_TEXT } from '../../components/channel-words.ts';

/** Sends a code: looks at the form first, asks once where there is a doubt, and only then starts. */
export async function send(visit: Visit, fields: FormFields): Promise<Done | Page> {
  const typed = typedIn(fields);
  const form = await visit.service.desk.sendForm(visit.caller, typed.purpose);
  const again = (refusals: readonly Refusal[], doubt: ReturnType<typeof doubtOf> = null): Promise<Page> =>
    deskPage(visit, { form, typed, refusals, doubt });
  const previewed = await visit.service.verify.preview(visit.caller, startInput(form, typed));
  const missing = missingIn(form, typed);
  if (missing.length > 0) {
    const more = previewed.ok ? [] : [refusalOf({ visit, typed, problem: previewed.problem, limits: [] })];
    return again(inOrder([...missing, ...more]));
  }
  const preview = previewed.ok ? previewed.value : null;
  const doubt = preview === null ? null : doubtOf(visit, typed, preview);
  if (doubt !== null && typed.confirmed !== doubt.key) return again([], doubt);
  return start(visit, { form, typed, preview, again });
}

function missingIn(form: SendFormView, { to, reason, channel }: Typed): readonly Refusal[] {
  const missing: Refusal[] = [];
  if (to === '') missing.push({ field: 'to', text: missingTo(channel) });
  if (reason === '' && form.policy.reason === 'required')
    missing.push({ field: 'reason', text: 'Choose why the caller must be verified.' });
  return missing;
}

function missingTo(channel: ChannelName | null): string {
  return channel === 'email' ? 'Enter the e-mail address.' : 'Enter the mobile number.';
}

/** One refusal a field, in the order of the form. */
function inOrder(refusals: readonly Refusal[]): readonly Refusal[] {
  const order = ['channel', 'to', 'reason', 'reference', 'note', null] as const;
  return order.flatMap((field) => refusals.find((refusal) => refusal.field === field) ?? []);
}

interface Starting {
  readonly form: SendFormView;
  readonly typed: Typed;
  readonly preview: PreviewView | null;
  again(refusals: readonly Refusal[]): Promise<Page>;
}

async function start(visit: Visit, { form, typed, preview, again }: Starting): Promise<Done | Page> {
  const { service, caller } = visit;
  const started = await service.verify.start(caller, startInput(form, typed));
  if (!started.ok) {
    const { problem } = started;
    return again([refusalOf({ visit, typed, problem, limits: preview?.limits ?? [] })]);
  }
  const { id, channel, to } = started.value.verification;
  if (typed.notes !== '') await service.desk.addNote(caller, id, typed.notes);
  const text = `by ${CHANNEL_IN_TEXT[channel]} to ${to.masked}.`;
  return { to: casePath(id), flash: { tone: 'good', title: 'Code on its way', text } };
}
