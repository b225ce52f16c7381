import type { JSX } from 'hono/jsx/jsx-runtime';
import { href } from '../site.ts';
import { SignOut } from './end-pages.tsx';
import { HostedPage } from './page.tsx';
import { pageReply, troubleReply } from './reply.tsx';
import { isWellAsked } from './return-url.ts';
import { Steps } from './steps.tsx';
import { hostedPath, type Visit } from './visit.ts';

/** GET: what this browser can do here. For a link that asks for nothing yet; a host application leads to the request at once. */
export async function showHome(visit: Visit): Promise<Response> {
  if (!isWellAsked(visit)) return troubleReply(visit, 'link');
  return pageReply(visit, 200, <HomePage visit={visit} />);
}

function HomePage({ visit }: { visit: Visit }): JSX.Element {
  const { options, query, flow, session, language } = visit;
  const { words } = language;
  const kept = Object.fromEntries(['return_url', 'state', 'channel'].map((name) => [name, query.get(name)]));
  return (
    <HostedPage visit={visit} title={words.title}>
      <div class="stack">
        <h1>{words.title}</h1>
        <p class="quiet">{words.intro}</p>
      </div>
      <a class="btn btn-main btn-wide" href={href(options, hostedPath(visit, 'request', kept))}>
        {words.goOn}
      </a>
      {flow === null ? null : (
        <a class="btn btn-wide" href={href(options, hostedPath(visit, 'verify', { v: flow.id }))}>
          {words.enter}
        </a>
      )}
      {session === null ? null : <SignOut visit={visit} />}
      <section class="stack-tight">
        <h2>{words.works}</h2>
        <Steps visit={visit} />
      </section>
    </HostedPage>
  );
}
