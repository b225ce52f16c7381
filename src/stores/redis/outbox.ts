import type { Send } from '../../core/verification.ts';
import type { ClaimedSend, Outbox } from '../../ports/outbox.ts';
import { unpackProgress } from './committing.ts';
import { idTime } from './id-bytes.ts';
import { shardOf, SHARDS } from './keys.ts';
import type { Parts } from './parts.ts';

const LOOKED_AT = 200;
const OLDEST_OF = 50;
const LEAST_OF_SHARD = 8;
/** How many times its even share is read of a shard. */
const SPREAD = 4;
const LEASED = { released: '0', begun: '2' } as const;

/** A send that is due: its member of the shard's sorted set, and when. */
interface Candidate {
  readonly member: string;
  readonly dueAt: number;
}

/** The queue of sends: per shard a sorted set by due time; a claim moves a send to the end of its lease. */
export function createOutbox(parts: Parts): Outbox {
  const leases = new WeakMap<Send, number>();
  const hold = async (send: Send, leased: string, until: number): Promise<boolean> => {
    const { client, keys } = parts;
    const names = [keys.record(send.verification), keys.long(send.verification), keys.due(shardOf(send.verification))];
    const values = [memberOf(send), send.id, leases.get(send) ?? -1, leased, until, send.generation];
    const held = (await client.run('hold-send', names, values)) === 1;
    if (held) await parts.replicated();
    if (held) leases.set(send, until);
    return held;
  };
  return {
    claim: (now, limit, leaseMs) => claim(parts, leases, { now, limit, leaseMs }),
    async claimOne(sendId, now, leaseMs) {
      const member = await find(parts, sendId, now);
      return member === null ? null : claimMember(parts, leases, member, now, now + leaseMs);
    },
    begin: (send, until) => hold(send, LEASED.begun, until),
    release: async (send, now) => void (await hold(send, LEASED.released, now)),
    backlog: () => backlog(parts),
  };
}

interface Claim {
  readonly now: number;
  readonly limit: number;
  readonly leaseMs: number;
}

/** The oldest due sends of all shards; one that another worker took meanwhile is passed over. */
async function claim(
  parts: Parts,
  leases: WeakMap<Send, number>,
  { now, limit, leaseMs }: Claim,
): Promise<readonly ClaimedSend[]> {
  const candidates = (await oldestDue(parts, now, limit)).toSorted((a, b) => a.dueAt - b.dueAt);
  const claimed: ClaimedSend[] = [];
  for (let at = 0; at < candidates.length && claimed.length < limit;) {
    const next = candidates.slice(at, at + limit - claimed.length);
    at += next.length;
    const taken = await Promise.all(next.map(({ member }) => claimMember(parts, leases, member, now, now + leaseMs)));
    claimed.push(...taken.filter((one) => one !== null));
  }
  return claimed;
}

/** What is due spreads evenly over the shards; only when it does not, and too little was found, the whole of each is read. */
async function oldestDue(parts: Parts, now: number, limit: number): Promise<readonly Candidate[]> {
  const share = Math.max(LEAST_OF_SHARD, Math.ceil((limit * SPREAD) / SHARDS.length));
  const lists = await dueByShard(parts, now, share);
  const found = lists.flat();
  if (found.length >= limit || lists.every((list) => list.length < share)) return found;
  return (await dueByShard(parts, now, Math.max(limit, LOOKED_AT))).flat();
}

/** The `count` oldest due ones of every shard. */
async function dueByShard({ client, keys }: Parts, now: number, count: number): Promise<Candidate[][]> {
  const lists = await Promise.all(
    SHARDS.map((shard) => client.call('ZRANGEBYSCORE', keys.due(shard), '-inf', now, 'WITHSCORES', 'LIMIT', 0, count)),
  );
  return (lists as Buffer[][]).map((list) =>
    list.flatMap((member, at) => (at % 2 === 0 ? [{ member: String(member), dueAt: Number(list[at + 1]) }] : [])),
  );
}

async function claimMember(
  { client, keys, replicated }: Parts,
  leases: WeakMap<Send, number>,
  member: string,
  now: number,
  until: number,
): Promise<ClaimedSend | null> {
  const [sendId = '', verification = ''] = member.split('|');
  const names = [keys.long(verification), keys.due(shardOf(verification))];
  const reply = (await client.run('claim-send', names, [member, sendId, now, until])) as
    [Buffer, Buffer, Buffer] | null;
  if (reply === null) return null;
  await replicated();
  const [body, crashes, progress] = reply.map(String);
  const send = JSON.parse(body ?? '') as Send;
  leases.set(send, until);
  return { send, progress: unpackProgress(progress ?? '[]', Number(crashes)) };
}

/** The queue entry of a send by its id alone: the feeder noted whose it is, else the due ones are looked through. */
async function find(parts: Parts, sendId: string, now: number): Promise<string | null> {
  const owner = await parts.client.call('GET', parts.keys.sendOwner(sendId));
  if (Buffer.isBuffer(owner)) return owner.length === 0 ? null : `${sendId}|${owner.toString()}`;
  const candidates = (await dueByShard(parts, now, LOOKED_AT)).flat();
  return candidates.find(({ member }) => member.startsWith(`${sendId}|`))?.member ?? null;
}

/** Depth, and the oldest of those that are due first: of a queue that does not move, the oldest of all. */
async function backlog({
  client,
  keys,
}: Parts): Promise<{ readonly queued: number; readonly oldestAt: number | null }> {
  const [counts, firsts] = await Promise.all([
    Promise.all(SHARDS.map((shard) => client.call('ZCARD', keys.due(shard)))),
    Promise.all(SHARDS.map((shard) => client.call('ZRANGE', keys.due(shard), 0, OLDEST_OF - 1))),
  ]);
  const times = (firsts as Buffer[][]).flat().map((member) => idTime(String(member)));
  const queued = (counts as number[]).reduce((sum, count) => sum + count, 0);
  return { queued, oldestAt: times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b)) };
}

function memberOf(send: Send): string {
  return `${send.id}|${send.verification}`;
}
