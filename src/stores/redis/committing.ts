import { WatchwordError } from '../../core/errors.ts';
import { repeatsCode } from '../../core/machine/index.ts';
import type { Send, Verification } from '../../core/verification.ts';
import type { DeliveryProgress } from '../../ports/outbox.ts';
import type { Changes } from '../../ports/verification-store.ts';
import type { RedisValue } from './client.ts';
import { AS_IT_IS, completed, isPartial } from './elsewhere.ts';
import { packEntry, type EntrySend } from './entries.ts';
import { shardOf } from './keys.ts';
import type { Parts } from './parts.ts';
import { glance, kidOf, packRecord, type PackedRecord } from './short-record.ts';

/** What the records do not have yet is kept this much longer; the stream keeps it for ever. */
const UNRECORDED_MS = 7 * 86_400_000;
const ANSWER_MS = 86_400_000;
const NOT_LEASED = '0';

export interface Commit {
  readonly record: Verification;
  /** 0 for a new one. */
  readonly expectedVersion: number;
  readonly changes: Changes;
  readonly now: number;
  /** The records hold the expected version; Redis may have let it go. */
  readonly recordedVersion: boolean;
  /** The latest time of the server at which this may be written, ms; null = any. */
  readonly notAfter: number | null;
}

/** `absent`: Redis does not have the record. `late`: nothing was written because its time was over. */
export type CommitOutcome = 'ok' | 'conflict' | 'absent' | 'late';

/** Writes one commit: the record, its sends, the answer and an entry of the shard's stream, all or nothing. */
export async function commit(parts: Parts, request: Commit): Promise<CommitOutcome> {
  const { client, keys } = parts;
  const { record, changes } = request;
  const shard = shardOf(record.id);
  const values = await scriptValues(parts, request);
  const answer = keys.answer(shard, changes.answer?.key ?? '');
  const names = [keys.record(record.id), keys.long(record.id), keys.stream(shard), keys.due(shard), answer];
  const outcome = String(await client.run('commit', names, values)) as CommitOutcome;
  if (outcome === 'ok') await parts.replicated();
  return outcome;
}

async function scriptValues(parts: Parts, request: Commit): Promise<readonly RedisValue[]> {
  const { record, expectedVersion, changes, now, recordedVersion, notAfter } = request;
  const packed = await pack(parts, record);
  const sends = entrySends(changes);
  const entry = packEntry(changes.events, sends, changes.documents);
  const update = changes.sendUpdate;
  return [
    expectedVersion,
    recordedVersion ? '1' : '0',
    notAfter ?? '',
    packed.state,
    packed.digest,
    packed.mask,
    packed.long,
    packed.code,
    Math.max(0, record.expiresAt - now) + UNRECORDED_MS,
    now,
    changes.dropQueued ? '1' : '0',
    changes.answer?.answer ?? '',
    ANSWER_MS,
    record.id,
    codeForRecords(record, packed.code),
    entry.events,
    entry.sends,
    update?.send.id ?? '',
    Math.max(0, ...changes.sends.map((send) => send.generation)),
    ...sends.flatMap(([send, dueAt]) =>
      dueAt === null ? [] : [send.id, JSON.stringify(send), queueState(send, update), dueAt],
    ),
  ];
}

/** A record that was read in part is completed first when there is more to write than its state. */
async function pack(parts: Parts, record: Verification): Promise<PackedRecord> {
  const packed = packRecord(record, await parts.frames.numberOf(record, kidOf(record)));
  if (!packed.extras || !isPartial(record)) return packed;
  const whole = (await parts.sql.verifications.get(record.id)).record;
  if (whole === null)
    throw new WatchwordError('unavailable', 'The long fields of a verification are not in the database.');
  return packRecord(completed(record, whole), glance(packed.state).frame);
}

/** A readable code leaves Redis only where a later message must find it. */
function codeForRecords(record: Verification, code: string): string {
  return repeatsCode(record) && code !== AS_IT_IS ? code : '';
}

function entrySends({ sends, sendUpdate }: Changes): EntrySend[] {
  const fresh = sends.map((send): EntrySend => [send, send.status === 'queued' ? send.createdAt : null]);
  return sendUpdate === null ? fresh : [[sendUpdate.send, sendUpdate.dueAt], ...fresh];
}

/** `<leased> <crashes> <progress>`; see `claim-send.lua`. */
function queueState(send: Send, update: Changes['sendUpdate']): string {
  if (update === null || update.send.id !== send.id) return `${NOT_LEASED} 0 []`;
  return `${NOT_LEASED} ${update.progress.crashes} ${packProgress(update.progress)}`;
}

function packProgress({ round, refused, unknown }: DeliveryProgress): string {
  return JSON.stringify([round, unknown, refused]);
}

/** Progress back from what the queue keeps. */
export function unpackProgress(text: string, crashes: number): DeliveryProgress {
  const [round = 0, unknown = false, refused = []] = JSON.parse(text) as [number?, boolean?, string[]?];
  return { round, refused, unknown, crashes };
}
