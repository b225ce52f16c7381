import type { ClaimOutcome, Idempotency, IdempotencyClaim } from '../../../ports/idempotency.ts';
import type { ClaimedKey } from './load.ts';
import type { Parts } from './parts.ts';
import type { Work } from './work.ts';

const LEASE_MS = 60_000;
const LIFE_MS = 86_400_000;

/** Idempotency keys on a database server. */
export function createIdempotency({ writer }: Parts): Idempotency {
  return {
    claim: (request, now) => {
      const names = [request.key, ...(request.older ?? []).map(({ key }) => key)];
      return writer.write({ needs: { idempotency: names }, run: (work) => claim(work, request, now) });
    },
    finish: (key, answer) =>
      writer.write({
        needs: {},
        run: (work) => {
          work.answers.set(key, answer);
        },
      }),
    release: (key) =>
      writer.write({
        needs: {},
        run: (work) => {
          work.releasedKeys.add(key);
        },
      }),
  };
}

function claim(work: Work, request: IdempotencyClaim, now: number): ClaimOutcome {
  const { key, body } = request;
  const own = find(work, key, now);
  const known = own === null ? olderOutcome(work, request, now) : outcomeOf(own, body, now);
  const outcome = known ?? { type: 'claimed', id: request.id };
  if (outcome.type === 'claimed') {
    const ends_at = own?.ends_at ?? now + LIFE_MS;
    work.idempotency.set(key, { name: key, body, id: outcome.id, answer: null, lease_until: now + LEASE_MS, ends_at });
  }
  return outcome;
}

function find(work: Work, name: string, now: number): ClaimedKey | null {
  const known = work.idempotency.get(name);
  return known === null || known.ends_at <= now ? null : known;
}

/** What an earlier request left; a claim that ran out without an answer is taken over with its id. */
function outcomeOf(known: ClaimedKey, body: string, now: number): ClaimOutcome {
  if (known.body !== body) return { type: 'mismatch' };
  if (known.answer !== null) return { type: 'done', answer: known.answer };
  return known.lease_until > now ? { type: 'in_progress' } : { type: 'claimed', id: known.id };
}

function olderOutcome(work: Work, { older = [] }: IdempotencyClaim, now: number): ClaimOutcome | null {
  for (const { key, body } of older) {
    const known = find(work, key, now);
    if (known !== null) return outcomeOf(known, body, now);
  }
  return null;
}
