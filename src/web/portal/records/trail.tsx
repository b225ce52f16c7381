import type { JSX } from 'hono/jsx/jsx-runtime';
import type { EventType } from '../../../core/events.ts';
import type { EventView } from '../../../core/views.ts';
import type { Evidence } from '../../../service/evidence/api.ts';
import { Instant } from './instants.tsx';
import { tell } from './story.ts';
import { statusWords } from './status-badge.tsx';
import type { NameOf } from './words.ts';

type Props = { evidence: Evidence; nameOf: NameOf; timeZone: string };

interface Step {
  readonly word: string;
  readonly state: 'done' | 'bad' | 'now' | 'todo';
  readonly at: string | null;
}

/** How far it got: Started, Sent, Delivered, and its end. */
export function TrailCard({ evidence, timeZone }: Omit<Props, 'nameOf'>): JSX.Element {
  return (
    <section class="card">
      <h2>How far it got</h2>
      <ol class="trail trail-flat">
        {stepsOf(evidence).map(({ word, state, at }) => (
          <li class={state}>
            <strong>{word}</strong>
            {at === null ? (
              <span>{state === 'now' ? 'Now' : word === 'Delivered' ? 'No report' : 'Not reached'}</span>
            ) : (
              <span>
                <Instant at={at} timeZone={timeZone} day={evidence.record.created_at} />
              </span>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

function stepsOf({ record, events }: Evidence): readonly Step[] {
  const last = (...types: readonly EventType[]): EventView | undefined =>
    events.findLast(({ type }) => types.includes(type));
  const sent = last('sent');
  const report = last('delivered', 'undelivered');
  const end = last('approved', 'failed', 'expired', 'canceled', 'blocked', 'skipped');
  const provider = sent?.data['provider'];
  const open = record.status === 'pending';
  const ended = record.closed_at ?? record.approved_at ?? end?.created_at ?? null;
  return [
    { word: 'Started', state: 'done', at: record.created_at },
    reached(sent, typeof provider === 'string' ? `Sent by ${provider}` : 'Sent'),
    report?.type === 'undelivered'
      ? { word: 'Not delivered', state: 'bad', at: report.created_at }
      : reached(report, 'Delivered'),
    open
      ? { word: 'Waiting for the code', state: 'now', at: null }
      : { word: statusWords(record).word, state: endState(record.status), at: ended },
  ];
}

function reached(event: EventView | undefined, word: string): Step {
  return { word, state: event === undefined ? 'todo' : 'done', at: event?.created_at ?? null };
}

function endState(status: Evidence['record']['status']): Step['state'] {
  return status === 'approved' || status === 'skipped' ? 'done' : 'bad';
}

/** Every event, oldest first. */
export function Timeline({ evidence, nameOf, timeZone, withCosts }: Props & { withCosts: boolean }): JSX.Element {
  const sends = new Map(evidence.sends.map((send) => [send.id, send]));
  return (
    <ol class="timeline">
      {evidence.events.map((event) => {
        const { title, detail } = tell(event, { by: nameOf(event.actor), sends, withCosts });
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
