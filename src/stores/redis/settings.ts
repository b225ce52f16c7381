import { COMMITTED_KINDS, type Documents } from '../../ports/documents.ts';
import type { ApplicationStore, DirectoryStore, KeyStore } from '../../ports/settings.ts';
import type { Store } from '../../ports/store.ts';
import { elapsedMs } from './elapsed.ts';
import { isUnavailable } from './faults.ts';
import type { Parts } from './parts.ts';
import type { Recorder } from './recorder.ts';

const KEEP_MS = 7 * 86_400_000;
/** An unchanged answer is written again this often, so that it does not expire. */
const REFRESH_MS = 3_600_000;
/** While the database is away it is not asked again for this long: each try may take seconds. */
const AWAY_MS = 1_000;
const MOST_REMEMBERED = 50_000;
const COMMITTED: ReadonlySet<string> = new Set(COMMITTED_KINDS);

type Settings = Pick<Store, 'applications' | 'keys' | 'directory' | 'documents'>;

/** What was last written to Redis, and when on the monotonic clock: the same is not written again for a while. */
interface Remembered {
  readonly body: string;
  readonly at: number;
}

/**
 * The settings as the database has them, and while it is away as they were last seen: by this process, or by any that wrote
 * them to Redis. Keys are remembered as they are stored, as keyed hashes. What nobody ever saw stays `unavailable`.
 */
export function rememberingSettings(parts: Parts, recorder: Recorder): Settings {
  const memory = new Memory(parts);
  return {
    applications: rememberingApplications(parts.sql.applications, memory),
    keys: rememberingKeys(parts.sql.keys, memory),
    directory: rememberingDirectory(parts.sql.directory, memory),
    documents: rememberingDocuments(parts.sql.documents, memory, recorder),
  };
}

function rememberingApplications(inner: ApplicationStore, memory: Memory): ApplicationStore {
  return {
    ...inner,
    list: () => memory.ask('applications', () => inner.list()),
    policies: (application) => memory.ask(`policies|${application}`, () => inner.policies(application)),
    insert: (application) => memory.changing('applications', () => inner.insert(application)),
    update: (application) => memory.changing('applications', () => inner.update(application)),
    putPolicy: (application, purpose, policy) =>
      memory.changing(`policies|${application}`, () => inner.putPolicy(application, purpose, policy)),
  };
}

function rememberingKeys(inner: KeyStore, memory: Memory): KeyStore {
  return {
    ...inner,
    find: (id) => memory.ask(`key|${id}`, () => inner.find(id)),
    revoke: (application, id, now) => memory.changing(`key|${id}`, () => inner.revoke(application, id, now)),
  };
}

function rememberingDirectory(inner: DirectoryStore, memory: Memory): DirectoryStore {
  const question = (application: string, toIndexes: readonly string[]): string =>
    `person|${application}|${toIndexes.join('|')}`;
  return {
    ...inner,
    has: (application, toIndexes) =>
      memory.ask(question(application, toIndexes), () => inner.has(application, toIndexes)),
    put: (person) => memory.changing(question(person.application, [person.toIndex]), () => inner.put(person)),
    remove: (application, toIndexes) =>
      memory.changing(question(application, toIndexes), () => inner.remove(application, toIndexes)),
  };
}

/** Whole lists are settings and are remembered; a document that a commit may have just written is recorded before it is missed. */
function rememberingDocuments(inner: Documents, memory: Memory, recorder: Recorder): Documents {
  return {
    ...inner,
    async get(kind, id) {
      const found = await inner.get(kind, id);
      if (found !== null || !COMMITTED.has(kind)) return found;
      await recorder.drain();
      return inner.get(kind, id);
    },
    list(query) {
      const isWhole = query.after === undefined && query.newestFirst !== true;
      const read = (): ReturnType<Documents['list']> => inner.list(query);
      return isWhole ? memory.ask(`documents|${JSON.stringify(query)}`, read) : read();
    },
  };
}

class Memory {
  readonly #parts: Parts;
  readonly #known = new Map<string, Remembered>();
  #awayUntil = Number.NEGATIVE_INFINITY;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The answer of the database, else the last one known. */
  async ask<T>(question: string, answer: () => Promise<T>): Promise<T> {
    if (elapsedMs() < this.#awayUntil) {
      const body = await this.#recall(question);
      if (body !== null) return JSON.parse(body) as T;
    }
    try {
      const fresh = await answer();
      this.#awayUntil = Number.NEGATIVE_INFINITY;
      if (isWorthKeeping(fresh)) this.#remember(question, JSON.stringify(fresh));
      return fresh;
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      this.#awayUntil = elapsedMs() + AWAY_MS;
      const body = await this.#recall(question);
      if (body === null) throw error;
      return JSON.parse(body) as T;
    }
  }

  /** A change makes what is remembered of it wrong for every process: it is forgotten before and after, whoever asks in between. */
  async changing<T>(question: string, change: () => Promise<T>): Promise<T> {
    await this.#forget(question);
    const outcome = await change();
    await this.#forget(question);
    return outcome;
  }

  async #forget(question: string): Promise<void> {
    this.#known.delete(question);
    await this.#parts.client.call('DEL', this.#parts.keys.remembered(question));
  }

  /** Not waited for: the answer is good without it. */
  #remember(question: string, body: string): void {
    const known = this.#known.get(question);
    if (known?.body === body && elapsedMs() - known.at < REFRESH_MS) return;
    if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
    this.#known.set(question, { body, at: elapsedMs() });
    const { client, keys } = this.#parts;
    client.call('SET', keys.remembered(question), body, 'PX', KEEP_MS).catch(() => this.#known.delete(question));
  }

  /** From Redis alone: what this process saw last may have been changed by another one since. */
  async #recall(question: string): Promise<string | null> {
    const stored = await this.#parts.client.call('GET', this.#parts.keys.remembered(question));
    return Buffer.isBuffer(stored) ? stored.toString() : null;
  }
}

/** What is not there is not remembered: a stranger could ask for any number of unknown keys. */
function isWorthKeeping(answer: unknown): boolean {
  return answer !== null && answer !== undefined;
}
