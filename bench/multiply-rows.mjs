// Fills PostgreSQL by copying what the service wrote: every row of the first verifications once more, under an id of its own.
import pg from 'pg';
import { EVENTS, SENDS, VERIFICATIONS } from '../dist/stores/sql/server/tables.js';

/** Copies the verifications there are, with one event and send each, until there are `to`; returns ids from all over the table. */
export async function multiplyRows(url, to) {
  const client = new pg.Client(url);
  await client.connect();
  const base = Number((await client.query('SELECT count(*) FROM verifications')).rows[0].count);
  await client.query(`CREATE TEMPORARY TABLE copies AS
    SELECT id, 'vrf_' || substr(id, 5, 10) || lpad(upper(to_hex(n)), 20, '0') AS copy, n
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS nr FROM verifications) v
    CROSS JOIN LATERAL (SELECT s * ${base} + nr AS n FROM generate_series(1, ${Math.ceil(to / base) - 1}) s) c`);
  await client.query('ANALYZE copies');
  const own = {
    id: 'copies.copy',
    open_subject: 'NULL',
    to_index: "substr(md5('t' || n), 1, 16)",
    limit_index: "substr(md5('l' || n), 1, 16)",
    verification: 'copies.copy',
  };
  await copyRows(client, VERIFICATIONS, 'id', own);
  await copyRows(client, EVENTS, 'verification', { verification: own.id });
  await copyRows(client, SENDS, 'verification', { verification: own.id, id: "'snd_' || substr(copies.copy, 5)" });
  await client.query('ANALYZE verifications, events, sends');
  await client.query('CHECKPOINT');
  const { rows } = await client.query('SELECT id FROM verifications WHERE status = $1 ORDER BY random() LIMIT 4000', [
    'pending',
  ]);
  await client.end();
  return rows.map(({ id }) => id);
}

async function copyRows(client, { name, columns }, by, own) {
  const values = columns.map((column) => own[column] ?? `${name}.${column}`);
  await client.query(`INSERT INTO ${name} (${columns.join(', ')})
    SELECT ${values.join(', ')} FROM (SELECT DISTINCT ON (${by}) * FROM ${name} ORDER BY ${by}) ${name}
    JOIN copies ON copies.id = ${name}.${by}`);
}
