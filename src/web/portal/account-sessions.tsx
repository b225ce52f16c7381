import type { PropsWithChildren } from 'hono/jsx';
import type { JSX } from 'hono/jsx/jsx-runtime';
import type { SessionView } from '../../core/agent-views.ts';
import { href } from '../site.ts';
import { ACCOUNT_PATH } from './account-path.ts';
import { Moment } from './moment.tsx';
import { OnceField } from './once-field.tsx';
import type { Visit } from './visit.ts';

export function SessionsCard({ visit, sessions }: { visit: Visit; sessions: readonly SessionView[] }): JSX.Element {
  return (
    <section class="card">
      <h2>Where you are signed in</h2>
      <ul class="list">
        {sessions.map((session) => (
          <Session visit={visit} session={session} />
        ))}
      </ul>
      {sessions.length < 3 ? null : (
        <SignOutForm visit={visit} session="others">
          Sign out everywhere else
        </SignOutForm>
      )}
    </section>
  );
}

function Session({ visit, session }: { visit: Visit; session: SessionView }): JSX.Element {
  const { current, browser, ip, started_at: started, last_seen_at: seen } = session;
  return (
    <li>
      <span>
        <strong>{current ? 'This device' : browser}</strong>
        <br />
        <span class="small quiet">
          {current ? `${browser}, ` : ''}
          {ip === null ? '' : `${ip}, `}
          {current ? 'since ' : 'last used '}
          <Moment visit={visit} at={current ? started : seen} />
        </span>
      </span>
      {current ? (
        <span class="small quiet">Ends after 1 hour without use, or when the browser closes</span>
      ) : (
        <SignOutForm visit={visit} session={session.id}>
          Sign out<span class="visually-hidden"> {browser}</span>
        </SignOutForm>
      )}
    </li>
  );
}

function SignOutForm(props: PropsWithChildren<{ visit: Visit; session: string }>): JSX.Element {
  const { visit, session, children } = props;
  return (
    <form method="post" action={href(visit.options, `${ACCOUNT_PATH}/sessions`)}>
      <OnceField visit={visit} />
      <input type="hidden" name="session" value={session} />
      <button class="btn btn-small">{children}</button>
    </form>
  );
}
