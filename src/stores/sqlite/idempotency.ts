import type { ClaimOutcome, Idempotency, IdempotencyClaim } from '../../ports/idempotency.ts';
import type { Connection } from './connection.ts';
import type { Writer } from './writer.ts';

const LEASE_MS = 60_000;
const LIFE_MS = 86_400_000;

interface Claimed {
  readonly body: string;
  readonly id: string;
  readonly answer: string | null;
  readonly lease_until: number;
  readonly ends_at: number;
}

/** Idempotency keys on SQLite. */
export function createIdempotency(connection: Connection, writer: Writer): Idempotency {
  return {
    claim: (request, now) => writer.write(() => claim(connection, request, now)),
    finish: (key, answer) =>
      writer.write(() => {
        connection.sql('UPDATE idempotency SET answer = ? WHERE name = ?').run(answer, key);
      }),
    release: (key) =>
      writer.write(() => {
        connection.sql('DELETE FROM idempotency WHERE name = ? AND answer IS NULL').run(key);
      }),
  };
}

function claim(connection: Connection, request: IdempotencyClaim, now: number): ClaimOutcome {
  const known = connection
    .sql('SELECT body, id, answer, lease_until, ends_at FROM idempotency WHERE name = ?')
    .get(request.key) as Claimed | undefined;
  if (known === undefined || known.ends_at <= now) {
    connection.sql(CLAIM).run(request.key, request.body, request.id, now + LEASE_MS, now + LIFE_MS);
    return { type: 'claimed', id: request.id };
  }
  if (known.body !== request.body) return { type: 'mismatch' };
  if (known.answer !== null) return { type: 'done', answer: known.answer };
  if (known.lease_until > now) return { type: 'in_progress' };
  connection.sql('UPDATE idempotency SET lease_until = ? WHERE name = ?').run(now + LEASE_MS, request.key);
  return { type: 'claimed', id: known.id };
}

const CLAIM = `INSERT INTO idempotency (name, body, id, answer, lease_until, ends_at) VALUES (?, ?, ?, NULL, ?, ?)
  ON CONFLICT DO UPDATE SET body = excluded.body, id = excluded.id, answer = NULL,
    lease_until = excluded.lease_until, ends_at = excluded.ends_at`;
