import type { Records, Total } from '../../ports/records.ts';
import { SEND_COLUMNS, sendFrom, unpackEvents, utcDay, type SendRow } from '../sql/index.ts';
import { EVENTS_OF } from './event-chain.ts';
import { countSpent, erase, purge } from './retention.ts';
import { search, tally } from './search.ts';
import type { Parts } from './verifications.ts';

/** Looking up and forgetting on SQLite. */
export function createRecords(parts: Parts): Records {
  const { connection, writer } = parts;
  return {
    search: (query) => search(parts, query),
    tally: (query) => connection.read(() => tally(parts, query)),
    sends: (verification) =>
      connection.read(() => (connection.sql(SENDS).all(verification) as SendRow[]).map(sendFrom)),
    events: (verification) =>
      connection.read(() => {
        const rows = connection.sql(EVENTS_OF).all(verification) as { body: string }[];
        return rows.flatMap((row) => unpackEvents(row.body));
      }),
    stats: (application, from, to) =>
      connection.read(() =>
        (connection.sql(STATS).all(application, from, to) as Total[]).map((row): Total => ({ ...row })),
      ),
    countRefused: (application, mode, reason, now) =>
      writer.write((batch) => {
        const kind = `refused:${reason}`;
        batch.totals.add({ application, day: utcDay(now), mode, channel: '', country: '', kind, count: 1 });
      }),
    purge: (now, limit, dryRun = false) =>
      dryRun ? connection.read(() => countSpent(parts, now, limit)) : purge(parts, now, limit),
    erase: (application, toIndexes, now) => erase(parts, application, toIndexes, now),
  };
}

const SENDS = `SELECT ${SEND_COLUMNS.join(', ')} FROM sends WHERE verification = ? ORDER BY id`;
const STATS = `SELECT day, mode, channel, country, kind, count FROM totals
  WHERE application = ? AND day >= ? AND day <= ? ORDER BY day, mode, channel, country, kind`;
