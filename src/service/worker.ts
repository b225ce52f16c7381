import { WatchwordError } from '../core/errors.ts';
import { endReuse, expire } from '../core/machine/index.ts';
import { SYSTEM } from '../core/verification.ts';
import type { ClaimedSend } from '../ports/outbox.ts';
import type { Worker } from './api.ts';
import { noteSystemAct, sealDue } from './audit/index.ts';
import { changesOf, commit, type Decision } from './commit.ts';
import { climbDue, deliver, LEASE_MS, pollDue, type DeliveryDeps } from './delivery/index.ts';
import { createDayKeeper } from './insights/index.ts';
import { mailDue } from './staff/index.ts';
import { createPosts, type WebhookDeps } from './webhooks/index.ts';

/** Messages under way at once: at 50 ms a provider call, 2,000 a second need 100. Each holds a few kB. */
const MOST_AT_ONCE = 256;
const POLL_MS = 500;
const LOST_POLL_MS = 5_000;
const SWEEP_MS = 1_000;
const SEAL_MS = 2_000;
const TEND_MS = 1_000;
// One batch is one transaction: it holds up every start for as long as it takes.
const SWEEP_BATCH = 100;
const MOST_SWEEP_BATCHES = 200;
const PURGE_MS = 3_600_000;
const PURGE_BATCH = 500;
const AWAY_MS = 2_000;

/** A worker that this process can wake when it queued something itself; others find it by polling. */
export interface WakeableWorker extends Worker {
  wake(): void;
  readonly running: boolean;
}

/** The background half: delivers sends, closes what expired, purges what is past its retention. */
export function createWorker(deps: DeliveryDeps & WebhookDeps): WakeableWorker {
  const inFlight = new Set<Promise<unknown>>();
  const posts = createPosts(deps);
  const insights = createDayKeeper(deps);
  let stopping = new AbortController();
  let waking = new AbortController();
  let posting = new AbortController();
  let loops: Promise<unknown>[] = [];
  let consumer: { stop(): Promise<void> } | null = null;

  async function pass(): Promise<number> {
    const room = MOST_AT_ONCE - inFlight.size;
    if (room <= 0) return 0;
    // The store's time stamped the sends: on a host whose clock fell behind they would wait for it to catch up.
    const now = await deps.store.verifications.time();
    const claimed = await deps.store.outbox.claim(now, room, LEASE_MS);
    for (const send of claimed) track(deliverLogged(deps, send));
    return claimed.length;
  }

  function track(work: Promise<unknown>): void {
    inFlight.add(work);
    void work.finally(() => {
      inFlight.delete(work);
      wake();
    });
  }

  function wake(): void {
    // Aborting makes an error with a stack, even when it changes nothing.
    for (const sleeper of [waking, posting]) if (!sleeper.signal.aborted) sleeper.abort();
  }

  async function webhookLoop(): Promise<void> {
    while (!stopping.signal.aborted) {
      posting = new AbortController();
      const { signal } = posting;
      const begun = (await posts.begin()) + (await mailDue(deps));
      if (begun === 0) await deps.env.sleep(POLL_MS, AbortSignal.any([signal, stopping.signal]));
    }
  }

  /** What is due some time after a message went out. */
  async function tend(): Promise<void> {
    if ((await climbDue(deps)) > 0) wake();
    await pollDue(deps);
    await deps.statistics.flush();
  }

  async function deliverQueued(sendId: string): Promise<void> {
    const now = await deps.store.verifications.time();
    const claimed = await deps.store.outbox.claimOne(sendId, now, LEASE_MS);
    if (claimed !== null) await deliver(deps, claimed);
  }

  /** With a queue its jobs wake this worker, and what it lost is still found now and then. */
  async function deliveryLoop(): Promise<void> {
    const everyMs = deps.store.queue === null ? POLL_MS : LOST_POLL_MS;
    while (!stopping.signal.aborted) {
      waking = new AbortController();
      const claimed = await pass();
      if (claimed > 0 && inFlight.size < MOST_AT_ONCE) continue;
      await deps.env.sleep(everyMs, AbortSignal.any([waking.signal, stopping.signal]));
    }
  }

  function start(): void {
    if (loops.length > 0) return;
    stopping = new AbortController();
    const { signal } = stopping;
    consumer = deps.store.queue?.consume(deliverQueued, MOST_AT_ONCE) ?? null;
    loops = [
      persist(deps, signal, deliveryLoop),
      persist(deps, signal, webhookLoop),
      persist(deps, signal, () => repeat(deps, signal, TEND_MS, tend)),
      ...deps.store.tasks.map((task) => persist(deps, signal, () => task.run(signal))),
      persist(deps, signal, () => repeat(deps, signal, SWEEP_MS, () => sweep(deps))),
      persist(deps, signal, () => repeat(deps, signal, SEAL_MS, () => sealDue(deps))),
      persist(deps, signal, () => repeat(deps, signal, TEND_MS, () => insights.tend())),
      persist(deps, signal, () => repeat(deps, signal, PURGE_MS, () => purge(deps, signal))),
    ];
  }

  async function stop(graceMs = 8_000): Promise<void> {
    stopping.abort();
    const done = Promise.allSettled([...loops, ...inFlight, consumer?.stop()]).then(() => posts.idle());
    await Promise.race([done, deps.env.sleep(graceMs)]);
    await deps.statistics.flush({ now: true }).catch(() => undefined);
    loops = [];
    consumer = null;
  }

  async function tick(): Promise<number> {
    await sweep(deps);
    await tend();
    const claimed = await pass();
    await Promise.allSettled(inFlight);
    await posts.begin();
    await posts.idle();
    await deps.statistics.flush({ now: true });
    await mailDue(deps);
    await sealDue(deps);
    return claimed;
  }

  return {
    start,
    stop,
    tick,
    wake,
    get running() {
      return loops.length > 0;
    },
  };
}

async function deliverLogged(deps: DeliveryDeps, claimed: ClaimedSend): Promise<void> {
  try {
    await deliver(deps, claimed);
  } catch (error) {
    // The lease runs out and the send is taken up again.
    logFailure(deps, 'delivery.failed', error);
  }
}

/** Keeps a loop alive while the store is away. */
async function persist(deps: DeliveryDeps, signal: AbortSignal, loop: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    try {
      await loop();
    } catch (error) {
      logFailure(deps, 'worker.interrupted', error);
      await deps.env.sleep(AWAY_MS, signal);
    }
  }
}

async function repeat(
  deps: DeliveryDeps,
  signal: AbortSignal,
  everyMs: number,
  work: () => Promise<unknown>,
): Promise<void> {
  while (!signal.aborted) {
    await work();
    await deps.env.sleep(everyMs, signal);
  }
}

/** Closes every record whose time is over, in batches; whoever comes first wins, the others find it closed. */
export async function sweep(deps: DeliveryDeps): Promise<number> {
  let closed = 0;
  for (let batch = 0; batch < MOST_SWEEP_BATCHES; batch++) {
    const now = await deps.store.verifications.time();
    const ids = await deps.store.verifications.due(now, SWEEP_BATCH);
    const results = await Promise.all(ids.map((id) => closeDue(deps, id)));
    closed += results.filter(Boolean).length;
    if (ids.length < SWEEP_BATCH) break;
  }
  return closed;
}

async function closeDue(deps: DeliveryDeps, id: string): Promise<boolean> {
  const done = await commit(
    deps,
    () => deps.store.verifications.get(id),
    (record, now): Decision<unknown> => {
      const step = record.status === 'pending' ? expire(record, now) : endReuse(record, now);
      return { step, changes: changesOf(deps, step, { actor: SYSTEM }, now) };
    },
  );
  return done.ok;
}

async function purge(deps: DeliveryDeps, signal: AbortSignal): Promise<void> {
  let records = 0;
  while (!signal.aborted) {
    const gone = await deps.store.records.purge(await deps.store.verifications.time(), PURGE_BATCH);
    records += gone;
    if (gone < PURGE_BATCH) break;
    // Leaves the writer to others between two batches.
    await deps.env.sleep(5, signal);
  }
  if (records > 0) await noteSystemAct(deps, 'records.purged', { records });
}

/** Only where it happened: the message of an unexpected error may carry anything. */
function logFailure(deps: DeliveryDeps, event: string, error: unknown): void {
  const known = error instanceof WatchwordError;
  const frames =
    error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at ')) : [];
  deps.env.log({
    event,
    level: 'error',
    detail: known ? error.message : 'unexpected error',
    at: frames.slice(0, 4).join(' '),
  });
}
