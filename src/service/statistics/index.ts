import { STATISTICS_DAYS, addTallies, dayOf, type Measure, NOTHING, type Tally } from '../../core/statistics.ts';
import type { Environment } from '../../ports/environment.ts';
import type { Store } from '../../ports/store.ts';
import type { VerificationStore } from '../../ports/verification-store.ts';
import { readThrough } from '../read-through.ts';
import { verificationsWith } from '../store-with.ts';
import { addToStored, measureId, measurementFrom, type Measurement, STATISTICS_KIND } from './document.ts';
import { type HoldOutOf, lastSent, type Observation, observed, type Sent } from './observe.ts';

/** What is not written yet is written after this long, by whoever sees the next commit or turns the worker. */
const FLUSH_MS = 5_000;
/** Messages whose approval this process attributes without reading them again. */
const MOST_KNOWN = 20_000;
/** Approvals of other processes' messages that are read at one flush; of more a fair sample stands for all. */
const MOST_READ = 100;
const FRESH_MS = 30_000;
const PAGE = 500;

/** How messages fared by provider, country and day, kept in documents that end by themselves. */
export interface Statistics {
  /** The same verifications, observed. */
  watch(verifications: VerificationStore): VerificationStore;
  /** Writes what was observed, when it is time; a crash loses seconds of it. */
  flush(options?: { readonly now?: boolean }): Promise<void>;
  /** The last days of an application, or of all, half a minute old at most. */
  read(application: string | null): Promise<readonly Measurement[]>;
}

export interface StatisticsDeps {
  readonly store: Pick<Store, 'verifications' | 'records' | 'documents'>;
  readonly env: Environment;
  readonly holdOutOf: HoldOutOf;
}

export function createStatistics(deps: StatisticsDeps): Statistics {
  const { env, holdOutOf } = deps;
  let pending = new Map<string, Measurement>();
  let pendingSince = 0;
  const known = new Map<string, Sent>();
  let missed: { readonly id: string; readonly at: number }[] = [];
  let missedCount = 0;
  const answers = readThrough<readonly Measurement[]>(env, { forMs: FRESH_MS });

  function add(measure: Measure, tally: Partial<Tally>): void {
    if (pending.size === 0 && missed.length === 0) pendingSince = env.now();
    const id = measureId(measure);
    pending.set(id, { measure, tally: addTallies(pending.get(id)?.tally ?? NOTHING, tally) });
  }

  function note(verification: string, observation: Observation): void {
    if (observation.type === 'tally') {
      add(observation.measure, observation.tally);
      if (observation.sent !== null) know(verification, observation.sent);
      return;
    }
    const sent = known.get(verification);
    known.delete(verification);
    if (sent === undefined) miss(verification, observation.at);
    else add(sent.measure, approvalOf(sent, observation.at, 1));
  }

  function know(verification: string, sent: Sent): void {
    known.delete(verification);
    known.set(verification, sent);
    if (known.size <= MOST_KNOWN) return;
    const [oldest] = known.keys();
    if (oldest !== undefined) known.delete(oldest);
  }

  /** Every miss has the same chance to be among those that are read. */
  function miss(id: string, at: number): void {
    if (pending.size === 0 && missed.length === 0) pendingSince = env.now();
    missedCount++;
    const place = missed.length < MOST_READ ? missed.length : env.randomInt(missedCount);
    if (place < MOST_READ) missed[place] = { id, at };
  }

  async function readMissed(): Promise<void> {
    const [list, weight] = [missed, missedCount / Math.max(1, missed.length)];
    missed = [];
    missedCount = 0;
    for (const { id, at } of list) {
      const [{ record }, sends] = await Promise.all([deps.store.verifications.get(id), deps.store.records.sends(id)]);
      const sent = record === null ? null : lastSent(record, sends, holdOutOf);
      if (sent !== null) add(sent.measure, approvalOf(sent, at, weight));
    }
  }

  async function write(): Promise<void> {
    await readMissed();
    const batch = pending;
    pending = new Map();
    const now = await deps.store.verifications.time();
    for (const measurement of batch.values()) {
      const done = await addToStored(deps.store.documents, measurement, now).catch(() => false);
      if (!done) add(measurement.measure, measurement.tally);
    }
  }

  async function flush({ now = false }: { readonly now?: boolean } = {}): Promise<void> {
    const isEmpty = pending.size === 0 && missed.length === 0;
    if (isEmpty || (!now && env.now() - pendingSince < FLUSH_MS)) return;
    pendingSince = env.now();
    await write();
  }

  return {
    watch: (verifications) =>
      verificationsWith(verifications, {
        async replace(record, expectedVersion, changes) {
          const outcome = await verifications.replace(record, expectedVersion, changes);
          if (outcome.type !== 'replaced') return outcome;
          for (const observation of observed(record, changes, holdOutOf)) note(record.id, observation);
          if (env.now() - pendingSince >= 2 * FLUSH_MS) void flush().catch(() => undefined);
          return outcome;
        },
      }),
    flush,
    read: (application) => answers.of(application ?? '', () => load(deps, application)),
  };
}

function approvalOf({ at: sentAt, heldOut }: Sent, at: number, weight: number): Partial<Tally> {
  const approveMs = Math.max(0, at - sentAt) * weight;
  return { approved: weight, approveMs, ...(heldOut ? { heldOutApproved: weight } : {}) };
}

async function load({ store, env }: StatisticsDeps, application: string | null): Promise<readonly Measurement[]> {
  const found: Measurement[] = [];
  const since = dayOf(env.now()) - STATISTICS_DAYS;
  for (let after: string | undefined, more = true; more;) {
    const page = await store.documents.list({
      kind: STATISTICS_KIND,
      limit: PAGE,
      ...(application === null ? {} : { application }),
      ...(after === undefined ? {} : { after }),
    });
    found.push(...page.map(measurementFrom).filter(({ measure }) => measure.day > since));
    after = page.at(-1)?.id;
    more = page.length === PAGE;
  }
  return found;
}
