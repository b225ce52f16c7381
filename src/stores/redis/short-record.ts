import { digest as redactedDigest, sealed, type Sealed } from '../../core/redacted.ts';
import { CHANNELS, LINE_TYPES, STATUSES, type Verification } from '../../core/verification.ts';
import { AS_IT_IS, ELSEWHERE, isPartial } from './elsewhere.ts';
import type { Frame } from './frames.ts';
import { hasExtras, longFieldsOf, onlyAddress, type LongFields } from './long-fields.ts';
import { packMask, PackReader, PackWriter, unpackMask } from './packing.ts';
import { readTimes, timeBits, writeTimes } from './record-times.ts';
import { digestFrom, digestParts, indexBytes, indexesFrom, INDEXES_LENGTH } from './secrets-in-bytes.ts';

/**
 * A record in parts. `state`, `digest` and `mask` stay as long as it is open, each at most 64 bytes, so that Redis keeps the
 * hash as one compact list; `long` and `code` go once the records have them. Empty = not there.
 */
export interface PackedRecord {
  readonly state: Buffer;
  readonly digest: Buffer | '';
  readonly mask: string;
  readonly long: string;
  readonly code: string;
  /** More than the sealed values is in the long fields. */
  readonly extras: boolean;
}

/** The parts as read; null = not there. */
export interface StoredRecord {
  readonly state: Buffer;
  readonly digest: Buffer | null;
  readonly mask: string | null;
  readonly long: string | null;
  readonly code: string | null;
}

/** What a state says of itself without its frame. */
export interface Glance {
  readonly frame: number;
  readonly sealedTo: boolean;
  readonly sealedCode: boolean;
  readonly extras: boolean;
}

/** Longest masked address with a field of its own, in bytes. */
const MOST_MASK = 60;
/** Reasons that need no text. */
const REASONS = [null, 'max_checks', 'all_providers_failed', 'replaced', 'operator', 'override', 'budget'] as const;
const REASON_IN_LONG = 255;
/** First byte: the status in three bits, then these. The scripts read the status there, and the version in bytes 3 and 4. */
const BITS = { accepted: 8, silent: 16, sealedTo: 32, sealedCode: 64, extras: 128 } as const;
/** Second byte: the times in five bits, then these. */
const MORE = { indexes: 32, toIndex: 64, mask: 128 } as const;
const FRAME_AT = 4;
const FRAME_BYTES = 6;

/** Key id of a digest in its usual form, or ''. */
export function kidOf(record: Verification): string {
  return digestParts(record)?.kid ?? '';
}

/** The record in parts; `frame` is the number of its frame. */
export function packRecord(record: Verification, frame: number): PackedRecord {
  const parts = { digest: digestParts(record), indexes: indexBytes(record), mask: packMask(record.to.masked) };
  const ownMask = parts.mask === null && Buffer.byteLength(record.to.masked) <= MOST_MASK;
  const { country } = record.to;
  const countryFits = country === null || /^[A-Z]{2}$/.test(country);
  const reason = REASONS.findIndex((known) => known === record.statusReason);
  const long = longFieldsOf(record, {
    mask: parts.mask !== null || ownMask,
    country: countryFits,
    indexes: parts.indexes !== null,
    digest: parts.digest !== null,
    reason: reason !== -1,
  });
  const extras = hasExtras(long);
  const writer = new PackWriter();
  writer.byte(statusByte(record, extras));
  writer.byte(timeBits(record) | moreBits(record, parts));
  writer.fixed(record.version, 2);
  writer.fixed(frame, FRAME_BYTES);
  writer.fixed(country === null || !countryFits ? 0 : country.charCodeAt(0) * 256 + country.charCodeAt(1), 2);
  writer.byte((CHANNELS.indexOf(record.channel) << 4) | lineTypeNumber(record.to.line_type));
  writer.byte(reason === -1 ? REASON_IN_LONG : reason);
  for (const count of [record.generation, record.sends, record.checks]) writer.integer(count);
  writeTimes(writer, record.id, record);
  if (parts.mask !== null) writer.byte(parts.mask.length);
  for (const bytes of [parts.mask, parts.indexes]) if (bytes !== null) writer.bytes(bytes);
  return {
    state: writer.done(),
    digest: parts.digest?.bytes ?? '',
    mask: ownMask ? record.to.masked : '',
    long: longText(record, long, extras),
    code: record.sealedCode === ELSEWHERE ? AS_IT_IS : (record.sealedCode?.reveal() ?? ''),
    extras,
  };
}

/** Reads what can be told without anything else. */
export function glance(state: Buffer): Glance {
  const bits = state[0] ?? 0;
  return {
    frame: state.readUIntBE(FRAME_AT, FRAME_BYTES),
    sealedTo: (bits & BITS.sealedTo) !== 0,
    sealedCode: (bits & BITS.sealedCode) !== 0,
    extras: (bits & BITS.extras) !== 0,
  };
}

/**
 * The record back from its parts. `whole` is the same record as the database has it, for what is in no part; without it
 * sealed values that are there but in no part are {@link ELSEWHERE}.
 */
export function unpackRecord(id: string, stored: StoredRecord, frame: Frame, whole: Verification | null): Verification {
  const reader = new PackReader(stored.state);
  const [bits, more] = [reader.byte(), reader.byte()];
  const version = reader.fixed(2);
  reader.fixed(FRAME_BYTES);
  const country = reader.fixed(2);
  const [kinds, reason] = [reader.byte(), reader.byte()];
  const [generation, sends, checks] = [reader.integer(), reader.integer(), reader.integer()];
  const times = readTimes(reader, id, more);
  const mask = (more & MORE.mask) === 0 ? null : unpackMask(reader.bytes(reader.byte()));
  const indexes = (more & MORE.indexes) === 0 ? null : indexesFrom(reader.bytes(INDEXES_LENGTH));
  const long = longFieldsFrom(stored, whole, bits);
  return {
    id,
    application: frame.application,
    mode: frame.mode,
    purpose: frame.purpose,
    version,
    status: STATUSES[bits & 7] ?? 'failed',
    statusReason: reason === REASON_IN_LONG ? long.statusReason : (REASONS[reason] ?? null),
    to: {
      type: frame.type,
      masked: mask ?? stored.mask ?? long.masked ?? '',
      country: country === 0 ? long.country : String.fromCharCode(country >> 8, country & 255),
      line_type: LINE_TYPES[(kinds & 15) - 1] ?? null,
    },
    sealedTo: long.sealedTo === null ? null : sealedFrom(long.sealedTo),
    toIndex: indexes === null ? (long.indexes?.[0] ?? null) : (more & MORE.toIndex) === 0 ? null : indexes.to,
    limitIndex: indexes?.limit ?? long.indexes?.[1] ?? '',
    channel: CHANNELS[kinds >> 4] ?? 'sms',
    channels: frame.channels,
    locale: frame.locale,
    policy: frame.policy,
    generation,
    digest: stored.digest !== null ? digestFrom(frame.kid, stored.digest) : digestText(long.digest),
    sealedCode: (bits & BITS.sealedCode) === 0 ? null : codeFrom(stored, whole),
    sends,
    checks,
    accepted: (bits & BITS.accepted) !== 0,
    ...times,
    context: long.context,
    metadata: long.metadata,
    reference: long.reference,
    reason: long.reason ?? null,
    returnUrl: long.returnUrl,
    actor: frame.actor,
    deviceIndex: long.deviceIndex,
    silent: (bits & BITS.silent) !== 0,
    sealedText: long.sealedText === undefined || long.sealedText === null ? null : sealed(long.sealedText),
    channelWaitSeconds: long.channelWaitSeconds ?? null,
    ownCode: long.ownCode === true,
  };
}

function statusByte(record: Verification, extras: boolean): number {
  return (
    STATUSES.indexOf(record.status) |
    (record.accepted ? BITS.accepted : 0) |
    (record.silent ? BITS.silent : 0) |
    (record.sealedTo === null ? 0 : BITS.sealedTo) |
    (record.sealedCode === null ? 0 : BITS.sealedCode) |
    (extras ? BITS.extras : 0)
  );
}

function moreBits(
  { toIndex }: Verification,
  { indexes, mask }: { readonly indexes: Buffer | null; readonly mask: Buffer | null },
): number {
  return (
    (indexes === null ? 0 : MORE.indexes) | (toIndex === null ? 0 : MORE.toIndex) | (mask === null ? 0 : MORE.mask)
  );
}

function lineTypeNumber(lineType: Verification['to']['line_type']): number {
  return lineType === null ? 0 : LINE_TYPES.indexOf(lineType) + 1;
}

function longText(record: Verification, long: LongFields, extras: boolean): string {
  if (isPartial(record)) return AS_IT_IS;
  return extras || record.sealedTo !== null ? JSON.stringify(long) : '';
}

function longFieldsFrom({ long }: StoredRecord, whole: Verification | null, bits: number): LongFields {
  if (long !== null) return JSON.parse(long) as LongFields;
  const hasAddress = (bits & BITS.sealedTo) !== 0;
  if (whole === null) return onlyAddress(hasAddress ? ELSEWHERE.reveal() : null);
  const sealedTo = hasAddress ? (whole.sealedTo?.reveal() ?? null) : null;
  return (bits & BITS.extras) === 0 ? onlyAddress(sealedTo) : { ...longFieldsOf(whole), sealedTo };
}

function sealedFrom(text: string): Sealed {
  return text === ELSEWHERE.reveal() ? ELSEWHERE : sealed(text);
}

function codeFrom({ code, long }: StoredRecord, whole: Verification | null): Sealed | null {
  if (code !== null) return sealed(code);
  if (whole !== null) return whole.sealedCode;
  return long === null ? ELSEWHERE : null;
}

function digestText(text: string | null): Verification['digest'] {
  return text === null ? null : redactedDigest(text);
}
