import type { Records, Total } from '../../../ports/records.ts';
import { unpackEvent } from '../event-row.ts';
import { SEND_COLUMNS, sendFrom, type SendRow } from '../send-row.ts';
import { utcDay } from '../totals.ts';
import { erase } from './erase.ts';
import { rowOf } from './load.ts';
import type { Parts } from './parts.ts';
import { countSpent, purge } from './purge.ts';
import { search, tally } from './search.ts';

/** Looking up and forgetting on a database server. */
export function createRecords(parts: Parts): Records {
  const { reader, writer } = parts;
  return {
    search: (query) => search(parts, query),
    tally: (query) => tally(parts, query),
    async sends(verification) {
      const rows = await reader.rows(SENDS_OF, [verification]);
      return rows.map((values) => sendFrom(rowOf<SendRow>(SEND_COLUMNS, values)));
    },
    async events(verification) {
      const rows = await reader.rows(EVENTS_OF, [verification]);
      return rows.map(([id, body]) => unpackEvent(String(id), String(body)));
    },
    async stats(application, from, to) {
      const rows = await reader.rows(STATS, [application, from, to]);
      return rows.map((values) => rowOf<Total>(TOTAL, values));
    },
    countRefused: (application, mode, reason, now) =>
      writer.write({
        needs: {},
        run: (work) => {
          const kind = `refused:${reason}`;
          work.totals.add({ application, day: utcDay(now), mode, channel: '', country: '', kind, count: 1 });
        },
      }),
    purge: (now, limit, dryRun = false) => (dryRun ? countSpent(parts, now, limit) : purge(parts, now, limit)),
    erase: (application, toIndexes) => erase(parts, application, toIndexes),
  };
}

const TOTAL = ['day', 'mode', 'channel', 'country', 'kind', 'count'] as const;
const SENDS_OF = `SELECT ${SEND_COLUMNS.join(', ')} FROM sends WHERE verification = ? ORDER BY id`;
const EVENTS_OF = 'SELECT id, body FROM events WHERE verification = ? ORDER BY seq, id';
const STATS = `SELECT day, mode, channel, country, kind, sum(count) FROM totals
  WHERE application = ? AND day >= ? AND day <= ?
  GROUP BY day, mode, channel, country, kind ORDER BY day, mode, channel, country, kind`;
