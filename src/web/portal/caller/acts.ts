import { CHANNELS, type ChannelName } from '../../../core/verification.ts';
import type { Problem } from '../../../core/errors.ts';
import type { CheckView } from '../../../core/views.ts';
import type { CaseView } from '../../../service/api.ts';
import type { FormFields } from '../../form.ts';
import type { FlashNote } from '../flash.tsx';
import { momentText } from '../moment.tsx';
import { portalAct, type Done } from '../page.tsx';
import type { Answer, StaffRoute } from '../route.ts';
import type { Visit } from '../visit.ts';
import { secondsText } from './clock.tsx';
import { CASE_PATH, casePath } from './paths.ts';
import { namesOf } from '../names.ts';
import { counted } from '../words.ts';

/** What an agent does with an open code. Each leads back to its page, so that reading that again does nothing. */
export const CASE_ACTS: readonly StaffRoute[] = [
  act('check', 'desk.verify', check),
  act('resend', 'desk.send', resend),
  act('cancel', 'desk.verify', cancel),
  act('link', 'desk.verify', makeLink),
  act('reviewed', 'desk.review_skips', reviewed),
];

type Outcome = Promise<FlashNote | null | Answer>;

function act(
  name: string,
  right: StaffRoute['right'],
  run: (visit: Visit, view: CaseView, fields: FormFields) => Outcome,
): StaffRoute {
  return portalAct({
    path: `${CASE_PATH}/${name}`,
    right,
    async act(visit, fields): Promise<Done | Answer | null> {
      const found = await visit.service.desk.open(visit.caller, visit.param('id'));
      if (!found.ok) return null;
      const flash = await run(visit, found.value, fields);
      if (flash !== null && !('tone' in flash)) return flash;
      return { to: casePath(found.value.record.id), ...(flash === null ? {} : { flash }) };
    },
  });
}

function atCode(title: string): FlashNote {
  return { tone: 'bad', title, field: 'code' };
}

async function check(visit: Visit, view: CaseView, fields: FormFields): Outcome {
  const { record } = view;
  if (record.status !== 'pending') return closedNote(visit, view);
  const code = fields.text('code');
  if (code === '') return atCode('Enter the code.');
  if (record.context !== null) return { status: 404 };
  const checked = await visit.service.verify.check(visit.caller, record.id, { code });
  if (!checked.ok)
    return checked.problem.code === 'invalid_code_format' ? atCode(checked.problem.detail) : { status: 404 };
  return checkNote(visit, view, checked.value);
}

/** Null where the page itself says it. */
async function checkNote(visit: Visit, view: CaseView, { result, verification }: CheckView): Outcome {
  if (result === 'closed') return closedNote(visit, { ...view, record: { ...view.record, ...verification } });
  if (verification.status !== 'pending') return null;
  return atCode(`That is not the code. ${counted(verification.checks_remaining, 'attempt')} left.`);
}

async function closedNote(visit: Visit, { record, events }: CaseView): Promise<FlashNote> {
  const time = record.closed_at === null ? '' : ` at ${secondsText(visit, record.closed_at)}`;
  if (record.status === 'approved') {
    const by = events.findLast(({ type }) => type === 'approved')?.actor ?? record.actor;
    const name = (await namesOf(visit, [by]))(by);
    return { tone: 'info', title: `Already verified${time} by ${name}.`, text: 'Send a new code to verify again.' };
  }
  const replaced = record.status_reason === 'replaced';
  const titles: Readonly<Record<string, string>> = {
    canceled: replaced ? 'This code was replaced by a newer one.' : `This code was canceled${time}.`,
    skipped: `This verification was skipped${time}.`,
    expired: 'The code has expired.',
    failed: 'Too many wrong codes.',
  };
  return { tone: 'info', title: titles[record.status] ?? 'This code is closed.', text: 'Nothing was counted.' };
}

async function resend(visit: Visit, view: CaseView, fields: FormFields): Outcome {
  const { record } = view;
  const channel: ChannelName = CHANNELS.find((name) => name === fields.text('channel')) ?? record.channel;
  const sent = await visit.service.verify.resend(visit.caller, record.id, { channel });
  if (!sent.ok) return resendProblem(visit, view, sent.problem);
  const { sends_remaining: left, expires_at: end } = sent.value;
  if (end !== record.expires_at)
    return { tone: 'good', title: 'A new code is on its way.', text: 'The earlier one no longer works.' };
  return { tone: 'good', title: 'On its way again,', text: `the same code. ${counted(left, 'send')} left.` };
}

async function resendProblem(visit: Visit, view: CaseView, problem: Problem): Promise<FlashNote> {
  const { application } = visit;
  if (problem.code === 'verification_closed') return closedNote(visit, view);
  if (problem.code === 'send_cooldown') {
    const seconds = Math.max(1, Math.ceil(((problem.nextSendAt ?? view.now) - view.now) / 1000));
    return { tone: 'warn', title: `You can send again in ${counted(seconds, 'second')}.` };
  }
  if (problem.limit?.name === 'max_sends')
    return { tone: 'warn', title: 'No sends left for this code.', text: 'Send a new code from the desk.' };
  const at = problem.limit?.resetAt ?? null;
  const when =
    at === null ? '' : `Try again after ${momentText(new Date(at).toISOString(), view.now, application.time_zone)}.`;
  const title = 'The code was not sent.';
  if (problem.code === 'budget_exhausted') return { tone: 'bad', title, text: `Today’s budget is used up. ${when}` };
  if (problem.code === 'limit_exceeded') return { tone: 'bad', title, text: `A limit is reached. ${when}` };
  if (problem.code === 'channel_unavailable')
    return { tone: 'bad', title, text: 'This channel does not reach the caller now. Use another one.' };
  return { tone: 'bad', title, text: problem.detail };
}

async function cancel(visit: Visit, view: CaseView): Outcome {
  const done = await visit.service.verify.cancel(visit.caller, view.record.id);
  if (!done.ok) return closedNote(visit, view);
  return { tone: 'good', title: 'Code canceled.', text: 'It can no longer be entered.' };
}

async function makeLink(visit: Visit, view: CaseView): Outcome {
  const made = await visit.service.desk.makeLink(visit.caller, view.record.id);
  if (made.ok)
    return { tone: 'good', title: 'The link is ready.', text: 'Give it to the caller, and read the two words out.' };
  return made.problem.code === 'verification_closed'
    ? closedNote(visit, view)
    : { tone: 'warn', title: 'There is no link.', text: made.problem.detail };
}

async function reviewed(visit: Visit, view: CaseView): Outcome {
  const done = await visit.service.desk.review(visit.caller, view.record.id);
  if (done.ok) return { tone: 'good', title: 'Marked as reviewed.' };
  if (done.problem.code === 'forbidden') return { tone: 'warn', title: done.problem.detail };
  return { status: 404 };
}
