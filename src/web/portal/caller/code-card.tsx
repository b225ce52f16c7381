import type { JSX } from 'hono/jsx/jsx-runtime';
import type { CaseView } from '../../../service/api.ts';
import { Field } from '../../components/field.tsx';
import { href } from '../../site.ts';
import { OnceField } from '../once-field.tsx';
import type { Visit } from '../visit.ts';
import { Seconds } from './clock.tsx';
import { casePath } from './paths.ts';
import { isStranded } from './trail.ts';
import { spoken } from './spoken.ts';

interface CardProps {
  readonly visit: Visit;
  readonly view: CaseView;
  /** What is wrong with the code that was entered. */
  readonly error: string | undefined;
}

/** What to say, the code field, the time and the attempts that are left. */
export function CodeCard({ visit, view, error }: CardProps): JSX.Element {
  const { record } = view;
  return (
    <section class="card" aria-label="Code">
      {error === undefined ? <Say view={view} /> : null}
      {record.context === null ? (
        <div class="cols cols-entry">
          <CodeForm visit={visit} view={view} error={error} />
          <div class="stack-wide">
            <TimeLeft visit={visit} view={view} />
            <AttemptsLeft view={view} />
          </div>
        </div>
      ) : (
        <p>A program bound this code to one of its own steps: it can only be entered there.</p>
      )}
      <hr />
      <div class="row small">
        {record.override !== 'never' && visit.may('desk.skip') ? (
          <a href={href(visit.options, casePath(record.id, 'skip'))}>Skip with a reason</a>
        ) : null}
        <form method="post" action={href(visit.options, casePath(record.id, 'cancel'))}>
          <OnceField visit={visit} />
          <button class="link">Cancel this code</button>
        </form>
      </div>
    </section>
  );
}

function Say({ view }: Pick<CardProps, 'view'>): JSX.Element {
  return (
    <div class="say" id="say" data-live-part>
      <p>Say to the caller</p>
      <p>{sentence(view)}</p>
    </div>
  );
}

function sentence(view: CaseView): string {
  const { record, policy } = view;
  const length = `${policy.code.length}-${policy.code.alphabet === 'digits' ? 'digit' : 'character'}`;
  if (isStranded(view))
    return record.to.type === 'email'
      ? '“The message has not reached your mailbox. Is the address right, and is there room in it?”'
      : '“The message has not reached your phone. Is it on, and does it have coverage?”';
  const way = record.channel === 'voice' ? `I am having a ${length} code read to` : `I have sent a ${length} code to`;
  const next = view.link === null ? 'Please read it to me.' : 'Type it on your page, or read it to me.';
  return `“${way} ${spoken(record.to)}. ${next} I cannot see it.”`;
}

function CodeForm({ visit, view, error }: CardProps): JSX.Element {
  const { record, policy } = view;
  return (
    <form class="stack" method="post" action={href(visit.options, casePath(record.id, 'check'))}>
      <OnceField visit={visit} />
      <Field
        id="code"
        label="One-time passcode"
        hint="Spaces and hyphens do not matter."
        error={error}
        class="input-code"
        inputmode={policy.code.alphabet === 'digits' ? 'numeric' : 'text'}
        autocomplete="off"
        maxlength={12}
        first
      />
      <button class="btn btn-main">Verify code</button>
    </form>
  );
}

function TimeLeft({ visit, view }: Pick<CardProps, 'visit' | 'view'>): JSX.Element {
  const { record, policy, now } = view;
  const seconds = Math.max(1, Math.ceil((Date.parse(record.expires_at) - now) / 1000));
  return (
    <div class="count" data-seconds={seconds}>
      <span class="quiet small" id="time-left">
        Code expires
      </span>
      <strong role="timer" aria-labelledby="time-left">
        <bdi dir="ltr"></bdi>
      </strong>
      <progress max={Math.max(seconds, policy.ttl_seconds)} value={seconds} aria-labelledby="time-left"></progress>
      <span class="small quiet">
        at <Seconds visit={visit} at={record.expires_at} />
      </span>
      <span class="visually-hidden" role="status" data-announce="Code expires in"></span>
    </div>
  );
}

function AttemptsLeft({ view }: Pick<CardProps, 'view'>): JSX.Element {
  const { checks, checks_remaining: left } = view.record;
  const all = checks + left;
  const pips = Array.from({ length: all }, (_, index) => index < left);
  return (
    <div class="count" id="attempts" data-live-part>
      <span class="quiet small">Attempts left</span>
      <strong>
        {left} of {all}{' '}
        <span class="pips" aria-hidden="true">
          {pips.map((on) => (
            <i class={on ? 'on' : undefined}></i>
          ))}
        </span>
      </strong>
      <span class="small quiet">
        {checks === 0 ? 'A badly formed code does not cost one.' : 'Ask the caller to read it digit by digit.'}
      </span>
    </div>
  );
}
