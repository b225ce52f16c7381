import type { JSX } from 'hono/jsx/jsx-runtime';
import type { CaseView } from '../../../service/api.ts';
import { href } from '../../site.ts';
import { OnceField } from '../once-field.tsx';
import { Trail } from '../trail.tsx';
import type { Visit } from '../visit.ts';
import { LiveMark } from './live-mark.tsx';
import { casePath } from './paths.ts';
import { isStranded, trailOf } from './trail.ts';
import { CHANNEL_WORDS } from '../../components/channel-words.ts';
import { counted } from '../words.ts';

type CardProps = { visit: Visit; view: CaseView };

/** How far the messages got, and the ways to another one. */
export function DeliveryCard({ visit, view }: CardProps): JSX.Element {
  const isOpen = view.record.status === 'pending';
  return (
    <section class="card">
      <div class="card-head">
        <h2>Delivery</h2>
        {isOpen ? <LiveMark visit={visit} /> : null}
      </div>
      <div class="stack" id="delivery" data-live-part>
        {view.record.sends === 0 ? <p>No code was sent.</p> : <Trail steps={trailOf(visit, view)} />}
        {isOpen ? <Again visit={visit} view={view} /> : null}
      </div>
      {isOpen ? null : <p class="hint">This code is closed. It cannot be sent or entered again.</p>}
    </section>
  );
}

/** Another message over the same channel, or over one of the others. */
function Again({ visit, view }: CardProps): JSX.Element | null {
  const { record, policy, channels } = view;
  if (!visit.may('desk.send')) return null;
  const left = record.sends_remaining;
  if (left === 0) return <p class="hint">No sends left for this code. Send a new code from the desk.</p>;
  const others = channels.filter(({ channel, restingUntil }) => channel !== record.channel && restingUntil === null);
  const first = isStranded(view) ? others[0] : undefined;
  return (
    <>
      <hr />
      <div class="stack-tight">
        {first === undefined ? null : (
          <Resend visit={visit} view={view} channel={first.channel} look="btn btn-main btn-wide" />
        )}
        <Resend visit={visit} view={view} channel={record.channel} look="btn btn-wide" />
        <p class="hint">
          {policy.resend_code === 'same' ? 'Same code' : 'A new code'}, {counted(left, 'send')} left. A new send does
          not add attempts.
        </p>
      </div>
      <div class="row small">
        {others
          .filter((other) => other !== first)
          .map(({ channel }) => (
            <Resend visit={visit} view={view} channel={channel} look="link" />
          ))}
      </div>
    </>
  );
}

type ResendProps = CardProps & { channel: CaseView['record']['channel']; look: string };

function Resend({ visit, view, channel, look }: ResendProps): JSX.Element {
  const { record, now } = view;
  const next = record.next_send_at === null ? 0 : Math.ceil((Date.parse(record.next_send_at) - now) / 1000);
  const word = channel === record.channel ? 'Send again' : (INSTEAD[channel] ?? `${CHANNEL_WORDS[channel]} instead`);
  const label = look === 'link' ? word : `${word} in {time}`;
  const waiting = next > 0 ? { 'data-wait': next, 'data-wait-label': label } : {};
  return (
    <form method="post" action={href(visit.options, casePath(record.id, 'resend'))}>
      <OnceField visit={visit} />
      <input type="hidden" name="channel" value={channel} />
      <button class={look} {...waiting}>
        {word}
      </button>
    </form>
  );
}

const INSTEAD: Readonly<Partial<Record<CaseView['record']['channel'], string>>> = {
  voice: 'Call instead',
  sms: 'Send an SMS instead',
};
