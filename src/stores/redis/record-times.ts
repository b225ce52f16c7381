import type { Verification } from '../../core/verification.ts';
import { idTime } from './id-bytes.ts';
import type { PackReader, PackWriter } from './packing.ts';

/** The times of a record, packed relative to its start. */
export type RecordTimes = Pick<
  Verification,
  'createdAt' | 'expiresAt' | 'nextSendAt' | 'approvedAt' | 'closedAt' | 'dueAt'
>;

/** Which times there are, as bits of one byte. */
const BITS = { nextSendAt: 1, approvedAt: 2, closedAt: 4, dueAtEnd: 8, dueAt: 16 } as const;

/** The bits of the times that a record has. */
export function timeBits(record: RecordTimes): number {
  return (
    (record.nextSendAt === null ? 0 : BITS.nextSendAt) |
    (record.approvedAt === null ? 0 : BITS.approvedAt) |
    (record.closedAt === null ? 0 : BITS.closedAt) |
    (record.dueAt === record.expiresAt ? BITS.dueAtEnd : record.dueAt === null ? 0 : BITS.dueAt)
  );
}

/** Writes the times; a record started when its id was made needs a byte for that. */
export function writeTimes(writer: PackWriter, id: string, record: RecordTimes): void {
  const { createdAt, expiresAt, dueAt } = record;
  writer.integer(createdAt - idTime(id));
  writer.integer(expiresAt - createdAt);
  for (const time of [record.nextSendAt, record.approvedAt, record.closedAt]) {
    if (time !== null) writer.integer(time - createdAt);
  }
  if (dueAt !== null && dueAt !== expiresAt) writer.integer(dueAt - createdAt);
}

/** The times back; `bits` are those of {@link timeBits}. */
export function readTimes(reader: PackReader, id: string, bits: number): RecordTimes {
  const createdAt = idTime(id) + reader.integer();
  const expiresAt = createdAt + reader.integer();
  const next = (bit: number): number | null => ((bits & bit) === 0 ? null : createdAt + reader.integer());
  const [nextSendAt, approvedAt, closedAt] = [next(BITS.nextSendAt), next(BITS.approvedAt), next(BITS.closedAt)];
  const dueAt = (bits & BITS.dueAtEnd) !== 0 ? expiresAt : next(BITS.dueAt);
  return { createdAt, expiresAt, nextSendAt, approvedAt, closedAt, dueAt };
}
