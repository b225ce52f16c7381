import { listedReason } from '../../core/machine/index.ts';
import { type Policy } from '../../core/policy.ts';
import { digest, sealed, type Redacted } from '../../core/redacted.ts';
import { subjectOf } from '../../core/subject.ts';
import type { Actor, ChannelName, LineType, Mode, Status, StringMap, Verification } from '../../core/verification.ts';

/** A value every SQL driver binds. */
export type SqlValue = string | number | null;

/** A verification as stored: what is filtered, indexed or swapped has a column, the rest is packed in `body`. */
export interface VerificationRow {
  readonly id: string;
  readonly version: number;
  readonly application: string;
  readonly mode: Mode;
  readonly purpose: string;
  readonly status: Status;
  readonly channel: ChannelName;
  readonly country: string | null;
  readonly to_index: string | null;
  readonly limit_index: string;
  readonly actor_type: Actor['type'];
  readonly actor_id: string | null;
  readonly reference: string | null;
  readonly created_at: number;
  readonly expires_at: number;
  readonly closed_at: number | null;
  readonly due_at: number | null;
  readonly open_subject: string | null;
  /** Number of the policy's snapshot. */
  readonly policy: number;
  /** Number of the newest row of its events; each row names the one before. */
  readonly last_event: number | null;
  readonly sealed_to: string | null;
  readonly digest: string | null;
  readonly sealed_code: string | null;
  readonly body: string;
  readonly reason: string | null;
}

/** Columns of a record on every store, in the order of {@link recordValues}. */
export const RECORD_COLUMNS = [
  'id',
  'version',
  'application',
  'mode',
  'purpose',
  'status',
  'channel',
  'country',
  'to_index',
  'limit_index',
  'actor_type',
  'actor_id',
  'reference',
  'created_at',
  'expires_at',
  'closed_at',
  'due_at',
  'open_subject',
  'policy',
  'sealed_to',
  'digest',
  'sealed_code',
  'body',
  'reason',
] as const satisfies readonly (keyof VerificationRow)[];

/** Columns of the table `verifications` where a record names its newest events, in the order of {@link verificationValues}. */
export const VERIFICATION_COLUMNS = [
  ...RECORD_COLUMNS,
  'last_event',
] as const satisfies readonly (keyof VerificationRow)[];

/** Columns that a step of the state machine can change while the address stays; the others are written once. */
export const STATE_COLUMNS = [
  'version',
  'status',
  'channel',
  'expires_at',
  'closed_at',
  'last_event',
  'sealed_code',
  'body',
  'digest',
  'due_at',
  'open_subject',
] as const satisfies readonly (keyof VerificationRow)[];

/** The packed fields, by position. */
type Body = [
  statusReason: string | null,
  type: 'phone' | 'email',
  masked: string,
  lineType: LineType | null,
  channels: readonly ChannelName[],
  locale: string,
  generation: number,
  sends: number,
  checks: number,
  accepted: boolean,
  nextSendAt: number | null,
  approvedAt: number | null,
  context: StringMap | null,
  metadata: StringMap,
  returnUrl: string | null,
  deviceIndex: string | null,
  silent: boolean,
  /** These are not there where they say nothing, as in most records. */
  sealedText?: string | null,
  channelWaitSeconds?: readonly number[] | null,
  ownCode?: boolean,
];

/** What a row points at: its policy's snapshot and its newest events. */
export type VerificationLinks = Pick<VerificationRow, 'policy' | 'last_event'>;

/** The record as bound values, in the order of {@link VERIFICATION_COLUMNS}. */
export function verificationValues(record: Verification, links: VerificationLinks): SqlValue[] {
  return [...recordValues(record, links.policy), links.last_event];
}

/** The record as bound values, in the order of {@link RECORD_COLUMNS}. */
export function recordValues(record: Verification, policy: number): SqlValue[] {
  return [
    record.id,
    record.version,
    record.application,
    record.mode,
    record.purpose,
    record.status,
    record.channel,
    record.to.country,
    record.toIndex,
    record.limitIndex,
    record.actor.type,
    record.actor.id,
    record.reference,
    record.createdAt,
    record.expiresAt,
    record.closedAt,
    record.dueAt,
    subjectOf(record),
    policy,
    reveal(record.sealedTo),
    reveal(record.digest),
    reveal(record.sealedCode),
    packBody(record),
    record.reason,
  ];
}

/** The changing half of {@link verificationValues}, in the order of {@link STATE_COLUMNS}. */
export function stateValues(record: Verification, lastEvent: number | null): SqlValue[] {
  return [
    record.version,
    record.status,
    record.channel,
    record.expiresAt,
    record.closedAt,
    lastEvent,
    reveal(record.sealedCode),
    packBody(record),
    reveal(record.digest),
    record.dueAt,
    subjectOf(record),
  ];
}

/** A row from its values in the order of {@link VERIFICATION_COLUMNS} or {@link RECORD_COLUMNS}; named rows cost a driver twice as much. */
export function rowFromValues(values: readonly unknown[]): VerificationRow {
  const columns = values as unknown as ValuesOf<typeof VERIFICATION_COLUMNS>;
  return {
    id: columns[0],
    version: columns[1],
    application: columns[2],
    mode: columns[3],
    purpose: columns[4],
    status: columns[5],
    channel: columns[6],
    country: columns[7],
    to_index: columns[8],
    limit_index: columns[9],
    actor_type: columns[10],
    actor_id: columns[11],
    reference: columns[12],
    created_at: columns[13],
    expires_at: columns[14],
    closed_at: columns[15],
    due_at: columns[16],
    open_subject: columns[17],
    policy: columns[18],
    sealed_to: columns[19],
    digest: columns[20],
    sealed_code: columns[21],
    body: columns[22],
    reason: columns[23],
    last_event: columns[24] ?? null,
  };
}

/** The types of the columns, in their order: a column out of place does not compile. */
type ValuesOf<Columns extends readonly (keyof VerificationRow)[]> = {
  readonly [At in keyof Columns]: VerificationRow[Columns[At]];
};

/** The record back from its row. */
export function verificationFrom(row: VerificationRow, policy: Policy): Verification {
  const body = JSON.parse(row.body) as Body;
  return {
    id: row.id,
    application: row.application,
    mode: row.mode,
    purpose: row.purpose,
    version: row.version,
    status: row.status,
    statusReason: body[0],
    to: { type: body[1], masked: body[2], country: row.country, line_type: body[3] },
    sealedTo: row.sealed_to === null ? null : sealed(row.sealed_to),
    toIndex: row.to_index,
    limitIndex: row.limit_index,
    channel: row.channel,
    channels: body[4],
    locale: body[5],
    policy,
    generation: body[6],
    digest: row.digest === null ? null : digest(row.digest),
    sealedCode: row.sealed_code === null ? null : sealed(row.sealed_code),
    sends: body[7],
    checks: body[8],
    accepted: body[9],
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    nextSendAt: body[10],
    approvedAt: body[11],
    closedAt: row.closed_at,
    context: body[12],
    metadata: body[13],
    reference: row.reference,
    reason: row.reason,
    returnUrl: body[14],
    actor: { type: row.actor_type, id: row.actor_id },
    deviceIndex: body[15],
    silent: body[16],
    sealedText: body[17] === undefined || body[17] === null ? null : sealed(body[17]),
    channelWaitSeconds: body[18] ?? null,
    ownCode: body[19] ?? false,
    dueAt: row.due_at,
  };
}

/** The record without anything that tells whose it was; counted as one more version, so that no older copy is written back. */
export function erased(record: Verification): Verification {
  return {
    ...record,
    version: record.version + 1,
    to: { ...record.to, masked: '•••' },
    sealedTo: null,
    toIndex: null,
    sealedCode: null,
    sealedText: null,
    context: null,
    metadata: {},
    reference: null,
    reason: listedReason(record),
    returnUrl: null,
    deviceIndex: null,
  };
}

function packBody(record: Verification): string {
  const body: Body = [
    record.statusReason,
    record.to.type,
    record.to.masked,
    record.to.line_type,
    record.channels,
    record.locale,
    record.generation,
    record.sends,
    record.checks,
    record.accepted,
    record.nextSendAt,
    record.approvedAt,
    record.context,
    record.metadata,
    record.returnUrl,
    record.deviceIndex,
    record.silent,
  ];
  const { sealedText, channelWaitSeconds, ownCode } = record;
  if (sealedText !== null || channelWaitSeconds !== null || ownCode)
    body.push(reveal(sealedText), channelWaitSeconds, ownCode);
  return JSON.stringify(body);
}

function reveal(value: Redacted<string> | null): string | null {
  return value === null ? null : value.reveal();
}
