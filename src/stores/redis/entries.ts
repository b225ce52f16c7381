import type { VerificationEvent } from '../../core/events.ts';
import type { Send } from '../../core/verification.ts';
import type { StoredDocument } from '../../ports/documents.ts';
import type { RecordedCommit, RecordedRefusal } from '../../ports/recording.ts';
import { packEvents, unpackEvents } from '../sql/index.ts';
import { AS_IT_IS, ELSEWHERE, isPartial } from './elsewhere.ts';
import type { Frames } from './frames.ts';
import { glance, unpackRecord, type StoredRecord } from './short-record.ts';

/** A send of a commit, and when a worker must look at it; null = it is settled. */
export type EntrySend = readonly [send: Send, dueAt: number | null];

type Carried = readonly [sends: readonly EntrySend[], documents: readonly StoredDocument[]];
const NOTHING: Carried = [[], []];

/** One entry of a stream as Redis gives it. */
export type RawEntry = readonly [id: Buffer, fields: readonly Buffer[] | null];

/** What a commit leaves for the records and the queue. */
export interface CommitEntry {
  readonly type: 'commit';
  readonly verification: string;
  readonly stored: StoredRecord;
  readonly events: readonly VerificationEvent[];
  readonly sends: readonly EntrySend[];
  readonly documents: readonly StoredDocument[];
  readonly dropped: readonly Send[];
  /** The sealed values stayed as the records have them. */
  readonly partial: boolean;
}

export type Entry = CommitEntry | { readonly type: 'refusal'; readonly refusal: RecordedRefusal };

/** Events, sends and documents of a commit as the texts of its entry; the documents go with the sends. */
export function packEntry(
  events: readonly VerificationEvent[],
  sends: readonly EntrySend[],
  documents: readonly StoredDocument[],
): { readonly events: string; readonly sends: string } {
  return {
    events: events.length === 0 ? '' : packEvents(events),
    sends: sends.length + documents.length === 0 ? '' : JSON.stringify([sends, documents]),
  };
}

/** Which verification an entry is about, without reading the rest; '' for a refusal. */
export function verificationOf([, fields]: RawEntry): string {
  return fields?.[0]?.toString() === 'v' ? (fields[1]?.toString() ?? '') : '';
}

/** The entry back; null for one that was deleted. `stream` makes the id of a refusal unique. */
export function unpackEntry([id, fields]: RawEntry, stream: string): Entry | null {
  if (fields === null || fields.length === 0) return null;
  const values = new Map<string, Buffer>();
  for (let i = 0; i + 1 < fields.length; i += 2) values.set(String(fields[i]), fields[i + 1] ?? Buffer.alloc(0));
  const text = (name: string): string => values.get(name)?.toString() ?? '';
  const refused = text('f');
  if (refused !== '') {
    const refusal = { ...(JSON.parse(refused) as Omit<RecordedRefusal, 'id'>), id: `${stream}:${id.toString()}` };
    return { type: 'refusal', refusal };
  }
  const digest = values.get('d');
  const long = text('l');
  const carried = text('n') === '' ? NOTHING : (JSON.parse(text('n')) as Carried);
  return {
    type: 'commit',
    verification: text('v'),
    stored: {
      state: values.get('s') ?? Buffer.alloc(0),
      digest: digest === undefined || digest.length === 0 ? null : digest,
      mask: text('m') === '' ? null : text('m'),
      long: long === '' || long === AS_IT_IS ? null : long,
      code: text('c') === '' ? null : text('c'),
    },
    events: text('e') === '' ? [] : unpackEvents(text('e')),
    sends: carried[0],
    documents: carried[1],
    partial: long === AS_IT_IS,
    dropped: JSON.parse(text('x') === '' ? '[]' : text('x')) as Send[],
  };
}

/** The commit as the records take it. `whole` fills in what the entry leaves out because they have it. */
export async function recordedCommit(
  frames: Frames,
  { verification, stored, events, sends, documents, dropped }: CommitEntry,
  whole: RecordedCommit['record'] | null,
): Promise<RecordedCommit> {
  const frame = await frames.frameOf(glance(stored.state).frame);
  const record = unpackRecord(verification, stored, frame, whole);
  return {
    record: withoutPlaceholders(record),
    events,
    sends: [...dropped.map((send): Send => ({ ...send, status: 'dropped' })), ...sends.map(([send]) => send)],
    documents,
  };
}

/** What the entry left out and the records do not have is not there: a code that no resend can need, an erased address. */
function withoutPlaceholders(record: RecordedCommit['record']): RecordedCommit['record'] {
  if (!isPartial(record)) return record;
  return {
    ...record,
    sealedTo: record.sealedTo === ELSEWHERE ? null : record.sealedTo,
    sealedCode: record.sealedCode === ELSEWHERE ? null : record.sealedCode,
  };
}
