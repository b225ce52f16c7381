// desk-rows.mjs <database> <rows>: copies the records of the demo, each with its events and message, over 90 days, until there are so many.
import { idFloor } from '../dist/core/id.js';
import { EVENTS_OF } from '../dist/stores/sqlite/event-chain.js';
import { openConnection } from '../dist/stores/sqlite/connection.js';
import { Lookups } from '../dist/stores/sqlite/lookups.js';
import { openService } from './opened.mjs';

const DAY_MS = 86_400_000;
const DAYS = 90;
const AT_ONCE = 20_000;
/** Records of one address, as a person who calls often has. */
const SAME_ADDRESS = 5;
const [path, wanted] = [process.argv[2], Number(process.argv[3])];

await countDays();
const connection = await openConnection(path);
connection.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -262144');
const base = readBase();
const now = Math.max(...base.map(({ row }) => row.created_at));
const put = {
  verifications: inserter('verifications', Object.keys(base[0].row)),
  events: inserter('events', ['previous', 'body']),
  sends: inserter('sends', Object.keys(base.find(({ send }) => send !== null).send)),
};
const copies = wanted - base.length;
// Oldest first, as they would have been written; the newest of the demo stay the newest.
for (let n = 0; n < copies; n += AT_ONCE) {
  connection.exec('BEGIN IMMEDIATE');
  for (let i = n; i < Math.min(n + AT_ONCE, copies); i++) copy(i);
  connection.exec('COMMIT');
}
indexAll();
copyDays();
connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
connection.close();
process.stdout.write(JSON.stringify({ rows: wanted }));

async function countDays() {
  const { service, close } = await openService();
  await service.insights.count();
  await close();
}

function readBase() {
  const rows = connection.sql("SELECT * FROM verifications WHERE status <> 'pending' ORDER BY id").all();
  return rows.map((row) => {
    const chain = connection.sql(EVENTS_OF).all(row.id);
    const send = connection.sql('SELECT * FROM sends WHERE verification = ? ORDER BY id LIMIT 1').get(row.id) ?? null;
    return { row, send, events: `[${chain.map(({ body }) => body.slice(1, -1)).join(',')}]` };
  });
}

function copy(n) {
  const { row, send, events } = base[n % base.length];
  const at = Math.floor(now - DAYS * DAY_MS + (n / copies) * (DAYS * DAY_MS - 600_000));
  const tail = String(n).padStart(20, '0');
  const id = `${idFloor('vrf', at)}${tail}`;
  const shift = at - row.created_at;
  const { lastInsertRowid } = put.events.run(null, events);
  put.verifications.run({
    ...row,
    id,
    to_index:
      row.to_index === null ? null : `${row.to_index.slice(0, -12)}${mixed(n % Math.ceil(copies / SAME_ADDRESS))}`,
    reference: `INC-${1_000_000 + n}`,
    created_at: at,
    expires_at: row.expires_at + shift,
    closed_at: row.closed_at === null ? null : row.closed_at + shift,
    last_event: Number(lastInsertRowid),
  });
  if (send !== null) put.sends.run({ ...send, verification: id, id: `${idFloor('snd', at)}${tail}`, created_at: at });
}

/** Twelve characters that look random, always the same for a number. */
function mixed(n) {
  return (BigInt(n) * 0x9e37_79b9_7f4a_7c15n + 0x1234_5678n).toString(36).slice(-12).padStart(12, '0');
}

function inserter(table, columns) {
  const statement = connection.sql(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  );
  return {
    run: (row, ...more) =>
      statement.run(...(row !== null && typeof row === 'object' ? columns.map((name) => row[name]) : [row, ...more])),
  };
}

/** As the worker does, a segment at a time. */
function indexAll() {
  const lookups = new Lookups(connection);
  connection.exec(
    "BEGIN IMMEDIATE; DELETE FROM lookups; DELETE FROM lookup_segments; UPDATE clock SET indexed_through = ''",
  );
  connection.exec(`UPDATE clock SET unindexed = (SELECT count(*) FROM verifications)`);
  for (let left = wanted; left >= 2_048; left -= 2_048) lookups.index({ indexedThrough: '' });
  connection.exec('COMMIT');
}

/** The counted days of the demo again for the days before. */
function copyDays() {
  const days = connection
    .sql("SELECT * FROM documents WHERE kind = 'insight_day' AND application = ? ORDER BY id")
    .all(base[0].row.application);
  const insert = inserter('documents', Object.keys(days[0]));
  connection.exec('BEGIN IMMEDIATE');
  for (let back = days.length; back < 2 * DAYS; back++) {
    const day = new Date(now - back * DAY_MS).toISOString().slice(0, 10);
    const one = days[back % days.length];
    const body = JSON.stringify({ ...JSON.parse(one.body), day, final: true });
    insert.run({ ...one, id: `${one.application}|${day}`, body });
  }
  connection.exec('COMMIT');
}
