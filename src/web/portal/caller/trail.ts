import type { ChannelName } from '../../../core/verification.ts';
import type { EventView, SendView } from '../../../core/views.ts';
import type { CaseView } from '../../../service/api.ts';
import type { Visit } from '../visit.ts';
import { secondsText } from './clock.tsx';
import { inWords } from '../status.tsx';
import type { TrailStep } from '../trail.tsx';
import { capital, counted, nameOf } from '../words.ts';

/** From the first message to the end, in the order of time. Costs are for those who may see them. */
export function trailOf(visit: Visit, view: CaseView): readonly TrailStep[] {
  const messages = view.sends.flatMap((send, index) => messageSteps(visit, view, { send, isFirst: index === 0 }));
  return [...messages, lastStep(visit, view)];
}

/** Whether the newest message came to nothing, so that the caller waits in vain. */
export function isStranded({ record, sends }: CaseView): boolean {
  const newest = sends.at(-1);
  return record.status === 'pending' && (newest?.status === 'failed' || newest?.status === 'undelivered');
}

/** How many providers tried a message of it. */
export function providersTried({ sends }: CaseView): number {
  return new Set(sends.flatMap(({ attempts }) => attempts.map(({ provider }) => provider))).size;
}

interface Message {
  readonly send: SendView;
  readonly isFirst: boolean;
}

function messageSteps(visit: Visit, view: CaseView, { send, isFirst }: Message): readonly TrailStep[] {
  const queued = isFirst ? 'Queued' : 'Queued again';
  const steps: TrailStep[] = [{ state: 'done', title: queued, note: secondsText(visit, send.created_at) }];
  for (const { provider, at, error } of send.attempts) {
    const time = secondsText(visit, at);
    if (error === null)
      steps.push({ state: 'done', title: `Sent by ${nameOf(provider)}`, note: sentNote(visit, send, time) });
    else steps.push({ state: 'bad', title: `${nameOf(provider)}: not sent`, note: `${time} · ${error}` });
  }
  return [...steps, ...outcomeSteps(visit, view, send)];
}

function sentNote(visit: Visit, { segments, cost }: SendView, time: string): string {
  const parts = [time];
  if (segments !== null) parts.push(counted(segments, 'segment'));
  if (cost !== null && visit.may('costs.view')) parts.push(cost);
  return parts.join(' · ');
}

function outcomeSteps(visit: Visit, view: CaseView, send: SendView): readonly TrailStep[] {
  const event = (type: EventView['type']): EventView | undefined =>
    view.events.find((found) => found.type === type && found.data['send'] === send.id);
  if (send.status === 'delivered') {
    const { created_at: at } = event('delivered') ?? send;
    const note = [secondsText(visit, at), ...tookNote(send, at)].join(' · ');
    return [{ state: 'done', title: DELIVERED[send.channel], note }];
  }
  if (send.status === 'undelivered' || (send.status === 'failed' && send.attempts.at(-1)?.error === null)) {
    const at = secondsText(visit, event('undelivered')?.created_at ?? send.created_at);
    const title = `${nameOf(send.provider ?? 'The provider')}: not delivered`;
    return [{ state: 'bad', title, note: `${at} · ${send.error ?? 'no reason given'}` }];
  }
  if (send.status !== 'dropped' || !HELD_BACK.has(send.error ?? '')) return [];
  return [{ state: 'bad', title: 'Not sent', note: `${inWords(send.error)}.` }];
}

const DELIVERED: Readonly<Record<ChannelName, string>> = {
  sms: 'Delivered to the handset',
  email: 'Delivered to the mailbox',
  voice: 'The call was answered',
  whatsapp: 'Delivered to the handset',
  telegram: 'Delivered to the handset',
};

/** Why a message was held back; the others ended with the code. */
const HELD_BACK: ReadonlySet<string> = new Set(['recipient_unknown', 'suppressed', 'newer_code']);

function tookNote({ attempts }: SendView, at: string): readonly string[] {
  const sentAt = attempts.findLast(({ error }) => error === null)?.at;
  if (sentAt === undefined) return [];
  return [`${counted(Math.max(0, Math.round((Date.parse(at) - Date.parse(sentAt)) / 1000)), 'second')} after sending`];
}

function lastStep(visit: Visit, view: CaseView): TrailStep {
  const { record, events } = view;
  const closed = record.closed_at === null ? '' : secondsText(visit, record.closed_at);
  switch (record.status) {
    case 'approved':
      return { state: 'done', title: 'Code accepted', note: closed };
    case 'expired':
      return { state: 'bad', title: 'No code in time', note: `Closed at ${closed}` };
    case 'failed': {
      const wrong = events.filter(({ type }) => type === 'check_failed');
      if (wrong.length === 0) return { state: 'bad', title: 'No message went out', note: `Closed at ${closed}` };
      const times = wrong.map(({ created_at: at }) => secondsText(visit, at)).join(', ');
      return { state: 'bad', title: capital(counted(wrong.length, 'wrong code')), note: times };
    }
    case 'pending':
      if (isStranded(view)) return { state: 'todo', title: 'Code entered', note: 'No message has reached the caller' };
      return {
        state: 'now',
        title: 'Waiting for the caller’s code',
        note: record.checks === 0 ? 'Not entered yet' : counted(record.checks, 'wrong code'),
      };
    default:
      return { state: 'bad', title: capital(record.status), note: closed };
  }
}
