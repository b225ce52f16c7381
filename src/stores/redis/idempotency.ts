import type { ClaimOutcome, Idempotency, IdempotencyClaim } from '../../ports/idempotency.ts';
import { shardOf } from './keys.ts';
import type { Parts } from './parts.ts';

const LEASE_MS = 60_000;
const LIFE_MS = 86_400_000;
const EXTRA_MS = 60_000;

/**
 * Idempotency keys. A claim lies in a slot of its own; the answer of a commit lies in the slot of its verification, written with
 * it. Before the commit the claim is told which slot that is, so that the answer is found whatever happens after.
 */
export function createIdempotency(parts: Parts): Idempotency {
  const { client, keys } = parts;
  return {
    claim: (request, now) => claim(parts, request, now),
    async finish(key, answer) {
      await client.run('set-claim', [keys.idempotency(key)], ['a', answer]);
    },
    async release(key) {
      if ((await answerOf(parts, key, await slotOf(parts, key))) !== null) return;
      await client.run('drop-claim', [keys.idempotency(key)], []);
    },
  };
}

/** Notes where the answer of a request will be; done before its commit. */
export async function pointToAnswer({ client, keys }: Parts, key: string, verification: string): Promise<void> {
  await client.run('set-claim', [keys.idempotency(key)], ['w', shardOf(verification)]);
}

async function claim(parts: Parts, request: IdempotencyClaim, now: number): Promise<ClaimOutcome> {
  const outcome = await claimOne(parts, request, request.id, now);
  const isFresh = outcome.type === 'claimed' && outcome.id === request.id;
  if (!isFresh || request.older === undefined) return outcome;
  for (const { key, body } of request.older) {
    const earlier = await look(parts, { key, body }, now);
    if (earlier === null) continue;
    // What was claimed under an older key of the ring is the same request.
    if (earlier.type === 'claimed')
      await parts.client.run('set-claim', [parts.keys.idempotency(request.key)], ['i', earlier.id]);
    else await parts.client.run('drop-claim', [parts.keys.idempotency(request.key)], []);
    return earlier;
  }
  return outcome;
}

type Named = Pick<IdempotencyClaim, 'key' | 'body'>;

async function claimOne(parts: Parts, { key, body }: Named, id: string, now: number): Promise<ClaimOutcome> {
  const values = [body, id, now, now + LEASE_MS, now + LIFE_MS, LIFE_MS + EXTRA_MS];
  const reply = (await parts.client.run('claim-key', [parts.keys.idempotency(key)], values)) as Buffer[];
  const [type = '', owner = '', answer = '', shard = ''] = reply.map(String);
  if (type === 'done') return { type, answer };
  if (type === 'mismatch') return { type };
  const written = shard === '' ? null : await answerOf(parts, key, shard);
  if (written !== null) return { type: 'done', answer: written };
  return type === 'claimed' ? { type, id: owner } : { type: 'in_progress' };
}

/** What a key says without claiming it; null when it says nothing any more. */
async function look(parts: Parts, { key, body }: Named, now: number): Promise<ClaimOutcome | null> {
  const fields = await parts.client.call('HMGET', parts.keys.idempotency(key), 'b', 'i', 'a', 'l', 'e', 'w');
  const [held, id, answer, lease, end, shard] = (fields as (Buffer | null)[]).map((value) => value?.toString());
  if (held === undefined || Number(end) <= now) return null;
  if (held !== body) return { type: 'mismatch' };
  const written = answer ?? (shard === undefined ? null : await answerOf(parts, key, shard));
  if (written !== null && written !== undefined) return { type: 'done', answer: written };
  return Number(lease) > now ? { type: 'in_progress' } : { type: 'claimed', id: id ?? '' };
}

async function slotOf({ client, keys }: Parts, key: string): Promise<string | null> {
  const shard = await client.call('HGET', keys.idempotency(key), 'w');
  return Buffer.isBuffer(shard) ? shard.toString() : null;
}

async function answerOf({ client, keys }: Parts, key: string, shard: string | null): Promise<string | null> {
  if (shard === null) return null;
  const answer = await client.call('GET', keys.answer(shard, key));
  return Buffer.isBuffer(answer) ? answer.toString() : null;
}
