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
  const own = find(connection, request.key, now);
  if (own !== null) {
    const outcome = outcomeOf(own, request.body, now);
    if (outcome.type === 'claimed') {
      connection.sql('UPDATE idempotency SET lease_until = ? WHERE name = ?').run(now + LEASE_MS, request.key);
    }
    return outcome;
  }
  const outcome = olderOutcome(connection, request, now) ?? { type: 'claimed', id: request.id };
  if (outcome.type === 'claimed') {
    connection.sql(CLAIM).run(request.key, request.body, outcome.id, now + LEASE_MS, now + LIFE_MS);
  }
  return outcome;
}

function find(connection: Connection, name: string, now: number): Claimed | null {
  const known = connection
    .sql('SELECT body, id, answer, lease_until, ends_at FROM idempotency WHERE name = ?')
    .get(name) as Claimed | undefined;
  return known === undefined || known.ends_at <= now ? null : known;
}

/** What an earlier request left; a claim that ran out without an answer is taken over with its id. */
function outcomeOf(known: Claimed, body: string, now: number): ClaimOutcome {
  if (known.body !== body) return { type: 'mismatch' };
  if (known.answer !== null) return { type: 'done', answer: known.answer };
  return known.lease_until > now ? { type: 'in_progress' } : { type: 'claimed', id: known.id };
}

function olderOutcome(connection: Connection, { older = [] }: IdempotencyClaim, now: number): ClaimOutcome | null {
  for (const { key, body } of older) {
    const known = find(connection, key, now);
    if (known !== null) return outcomeOf(known, body, now);
  }
  return null;
}

const CLAIM = `INSERT INTO idempotency (name, body, id, answer, lease_until, ends_at) VALUES (?, ?, ?, NULL, ?, ?)
  ON CONFLICT DO UPDATE SET body = excluded.body, id = excluded.id, answer = NULL,
    lease_until = excluded.lease_until, ends_at = excluded.ends_at`;
