import type { DeliveryReport, Failure, Message } from '../../ports/channel.ts';
import { failure } from '../outcome.ts';
import { isSingleAddress } from '../single-address.ts';
import { type Mailbox, parseMailbox } from '../smtp/settings.ts';
import { reportOf } from './reports.ts';
import type { Account, OptionSpec } from './spec.ts';

/** The sender option of every provider for e-mail. */
export const MAIL_FROM: OptionSpec = {
  doc: 'Sender, `address` or `Name%20<address>`; the provider must know its domain.',
  required: true,
  pattern: [
    /^(?:[^<>\u0000-\u001f\u007f]{0,120}<[^\s<>@]{1,64}@[\w.-]{1,253}>|[^\s<>@]{1,64}@[\w.-]{1,253})$/,
    'address or Name%20<address>',
  ],
  example: 'Acme%20<no-reply@acme.example>',
};

/** Headers that tell other programs not to answer. */
export const AUTOMATIC_HEADERS = {
  'Auto-Submitted': 'auto-generated',
  'X-Auto-Response-Suppress': 'All',
} as const;

/** What must not go to any provider, whatever was checked before; null = fine. */
export function mailProblem(message: Message, account: Account): Failure | null {
  if (!isSingleAddress(message.to))
    return failure('invalid_destination', 'final', 'the recipient is not one plain address');
  return senderOf(message, account) === null
    ? failure('misconfigured', 'final', 'the sender is not an address or Name <address>')
    : null;
}

/** The sender of a message that has no {@link mailProblem}: its own, else the account's. */
export function mailSender(message: Message, account: Account): Mailbox {
  return senderOf(message, account) ?? { name: '', address: '' };
}

function senderOf(message: Message, account: Account): Mailbox | null {
  return parseMailbox(message.from ?? account.option('from') ?? '');
}

/** `Name <address>`, the name quoted, or the bare address. */
export function mailboxText({ name, address }: Mailbox): string {
  return name === '' ? address : `"${name.replace(/[\\"]/g, '')}" <${address}>`;
}

/** The Message-ID of a send, the same at every try: a mailbox can tell a duplicate. */
export function mailMessageId(message: Message, from: Mailbox): string {
  return `<${message.sendId.replace(/[^\w-]/g, '')}@${from.address.slice(from.address.lastIndexOf('@') + 1)}>`;
}

/** What a provider's event means for the message. */
export type MailFate = Pick<DeliveryReport, 'status' | 'suppress'>;

export const DELIVERED: MailFate = { status: 'delivered', suppress: null };
export const SENT: MailFate = { status: 'sent', suppress: null };
export const UNDELIVERED: MailFate = { status: 'undelivered', suppress: null };
export const FAILED: MailFate = { status: 'failed', suppress: null };
export const BOUNCED: MailFate = { status: 'undelivered', suppress: 'bounce' };
/** The person's own action: the message did arrive. */
export const COMPLAINED: MailFate = { status: 'delivered', suppress: 'complaint' };
export const STOPPED: MailFate = { status: 'delivered', suppress: 'stop' };

/** The fate a table gives to a provider's word, if it has one. */
export function fateIn(table: Readonly<Record<string, MailFate>>, word: string | null): MailFate | undefined {
  return word !== null && Object.hasOwn(table, word) ? table[word] : undefined;
}

/** One report of an e-mail; none when the event means nothing here or names no message. `why` is made safe. */
export function mailReport(
  fate: MailFate | undefined,
  {
    messageId,
    at = null,
    why = null,
  }: { readonly messageId: string | null; readonly at?: number | null; readonly why?: string | null },
): readonly DeliveryReport[] {
  return fate === undefined ? [] : reportOf(messageId, fate.status, { at, suppress: fate.suppress, why });
}

/** ISO 8601 as epoch ms, null when it is no time. */
export function timeAt(text: string | null): number | null {
  const at = text === null ? Number.NaN : Date.parse(text);
  return Number.isFinite(at) ? at : null;
}
