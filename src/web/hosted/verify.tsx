import { typedCode } from '../../core/digits.ts';
import { CHANNELS } from '../../core/verification.ts';
import type { HostedFlow } from '../../service/api.ts';
import { readForm } from '../form.ts';
import { CodePage, NOTES, type Note, requestPath } from './code-page.tsx';
import { DonePage, EndedPage } from './end-pages.tsx';
import { startTrouble } from './problem.ts';
import { leaveToError } from './refuse.ts';
import { manyReply } from './request.tsx';
import { finish } from './finish.ts';
import { pageReply, redirectReply, troubleReply } from './reply.tsx';
import { returnAddress } from './return-url.ts';
import { deviceCookie, flowsCookie, hostedPath, withFlow, type Visit } from './visit.ts';

/** GET: the flow as it stands, whatever was there before (Back, reload, another tab). */
export async function showVerify(visit: Visit): Promise<Response> {
  const { flow } = visit;
  const state = flow === null ? null : await visit.service.hosted.state(flow);
  if (flow === null || state === null) return lostReply(visit);
  const { status } = state.verification;
  if (status === 'approved') return doneReply(visit, flow);
  if (status !== 'pending') return pageReply(visit, 200, <EndedPage visit={visit} flow={flow} state={state} />);
  const note = NOTES.find((name) => name === visit.query.get('e')) ?? null;
  return pageReply(visit, 200, <CodePage visit={visit} state={state} note={note} />);
}

/** The flow is approved; the browser that the code was entered in gets the result again. */
export async function doneReply(visit: Visit, flow: HostedFlow): Promise<Response> {
  const receipt = await visit.service.hosted.receipt(flow);
  const onward = receipt === null ? null : returnAddress(visit, flow, { result: receipt });
  return pageReply(visit, 200, <DonePage visit={visit} onward={onward} />);
}

/** This browser holds no such flow: it keeps no cookies, or too much time has gone by. */
function lostReply(visit: Visit): Promise<Response> {
  const refusesCookies = visit.query.has('v') && !visit.request.headers.has('cookie');
  return troubleReply(visit, refusesCookies ? 'cookies' : 'over');
}

/** POST: judges the code, then leads on; a reload of where it leads counts nothing. */
export async function takeCode(visit: Visit): Promise<Response> {
  const reading = await readForm(visit.request, visit.options);
  if (!reading.ok) return leaveToError(visit, reading.status);
  const { flow } = visit;
  if (flow === null) return lostReply(visit);
  const typed = typedCode(reading.fields.exact('code').slice(0, LONGEST_CODE));
  const remember = reading.fields.text('remember') === 'yes';
  const checked =
    typed === '' ? null : await visit.service.hosted.check(flow, { code: typed, remember }, visit.browser);
  if (checked === null) return back(visit, flow, 'form');
  if (!checked.ok) {
    const { code } = checked.problem;
    return code === 'invalid_code_format' ? back(visit, flow, 'form') : lostReply(visit);
  }
  const { result, receipt, verification, device } = checked.value;
  const cookies = device === null ? [] : [deviceCookie(visit, device)];
  if (result === 'approved') return finish(visit, flow, { receipt, verification, cookies });
  return back(visit, flow, result === 'incorrect' || result === 'context_mismatch' ? 'wrong' : null);
}

const LONGEST_CODE = 200;

function back(visit: Visit, flow: HostedFlow, note: Note | null): Response {
  return redirectReply(visit, hostedPath(visit, 'verify', { v: flow.id, e: note }));
}

/** POST: another message of the open verification, or a new one to the same destination where it has ended. */
export async function takeResend(visit: Visit): Promise<Response> {
  const reading = await readForm(visit.request, visit.options);
  if (!reading.ok) return leaveToError(visit, reading.status);
  const { flow, service, browser } = visit;
  if (flow === null) return lostReply(visit);
  const channel = CHANNELS.find((name) => name === reading.fields.text('channel')) ?? null;
  const sent = await service.hosted.resend(flow, channel, browser);
  if (sent.ok) return back(visit, flow, 'sent');
  switch (sent.problem.code) {
    case 'send_cooldown':
      return back(visit, flow, 'early');
    case 'limit_exceeded':
      return back(visit, flow, sent.problem.limit?.name === 'max_sends' ? 'spent' : 'limit');
    case 'verification_closed':
      return restart(visit, flow);
    default:
      return sent.problem.code === 'verification_not_found' ? lostReply(visit) : back(visit, flow, 'limit');
  }
}

async function restart(visit: Visit, flow: HostedFlow): Promise<Response> {
  const state = await visit.service.hosted.state(flow);
  if (state?.verification.status === 'approved') return back(visit, flow, null);
  const started = await visit.service.hosted.restart(flow, visit.language.locale, visit.browser);
  if (started === null) return redirectReply(visit, requestPath(visit));
  if (started.ok) {
    const cookie = flowsCookie(visit, withFlow(visit, started.value));
    return redirectReply(visit, hostedPath(visit, 'verify', { v: started.value.id }), [cookie]);
  }
  // The first page asks for what has to be shown.
  if (started.problem.code === 'challenge_required') return redirectReply(visit, requestPath(visit));
  const trouble = startTrouble(visit, started.problem, 'phone');
  return trouble.type === 'many' ? manyReply(visit, trouble) : troubleReply(visit, 'away');
}
