import { erasedEvent, packEvent, unpackEvent } from '../event-row.ts';
import { erased, RECORD_COLUMNS, recordValues, rowFromValues, verificationFrom } from '../verification-row.ts';
import type { Parts } from './parts.ts';
import type { Session } from './session.ts';
import { EVENTS, VERIFICATIONS } from './tables.ts';
import { rest } from './write.ts';

/** Records per transaction. */
const SLICE = 100;

/** Makes every record of the addresses bare, and forgets them everywhere else. Returns how many records changed. */
export async function erase(parts: Parts, application: string, toIndexes: readonly string[]): Promise<number> {
  if (toIndexes.length === 0) return 0;
  let changed = 0;
  for (;;) {
    // What was erased has no address any more, so each slice finds the next ones, starts that came in meanwhile too.
    const slice = await parts.reader.transaction((session) => eraseSlice(parts, session, application, toIndexes));
    changed += slice;
    if (slice < SLICE) return changed;
  }
}

async function eraseSlice(
  { policies }: Parts,
  session: Session,
  application: string,
  toIndexes: readonly string[],
): Promise<number> {
  const rows = (await session.rows(FIND, [application, toIndexes, SLICE])).map(rowFromValues);
  const ids = rows.map((row) => row.id);
  if (ids.length > 0) {
    const policyOf = await policies.policiesOf(rows.map((row) => row.policy));
    const lines = rows.map((row) => recordValues(erased(verificationFrom(row, policyOf(row.policy))), row.policy));
    await session.update(VERIFICATIONS, rest(VERIFICATIONS), lines);
    await eraseEvents(session, ids);
  }
  for (const name of new Set(rows.map((row) => `${application}|${row.limit_index}`)))
    await forgetDevices(session, name);
  await session.run('DELETE FROM people WHERE application = ? AND to_index IN (?)', [application, toIndexes]);
  await session.run('DELETE FROM inbox WHERE application = ? AND to_index IN (?)', [application, toIndexes]);
  return rows.length;
}

/** Forgets every device of a destination: a name is the destination's key, "|" and the device, and "}" comes next after "|". */
export async function forgetDevices(session: Session, destination: string): Promise<void> {
  await session.run('DELETE FROM devices WHERE name >= ? AND name < ?', [`${destination}|`, `${destination}}`]);
}

async function eraseEvents(session: Session, ids: readonly string[]): Promise<void> {
  const rows = await session.rows('SELECT verification, id, body FROM events WHERE verification IN (?)', [ids]);
  const lines = rows.flatMap(([verification = null, id, body]) => {
    const bare = packEvent(erasedEvent(unpackEvent(String(id), String(body))));
    return bare === body ? [] : [[verification, String(id), bare]];
  });
  if (lines.length > 0) await session.update(EVENTS, ['body'], lines);
}

const FIND = `SELECT ${RECORD_COLUMNS.join(', ')} FROM verifications
  WHERE application = ? AND to_index IN (?) ORDER BY id LIMIT ? FOR UPDATE`;
