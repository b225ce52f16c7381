import type { HostedFlow } from '../../service/api.ts';
import { readForm } from '../form.ts';
import { EndPage } from './page.tsx';
import { leaveToError } from './refuse.ts';
import { pageReply, redirectReply, troubleReply } from './reply.tsx';
import { SentTo } from './sent-to.tsx';
import { flowsCookie, hostedPath, keepsCookies, withFlow, type Visit } from './visit.ts';

/** GET: says what it is and changes nothing, so that a program that follows links (a scanner of mail) spends nothing. */
export async function showLink(visit: Visit, flow: HostedFlow): Promise<Response> {
  if (isOwn(visit, flow)) return redirectReply(visit, hostedPath(visit, 'verify', { v: flow.id }));
  if (await visit.service.hosted.isClaimed(flow)) return troubleReply(visit, 'foreign');
  const { words } = visit.language;
  const state = await visit.service.hosted.state(flow);
  const isSent = state !== null && state.verification.sends > 0;
  const text = isSent ? <SentTo visit={visit} to={state.verification.to} /> : words.intro;
  const page = (
    <EndPage visit={visit} title={words.title} text={text} icon="lock" tone="calm">
      <form method="post">
        <button class="btn btn-main btn-wide">{words.goOn}</button>
      </form>
    </EndPage>
  );
  return pageReply(visit, 200, page);
}

/** POST: the first browser has it from now on. */
export async function claimLink(visit: Visit, flow: HostedFlow): Promise<Response> {
  const reading = await readForm(visit.request, visit.options);
  if (!reading.ok) return leaveToError(visit, reading.status);
  if (!keepsCookies(visit)) return troubleReply(visit, 'cookies');
  const path = hostedPath(visit, 'verify', { v: flow.id });
  if (isOwn(visit, flow)) return redirectReply(visit, path);
  if (!(await visit.service.hosted.claim(flow))) return troubleReply(visit, 'foreign');
  return redirectReply(visit, path, [flowsCookie(visit, withFlow(visit, flow))]);
}

function isOwn(visit: Visit, flow: HostedFlow): boolean {
  return visit.flows.some(({ id }) => id === flow.id);
}
