import { WatchwordError } from '../../core/errors.ts';
import type { Verification } from '../../core/verification.ts';
import type { Parts } from './parts.ts';
import { glance, unpackRecord, type StoredRecord } from './short-record.ts';

/** The parts of a verification as Redis has them; null when it has none. */
export async function readStored({ client, keys }: Parts, id: string): Promise<StoredRecord | null> {
  const reply = (await client.run('read', [keys.record(id), keys.long(id)], [])) as (Buffer | null)[];
  const [state = null, digest = null, mask = null, long = null, code = null] = reply;
  if (state === null) return null;
  return { state, digest, mask: text(mask), long: text(long), code: text(code) };
}

/**
 * The whole record: of Redis, completed with what only the records keep; of the records once Redis let it go. For a `verdict`
 * the records are asked only when Redis does not have what is judged.
 */
export async function readRecord(parts: Parts, id: string, need?: 'verdict'): Promise<Verification | null> {
  const stored = await readStored(parts, id);
  if (stored === null) return await readRecorded(parts, id);
  const { sealedTo, sealedCode, extras } = glance(stored.state);
  const wanted = extras || (need === undefined && (sealedTo || sealedCode));
  return complete(parts, id, stored, wanted && stored.long === null);
}

/**
 * The record as the records have it, for what Redis let go. It never lets go of one whose code is still alive: then Redis lost its data,
 * and with it what was decided since. Nothing may be judged by the older state; it ends at its time.
 */
export async function readRecorded({ sql, clock }: Parts, id: string): Promise<Verification | null> {
  const { record } = await sql.verifications.get(id);
  const isAlive = record !== null && record.digest !== null && record.dueAt !== null;
  if (isAlive && record.dueAt > (await clock.now()))
    throw new WatchwordError('unavailable', 'Redis lost this verification. Start a new one; it ends by itself.');
  return record;
}

/** The record as Redis has it, sealed values perhaps missing: enough to tell whether it is open and what it is about. */
export async function readOpen(parts: Parts, id: string): Promise<Verification | null> {
  const stored = await readStored(parts, id);
  return stored === null ? null : complete(parts, id, stored, stored.long === null && glance(stored.state).extras);
}

async function complete(parts: Parts, id: string, stored: StoredRecord, ask: boolean): Promise<Verification> {
  const [frame, whole] = await Promise.all([
    parts.frames.frameOf(glance(stored.state).frame),
    ask ? parts.sql.verifications.get(id).then(({ record }) => record) : null,
  ]);
  if (ask && whole === null) throw lost();
  return unpackRecord(id, stored, frame, whole);
}

function lost(): WatchwordError {
  return new WatchwordError('unavailable', 'A verification is in Redis, but its long fields are not in the database.');
}

function text(value: Buffer | null): string | null {
  return value === null ? null : value.toString();
}
