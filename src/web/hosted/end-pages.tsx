import type { JSX } from 'hono/jsx/jsx-runtime';
import type { HostedFlow, HostedState } from '../../service/api.ts';
import { href } from '../site.ts';
import { requestPath } from './code-page.tsx';
import { fill } from './locale.ts';
import { brandOf, EndPage } from './page.tsx';
import { returnAddress } from './return-url.ts';
import { hostedPath, type Visit } from './visit.ts';

/** The code was right. `onward` carries the result. */
export function DonePage({ visit, onward }: { visit: Visit; onward: string | null }): JSX.Element {
  const { words } = visit.language;
  return (
    <EndPage visit={visit} title={words.done} icon="tick" tone="good">
      {onward === null ? (
        <p class="small quiet">{words.close}</p>
      ) : (
        <a class="btn btn-main btn-wide" href={onward}>
          {fill(words.goTo, { brand: brandOf(visit) })}
        </a>
      )}
      {visit.session === null ? null : <SignOut visit={visit} />}
    </EndPage>
  );
}

/** Ends the sign-in of this browser. */
export function SignOut({ visit }: { visit: Visit }): JSX.Element {
  return (
    <form method="post" action={href(visit.options, hostedPath(visit, 'logout'))}>
      <button class="btn btn-wide">{visit.language.words.signOut}</button>
    </form>
  );
}

/** The same, and no device of the person is remembered afterwards. */
export function ForgetDevices({ visit }: { visit: Visit }): JSX.Element {
  return (
    <form method="post" action={href(visit.options, hostedPath(visit, 'logout'))}>
      <input type="hidden" name="devices" value="all" />
      <button class="btn btn-wide">{visit.language.words.forget}</button>
    </form>
  );
}

type Ending = 'expired' | 'exhausted' | 'closed' | 'away';

/** How a flow ended that was not approved. Under a generic policy it does not say why. */
function endingOf({ verification, policy }: HostedState): Ending {
  const { status, status_reason: reason } = verification;
  const tells = policy.reveal !== 'generic';
  if (status === 'expired') return tells ? 'expired' : 'closed';
  if (status !== 'failed') return 'closed';
  if (reason !== 'max_checks') return 'away';
  return tells ? 'exhausted' : 'closed';
}

const LOOKS = {
  expired: { icon: 'clock', tone: 'calm' },
  exhausted: { icon: 'barred', tone: 'bad' },
  closed: { icon: 'bar', tone: 'calm' },
  away: { icon: 'triangle', tone: 'warn' },
} as const;

/** The code can no longer be entered: why, and the way on. */
export function EndedPage({ visit, flow, state }: { visit: Visit; flow: HostedFlow; state: HostedState }): JSX.Element {
  const { words } = visit.language;
  const ending = endingOf(state);
  const texts = { exhausted: words.exhaustedText, away: words.awayText, expired: undefined, closed: undefined };
  const text = texts[ending];
  const onward = returnAddress(visit, flow, { error: state.verification.status });
  return (
    <EndPage visit={visit} title={words[ending]} {...LOOKS[ending]} {...(text === undefined ? {} : { text })}>
      {flow.origin === 'request' ? <NewCode visit={visit} flow={flow} /> : null}
      {onward === null ? null : (
        <a class="btn btn-wide" href={onward}>
          {fill(words.goTo, { brand: brandOf(visit) })}
        </a>
      )}
    </EndPage>
  );
}

function NewCode({ visit, flow }: { visit: Visit; flow: HostedFlow }): JSX.Element {
  const { words } = visit.language;
  return (
    <>
      <form method="post" action={href(visit.options, hostedPath(visit, 'resend', { v: flow.id }))}>
        <button class="btn btn-main btn-wide">{words.newCode}</button>
      </form>
      <p class="small">
        <a href={href(visit.options, requestPath(visit))}>{words.change}</a>
      </p>
    </>
  );
}

/** A plain page about what cannot go on, and one way on. */
export function PlainEnd(props: {
  visit: Visit;
  title: string;
  text?: string;
  icon: 'clock' | 'lock' | 'triangle' | 'tray' | 'tick';
  tone: 'calm' | 'warn' | 'good';
  way?: { readonly path: string; readonly word: string };
}): JSX.Element {
  const { visit, way, ...rest } = props;
  return (
    <EndPage visit={visit} {...rest}>
      {way === undefined ? null : (
        <a class="btn btn-main btn-wide" href={href(visit.options, way.path)}>
          {way.word}
        </a>
      )}
    </EndPage>
  );
}
