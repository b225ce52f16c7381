import type { HostedFlow } from '../../service/api.ts';
import { readForm } from '../form.ts';
import { EndedPage } from './end-pages.tsx';
import { EndPage } from './page.tsx';
import { leaveToError } from './refuse.ts';
import { pageReply, redirectReply, troubleReply } from './reply.tsx';
import { finish } from './finish.ts';
import { SentTo } from './sent-to.tsx';
import { doneReply } from './verify.tsx';
import { flowsCookie, withFlow, type Visit } from './visit.ts';

/** GET: says what it is and changes nothing, so that what follows links in mail (scanners, previews, prefetching) confirms nothing. */
export async function showConfirm(visit: Visit, flow: HostedFlow): Promise<Response> {
  const state = await visit.service.hosted.state(flow);
  if (state === null) return troubleReply(visit, 'link');
  const { verification } = state;
  if (verification.status === 'approved') return doneReply(visit, flow);
  if (verification.status !== 'pending')
    return pageReply(visit, 200, <EndedPage visit={visit} flow={flow} state={state} />);
  const { words } = visit.language;
  const text = <SentTo visit={visit} to={verification.to} />;
  const page = (
    <EndPage visit={visit} title={words.title} text={text} icon="lock" tone="calm">
      <form method="post">
        <button class="btn btn-main btn-wide">{words.confirm}</button>
      </form>
    </EndPage>
  );
  return pageReply(visit, 200, page);
}

/** POST: the press of a person stands for the code. Pressed again it changes nothing more. */
export async function takeConfirm(visit: Visit, flow: HostedFlow, token: string): Promise<Response> {
  const reading = await readForm(visit.request, visit.options);
  if (!reading.ok) return leaveToError(visit, reading.status);
  const confirmed = await visit.service.hosted.confirm(flow, token, visit.browser);
  if (!confirmed.ok) return troubleReply(visit, 'link');
  const { result, receipt, verification } = confirmed.value;
  const path = `/confirm/${token}`;
  if (result !== 'approved') return redirectReply(visit, path);
  const cookies = [flowsCookie(visit, withFlow(visit, flow))];
  return finish(visit, flow, { receipt, verification, path, cookies });
}
