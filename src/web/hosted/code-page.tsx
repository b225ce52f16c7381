import type { JSX } from 'hono/jsx/jsx-runtime';
import { LANGUAGES } from '../../core/texts/languages.ts';
import type { HostedState } from '../../service/api.ts';
import { COUNTDOWN, WEB_OTP } from '../assets.ts';
import { Flash } from '../components/flash.tsx';
import { href } from '../site.ts';
import { channelWord } from './channel-words.ts';
import { describedBy, Field } from './field.tsx';
import { clockTime, dayCount, fill } from './locale.ts';
import { brandOf, HostedPage } from './page.tsx';
import { hostedPath, type Visit } from './visit.ts';
import { SentTo } from './sent-to.tsx';

/** What the last act came to; it stands in the address after the redirect and says nothing by itself. */
export const NOTES = ['wrong', 'form', 'sent', 'early', 'spent', 'limit'] as const;
export type Note = (typeof NOTES)[number];

interface CodeProps {
  readonly visit: Visit;
  readonly state: HostedState;
  readonly note: Note | null;
}

/** The page with the code field. */
export function CodePage({ visit, state, note }: CodeProps): JSX.Element {
  const { words, locale } = visit.language;
  const { verification, policy } = state;
  const error = errorOf({ visit, state, note });
  const texts = LANGUAGES[locale];
  // As the message says it: whoever called an agent is asked for the code.
  const warning = verification.purpose === 'caller_check' ? texts.callWarning : texts.warning;
  const bySms = verification.channel === 'sms';
  return (
    <HostedPage
      visit={visit}
      title={words.enter}
      failed={error !== null}
      scripts={bySms ? [COUNTDOWN, WEB_OTP] : [COUNTDOWN]}
    >
      <div class="stack">
        <h1>{words.enter}</h1>
        <p>
          <SentTo visit={visit} to={verification.to} />
        </p>
      </div>
      {state.words === null ? null : <AgentWords visit={visit} words={state.words} />}
      <Told visit={visit} state={state} note={note} />
      <form class="stack-wide" method="post" action={actionOf(visit, 'verify', verification.id)} novalidate>
        <Field
          id="code"
          label={policy.code.alphabet === 'digits' ? fill(words.codeOf, { n: String(policy.code.length) }) : words.code}
          error={error}
        >
          <input
            class="input input-code"
            type="text"
            id="code"
            name="code"
            inputmode={policy.code.alphabet === 'digits' ? 'numeric' : 'text'}
            autocomplete="one-time-code"
            maxlength={24}
            autofocus
            required
            data-web-otp={bySms ? '' : undefined}
            {...describedBy('code', error)}
          />
        </Field>
        <Remember visit={visit} policy={policy} />
        <button class="btn btn-main btn-wide">{words.confirm}</button>
      </form>
      <Countdown visit={visit} state={state} />
      <Again visit={visit} state={state} />
      <p class="small quiet">{fill(warning, { brand: brandOf(visit) })}</p>
    </HostedPage>
  );
}

/** Whether this browser needs a code next time. Never ticked by itself. */
function Remember({ visit, policy }: { visit: Visit; policy: HostedState['policy'] }): JSX.Element | null {
  const { words, locale } = visit.language;
  const days = policy.remember_device_days;
  if (visit.flow?.origin !== 'request' || !(days > 0)) return null;
  return (
    <label class="tick">
      <input type="checkbox" name="remember" value="yes" autocomplete="off" />
      <span>{fill(words.remember, { time: dayCount(locale, days) })}</span>
    </label>
  );
}

function errorOf({ visit, state, note }: CodeProps): string | null {
  const { words } = visit.language;
  if (note === 'form') return words.badCode;
  if (note !== 'wrong') return null;
  const { reveal } = state.policy;
  if (reveal === 'generic') return words.refused;
  const left = fill(words.left, { n: String(state.verification.checks_remaining) });
  return reveal === 'reason_remaining' ? `${words.wrong} ${left}` : words.wrong;
}

/** The agent on the phone reads out the same words: whoever does not know them is somebody else. */
function AgentWords({ visit, words }: { visit: Visit; words: string }): JSX.Element {
  return (
    <p class="say">
      <bdi>{brandOf(visit)}</bdi>:{' '}
      <strong lang="en" dir="ltr">
        {words}
      </strong>
    </p>
  );
}

/** What became of another message. */
function Told({ visit, state, note }: CodeProps): JSX.Element | null {
  const { words, locale } = visit.language;
  if (note === 'sent') return <Flash tone="good">{words.sentAgain}</Flash>;
  if (note === 'spent' || note === 'limit') return <Flash tone="warn">{words.noMore}</Flash>;
  const next = state.verification.next_send_at;
  if (note !== 'early' || next === null) return null;
  const time = clockTime(locale, visit.application.time_zone, Date.parse(next), 'seconds');
  return <Flash tone="warn">{fill(words.later, { time })}</Flash>;
}

function Countdown({ visit, state }: Pick<CodeProps, 'visit' | 'state'>): JSX.Element {
  const { words, locale } = visit.language;
  const endsAt = Date.parse(state.verification.expires_at);
  const seconds = Math.max(1, Math.ceil((endsAt - state.now) / 1000));
  const time = clockTime(locale, visit.application.time_zone, endsAt);
  return (
    <div class="count" data-seconds={seconds}>
      <span class="small quiet" id="ends">
        {fill(words.until, { time })}
      </span>
      <strong role="timer" aria-labelledby="ends">
        <bdi dir="ltr"></bdi>
      </strong>
      <progress max={Math.max(seconds, state.policy.ttl_seconds)} value={seconds} aria-labelledby="ends"></progress>
    </div>
  );
}

/** The ways to another message: the same channel, the others, another destination. */
function Again({ visit, state }: Pick<CodeProps, 'visit' | 'state'>): JSX.Element {
  const { words } = visit.language;
  const { verification, channels } = state;
  const others = channels.filter((channel) => channel !== verification.channel);
  const resend = actionOf(visit, 'resend', verification.id);
  const own = visit.flow?.origin === 'request';
  return (
    <section class="stack-tight">
      <h2>{words.none}</h2>
      <p class="small quiet">{words.wait}</p>
      {verification.sends_remaining > 0 ? (
        <>
          <form method="post" action={resend}>
            <button class="btn btn-wide" {...waiting(state, words.again)}>
              {words.again}
            </button>
          </form>
          {others.map((channel) => (
            <form method="post" action={resend}>
              <input type="hidden" name="channel" value={channel} />
              <button class="btn btn-wide">{channelWord(words, channel)}</button>
            </form>
          ))}
        </>
      ) : null}
      {own ? (
        <p class="small">
          <a href={href(visit.options, requestPath(visit))}>{words.change}</a>
        </p>
      ) : null}
    </section>
  );
}

function waiting(state: HostedState, label: string): Readonly<Record<string, string | number>> {
  const next = state.verification.next_send_at;
  const seconds = next === null ? 0 : Math.ceil((Date.parse(next) - state.now) / 1000);
  return seconds > 0 ? { 'data-wait': seconds, 'data-wait-label': `${label} {time}` } : {};
}

function actionOf(visit: Visit, page: string, id: string): string {
  return href(visit.options, hostedPath(visit, page, { v: id }));
}

/** Back to the first page, with where the flow is to end. */
export function requestPath(visit: Visit): string {
  const { flow } = visit;
  return hostedPath(visit, 'request', { return_url: flow?.returnUrl ?? null, state: flow?.state ?? null });
}
