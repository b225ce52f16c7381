import type { Hit, Refusal } from '../../core/limits.ts';
import type { Changes } from '../../ports/verification-store.ts';
import type { RedisClient, RedisValue } from './client.ts';
import type { Keys } from './keys.ts';

const DAY_MS = 86_400_000;
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/** Where the counts are. */
export interface CounterPlace {
  readonly client: RedisClient;
  readonly keys: Keys;
}

/** What was reserved. Giving it back happens once; when that fails the counts stay too high, never too low. */
export interface Reservation {
  giveBack(): Promise<void>;
}

export type Taken =
  | { readonly type: 'taken'; readonly reservation: Reservation }
  | { readonly type: 'refused'; readonly refusal: Refusal };

/** `s` log of times, `f` failures in a window, `r` failures in a row, `c` count in a window. */
type Kind = 's' | 'f' | 'r' | 'c';

/** One hit, or only a note of live messages (`hit` null), on the counter it goes by. */
interface Operation {
  readonly at: number;
  readonly hit: Hit | null;
  readonly kind: Kind;
  readonly name: string;
  readonly key: string;
  readonly max: number;
  readonly windowMs: number | null;
  readonly amount: number;
  /** Times to log. */
  readonly log: number;
  /** Parts counted under older keys of the ring. */
  readonly others: string;
}

interface Slot {
  readonly operations: readonly Operation[];
  readonly keys: readonly string[];
}

interface SlotAnswer {
  readonly slot: Slot;
  readonly refused: { readonly operation: Operation; readonly resetAt: number | null } | null;
  /** Per operation: the end of the window it was counted in. */
  readonly ends: readonly string[];
}

/**
 * Reserves the hits of a commit and notes its live messages, before the commit: one script per slot, so all hits of one
 * destination are taken together. When one slot refuses, the others give back.
 */
export async function takeHits(
  place: CounterPlace,
  { take, sends }: Pick<Changes, 'take' | 'sends'>,
  now: number,
): Promise<Taken> {
  const alone = operationsOf(place.keys, take, sends);
  const isRotating = alone.some(({ hit }) => hit !== null && hit.keys.length > 1);
  const operations = isRotating ? await Promise.all(alone.map((item) => withOthers(place, item, now))) : alone;
  const answers = await Promise.all(slotsOf(operations).map((slot) => takeSlot(place, slot, now)));
  const reservation = { giveBack: () => giveBack(place, answers, now) };
  const [first] = answers.flatMap(({ refused }) => refused ?? []).toSorted((a, b) => a.operation.at - b.operation.at);
  if (first?.operation.hit == null) return { type: 'taken', reservation };
  await reservation.giveBack();
  const { name, scope } = first.operation.hit;
  return { type: 'refused', refusal: { name, scope, resetAt: first.resetAt } };
}

function operationsOf(keys: Keys, take: readonly Hit[], sends: Changes['sends']): Operation[] {
  const messages = new Map<string, number>();
  for (const send of sends) {
    if (send.mode !== 'live') continue;
    const destination = `${send.application}|${send.limitIndex}`;
    messages.set(destination, (messages.get(destination) ?? 0) + 1);
  }
  const operations = take.flatMap((hit, at) => {
    const [name] = hit.keys;
    return name === undefined ? [] : [operationOf(keys, hit, { at, name, log: loggedBy(hit, messages) })];
  });
  for (const [name, log] of messages) operations.push(noteOf(keys, name, log));
  return operations;
}

/** The messages of the destination a hit is about; what it takes is not noted a second time. */
function loggedBy(hit: Hit, messages: Map<string, number>): number {
  if (hit.name !== 'destination_sends') return 0;
  let log = 0;
  for (const key of hit.keys) {
    log += messages.get(key) ?? 0;
    messages.delete(key);
  }
  return log;
}

function operationOf(
  keys: Keys,
  hit: Hit,
  { at, name, log }: { readonly at: number; readonly name: string; readonly log: number },
): Operation {
  const kind = kindOf(hit);
  const { max, windowMs, amount } = hit;
  return { at, hit, kind, name, key: keyOf(keys, kind, hit.name, name), max, windowMs, amount, log, others: '' };
}

function noteOf(keys: Keys, name: string, log: number): Operation {
  const key = keys.counter('sends', name);
  return { at: NO_LIMIT, hit: null, kind: 's', name, key, max: NO_LIMIT, windowMs: DAY_MS, amount: 0, log, others: '' };
}

function kindOf(hit: Hit): Kind {
  switch (hit.name) {
    case 'destination_sends':
      return 's';
    case 'destination_failures':
      return 'f';
    case 'destination_consecutive_failures':
      return 'r';
    default:
      return 'c';
  }
}

function keyOf(keys: Keys, kind: Kind, limit: string, name: string): string {
  if (kind === 's') return keys.counter('sends', name);
  return kind === 'c' ? keys.counter('count', `${limit}|${name}`) : keys.counter('failures', name);
}

/** Reads what was counted under older keys of the ring; nobody who knows the newest key writes there any more. */
async function withOthers({ client, keys }: CounterPlace, operation: Operation, now: number): Promise<Operation> {
  const { hit, kind } = operation;
  if (hit === null || hit.keys.length < 2) return operation;
  const older = hit.keys.slice(1).map((name) => client.call('GET', keyOf(keys, kind, hit.name, name)));
  const parts = (await Promise.all(older)).map((stored) =>
    Buffer.isBuffer(stored) ? partsText(operation, stored.toString().split(',').map(Number), now) : '',
  );
  return { ...operation, others: parts.filter(Boolean).join(',') };
}

function partsText({ kind, windowMs }: Operation, row: readonly number[], now: number): string {
  const [first = 0, second = 0, third = 0, fourth = 0] = row;
  if (kind === 'r') return `${fourth}:0`;
  if (kind === 'c') return second === 0 || second > now ? `${first}:${second}` : '';
  if (kind === 'f') return part(third, first, windowMs, now);
  return row
    .map((time) => part(1, time, windowMs, now))
    .filter(Boolean)
    .join(',');
}

function part(count: number, start: number, windowMs: number | null, now: number): string {
  if (windowMs === null) return `${count}:0`;
  return start + windowMs > now ? `${count}:${start + windowMs}` : '';
}

/** Operations by hash tag: those of one tag are taken together. */
function slotsOf(operations: readonly Operation[]): Slot[] {
  const [first] = operations;
  if (first !== undefined && operations.length === 1) return [{ operations, keys: [first.key] }];
  const byTag = new Map<string, Operation[]>();
  for (const operation of operations) {
    const tag = /\{([^}]*)\}/.exec(operation.key)?.[1] ?? '';
    byTag.set(tag, [...(byTag.get(tag) ?? []), operation]);
  }
  return [...byTag.values()].map((same) => ({ operations: same, keys: [...new Set(same.map(({ key }) => key))] }));
}

async function takeSlot({ client }: CounterPlace, slot: Slot, now: number): Promise<SlotAnswer> {
  const values = slot.operations.flatMap((item): RedisValue[] => [
    item.kind,
    slot.keys.indexOf(item.key) + 1,
    item.max,
    item.windowMs ?? 0,
    item.amount,
    item.log,
    item.others,
  ]);
  const [refused, ...ends] = (await client.run('take', slot.keys, [now, ...values])) as [number, ...Buffer[]];
  const operation = slot.operations[refused - 1];
  const texts = ends.map(String);
  if (operation === undefined) return { slot, refused: null, ends: texts };
  const resetAt = Number(texts[0] ?? -1);
  return { slot, refused: { operation, resetAt: resetAt < 0 ? null : resetAt }, ends: [] };
}

async function giveBack({ client }: CounterPlace, answers: readonly SlotAnswer[], now: number): Promise<void> {
  const taken = answers.filter(({ refused }) => refused === null);
  await Promise.all(
    taken.map(async ({ slot, ends }) => {
      const values = slot.operations.flatMap((item, i): RedisValue[] => {
        const key = slot.keys.indexOf(item.key) + 1;
        if (item.kind === 's') return item.log === 0 ? [] : ['s', key, item.log, now];
        return item.kind === 'c' ? ['c', key, item.amount, ends[i] ?? ''] : [];
      });
      if (values.length === 0) return;
      // Too high a count is the safe error, and asking again could give back twice.
      await client.run('give-back', slot.keys, values).catch(() => undefined);
    }),
  );
}
