import type { EventData } from '../../../core/events.ts';
import type { EventView, SendView } from '../../../core/views.ts';
import type { ChannelName } from '../../../core/verification.ts';
import { CHANNEL_WORDS } from '../../components/channel-words.ts';
import { browserName, isBrowser } from '../../../core/browser-name.ts';
import { skipFacts } from '../skip-facts.ts';
import { inWords } from '../status.tsx';
import { nameOf } from '../words.ts';

/** One event as a reader sees it. `title` may name who did it. */
export interface Told {
  readonly title: string;
  readonly detail: string | null;
}

interface Around {
  readonly by: string;
  /** Sends of the record by id. */
  readonly sends: ReadonlyMap<string, SendView>;
  readonly withCosts: boolean;
  /** On paper a user agent stands as it was sent; on the screen as the browser it names. */
  readonly exact: boolean;
}

/** What happened, in words. Never what was typed. */
export function tell({ type, data }: EventView, around: Around): Told {
  const { by } = around;
  switch (type) {
    case 'started':
      return { title: `Started by ${by}`, detail: line(`Purpose ${text(data, 'purpose')}`, from(data, around)) };
    case 'send_queued':
      return { title: `${channelWord(data)} asked for`, detail: by === 'Watchword' ? null : `By ${by}` };
    case 'sent':
      return { title: `Accepted by ${nameOf(text(data, 'provider'))}`, detail: sendDetail(data, around) };
    case 'send_failed':
      return { title: 'A provider did not take it', detail: reasonOf(data) };
    case 'send_dropped':
      return { title: 'Message not sent', detail: reasonOf(data) };
    case 'delivered':
      return { title: 'Delivered', detail: channelWord(data) };
    case 'undelivered':
      return { title: 'Not delivered', detail: reasonOf(data) };
    case 'check_failed':
      return { title: checkTitle(data, by), detail: line(left(data), from(data, around)) };
    case 'approved':
      return { title: `Right code entered by ${by}`, detail: line(`Try ${text(data, 'checks')}`, from(data, around)) };
    case 'failed':
      return { title: 'Failed', detail: data['reason'] === 'max_checks' ? 'No tries left' : 'No provider took it' };
    case 'expired':
      return { title: 'Expired', detail: null };
    case 'canceled':
      return { title: `Canceled by ${by}`, detail: data['reason'] === 'operator' ? null : reasonOf(data) };
    case 'blocked':
      return { title: 'Blocked', detail: reasonOf(data) };
    case 'skipped':
      return { title: `Skip recorded by ${by}`, detail: skipDetail(data) };
    case 'not_me':
      return { title: 'Reported by the receiver', detail: 'They did not ask for this code' };
  }
}

function skipDetail(data: EventData): string {
  const { cause, confirmation } = skipFacts(data);
  return `${cause}. ${confirmation}.`;
}

function sendDetail(data: EventData, { sends, withCosts }: Around): string {
  const send = sends.get(text(data, 'send'));
  const segments = send?.segments ?? null;
  return [
    channelWord(data),
    ...(segments === null ? [] : [segments === 1 ? '1 segment' : `${segments} segments`]),
    ...(withCosts && send?.cost != null ? [send.cost] : []),
  ].join(', ');
}

/** `from 203.0.113.24, Firefox on Linux`, as far as it is known. */
function from(data: EventData, { exact }: Around): string | null {
  const agent = text(data, 'user_agent');
  const program = exact || !isBrowser(agent) ? agent : browserName(agent);
  const known = line(text(data, 'ip'), program);
  return known === null ? null : `from ${known}`;
}

function line(...parts: readonly (string | null)[]): string | null {
  return parts.filter((part) => part !== null && part !== '').join(', ') || null;
}

const CHECK_TITLES: Readonly<Record<string, string>> = {
  incorrect: 'Wrong code entered',
  context_mismatch: 'Right form, other transaction',
  expired: 'Code entered too late',
};

function checkTitle(data: EventData, by: string): string {
  return `${CHECK_TITLES[text(data, 'reason')] ?? 'Code refused'} by ${by}`;
}

function left(data: EventData): string | null {
  const remaining = data['remaining'];
  if (typeof remaining !== 'number') return null;
  return remaining === 1 ? '1 try left' : `${remaining} tries left`;
}

function reasonOf(data: EventData): string | null {
  return inWords(text(data, 'reason') || null);
}

function channelWord(data: EventData): string {
  const words: Readonly<Record<string, string>> = CHANNEL_WORDS satisfies Record<ChannelName, string>;
  const name = text(data, 'channel');
  return words[name] ?? name;
}

function text(data: EventData, name: string): string {
  const value = data[name];
  return value === undefined || value === null ? '' : String(value);
}
