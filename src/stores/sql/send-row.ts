import type { ChannelName, Mode, Send, SendAttempt, SendStatus } from '../../core/verification.ts';
import type { DeliveryProgress } from '../../ports/outbox.ts';
import type { SqlValue } from './verification-row.ts';

/** A send as stored. `due_at` is null once it is settled; `leased` is 1 while a worker holds it, 2 once that asked a provider. */
export interface SendRow {
  readonly verification: string;
  readonly id: string;
  readonly application: string;
  readonly mode: Mode;
  readonly channel: ChannelName;
  readonly generation: number;
  readonly limit_index: string;
  readonly status: SendStatus;
  readonly created_at: number;
  readonly deadline_at: number;
  readonly due_at: number | null;
  readonly leased: number;
  readonly body: string;
  readonly progress: string | null;
}

/** Columns of the table `sends`, in the order of {@link sendValues}. */
export const SEND_COLUMNS = [
  'verification',
  'id',
  'application',
  'mode',
  'channel',
  'generation',
  'limit_index',
  'status',
  'created_at',
  'deadline_at',
  'due_at',
  'leased',
  'body',
  'progress',
] as const satisfies readonly (keyof SendRow)[];

type Body = [
  provider: string | null,
  providerMessageId: string | null,
  error: string | null,
  attempts: readonly SendAttempt[],
  segments: number | null,
  cost: string | null,
  budgeted?: string | null,
];

/** The progress of a send that no worker has touched. */
const NO_PROGRESS: DeliveryProgress = { round: 0, refused: [], unknown: false, crashes: 0 };

/** A new send as bound values: due at once while `queued`, settled otherwise. */
export function sendValues(send: Send): SqlValue[] {
  return [
    send.verification,
    send.id,
    send.application,
    send.mode,
    send.channel,
    send.generation,
    send.limitIndex,
    send.status,
    send.createdAt,
    send.deadlineAt,
    send.status === 'queued' ? send.createdAt : null,
    0,
    sendBody(send),
    null,
  ];
}

/** What delivery changes about a send, packed. */
export function sendBody(send: Send): string {
  const { provider, providerMessageId, error, attempts, segments, cost, budgeted } = send;
  const body: Body = [provider, providerMessageId, error, attempts, segments, cost];
  return JSON.stringify(budgeted === null ? body : [...body, budgeted]);
}

/** The send back from its row. */
export function sendFrom(row: SendRow): Send {
  const body = JSON.parse(row.body) as Body;
  return {
    id: row.id,
    verification: row.verification,
    application: row.application,
    mode: row.mode,
    channel: row.channel,
    generation: row.generation,
    limitIndex: row.limit_index,
    status: row.status,
    provider: body[0],
    providerMessageId: body[1],
    error: body[2],
    attempts: body[3],
    segments: body[4],
    cost: body[5],
    budgeted: body[6] ?? null,
    createdAt: row.created_at,
    deadlineAt: row.deadline_at,
  };
}

/** Delivery's progress back from its row. */
export function progressFrom(row: SendRow): DeliveryProgress {
  return row.progress === null ? NO_PROGRESS : (JSON.parse(row.progress) as DeliveryProgress);
}
