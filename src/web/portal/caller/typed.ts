import { type ChannelName, CHANNELS } from '../../../core/verification.ts';
import type { DeskRecordView, SendFormView, StartInput } from '../../../service/api.ts';
import type { FormFields } from '../../form.ts';

/** What stands in the form that sends a code. */
export interface Typed {
  readonly channel: ChannelName | null;
  readonly to: string;
  readonly country: string;
  readonly purpose: string;
  readonly reason: string;
  readonly reference: string;
  readonly notes: string;
  /** The doubt that the agent has seen and sends in spite of; '' = none. */
  readonly confirmed: string;
}

export function typedIn(fields: FormFields): Typed {
  const to = fields.text('to');
  const chosen = CHANNELS.find((name) => name === fields.text('channel')) ?? null;
  return {
    // An address says by itself how it is reached.
    channel: to.includes('@') ? 'email' : chosen,
    to,
    country: fields.text('country'),
    purpose: fields.text('purpose'),
    reason: fields.text('reason'),
    reference: fields.text('reference'),
    notes: fields.text('note'),
    confirmed: fields.text('confirmed'),
  };
}

/** A form nobody has typed in yet; `again` is a record of which it is the next try. */
export function untouched(form: SendFormView, country: string, again: DeskRecordView | null): Typed {
  const working = form.channels.find(({ restingUntil }) => restingUntil === null) ?? form.channels[0];
  return {
    channel: working?.channel ?? null,
    to: '',
    country,
    purpose: again?.purpose ?? '',
    reason: again?.reason ?? '',
    reference: again?.reference ?? '',
    notes: '',
    confirmed: '',
  };
}

/** `to` as the use cases take it. A number with + names its country itself; that it is another one than chosen is asked about. */
export function destinationOf({ channel, to, country }: Pick<Typed, 'channel' | 'to' | 'country'>): StartInput['to'] {
  if (channel === 'email' || to.includes('@')) return { email: to };
  return country === '' || /^[+＋]/u.test(to) ? { phone: to } : { phone: to, country };
}

export function startInput(form: SendFormView, typed: Typed): StartInput {
  const { channel, reason, reference } = typed;
  return {
    to: destinationOf(typed),
    purpose: purposeOf(form, typed.purpose),
    ...(channel === null ? {} : { channel }),
    ...(reason === '' ? {} : { reason }),
    ...(reference === '' ? {} : { reference }),
  };
}

export function purposeOf({ purposes }: SendFormView, asked: string): string {
  return purposes.includes(asked) ? asked : (purposes[0] ?? 'caller_check');
}
