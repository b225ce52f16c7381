import type { JSX } from 'hono/jsx/jsx-runtime';
import type { EventType } from '../../../core/events.ts';
import type { EventView } from '../../../core/views.ts';
import type { Evidence } from '../../../service/evidence/api.ts';
import { Instant } from './instants.tsx';
import { tell } from './story.ts';
import { statusWords } from '../status.tsx';
import { Trail, type TrailStep } from '../trail.tsx';
import { nameOf } from '../words.ts';
import type { NameOf } from '../names.ts';

type Props = { evidence: Evidence; nameOf: NameOf; timeZone: string };

/** How far it got: Started, Sent, Delivered, and its end. */
export function TrailCard({ evidence, timeZone }: Omit<Props, 'nameOf'>): JSX.Element {
  return (
    <section class="card">
      <h2>How far it got</h2>
      <Trail steps={stepsOf(evidence, timeZone)} look="across" />
    </section>
  );
}

function stepsOf({ record, events }: Evidence, timeZone: string): readonly TrailStep[] {
  const last = (...types: readonly EventType[]): EventView | undefined =>
    events.findLast(({ type }) => types.includes(type));
  const step = (state: TrailStep['state'], title: string, at: string | null, none = 'Not reached'): TrailStep => ({
    state,
    title,
    note: at === null ? none : <Instant at={at} timeZone={timeZone} day={record.created_at} />,
  });
  const reached = (event: EventView | undefined, title: string, none?: string): TrailStep =>
    step(event === undefined ? 'todo' : 'done', title, event?.created_at ?? null, none);
  const sent = last('sent');
  const report = last('delivered', 'undelivered');
  const end = last('approved', 'failed', 'expired', 'canceled', 'blocked', 'skipped');
  const provider = sent?.data['provider'];
  const ended = record.closed_at ?? record.approved_at ?? end?.created_at ?? null;
  return [
    step('done', 'Started', record.created_at),
    reached(sent, typeof provider === 'string' ? `Sent by ${nameOf(provider)}` : 'Sent'),
    report?.type === 'undelivered'
      ? step('bad', 'Not delivered', report.created_at)
      : reached(report, 'Delivered', 'No report'),
    record.status === 'pending'
      ? step('now', 'Waiting for the caller’s code', null, 'Now')
      : step(endState(record.status), statusWords(record).word, ended),
  ];
}

function endState(status: Evidence['record']['status']): TrailStep['state'] {
  return status === 'approved' || status === 'skipped' ? 'done' : 'bad';
}

type TimelineLook = { withCosts: boolean; exact: boolean };

/** Every event, oldest first. */
export function Timeline({ evidence, nameOf, timeZone, ...look }: Props & TimelineLook): JSX.Element {
  const sends = new Map(evidence.sends.map((send) => [send.id, send]));
  return (
    <ol class="timeline">
      {evidence.events.map((event) => {
        const { title, detail } = tell(event, { by: nameOf(event.actor), sends, ...look });
        return (
          <li>
            <Instant at={event.created_at} timeZone={timeZone} day={evidence.record.created_at} />
            <div>
              <strong>
                <bdi>{title}</bdi>
              </strong>
              {detail === null ? null : (
                <p>
                  <bdi>{detail}</bdi>
                </p>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
