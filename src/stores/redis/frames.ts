import { WatchwordError } from '../../core/errors.ts';
import type { Policy } from '../../core/policy.ts';
import type { Actor, ChannelName, Mode, Verification } from '../../core/verification.ts';
import type { RedisClient } from './client.ts';
import { elapsedMs } from './elapsed.ts';
import { contentNumber } from './hash.ts';
import type { Keys } from './keys.ts';

/** What many verifications have in common. A record holds only its number. */
export interface Frame {
  readonly application: string;
  readonly mode: Mode;
  readonly purpose: string;
  readonly actor: Actor;
  readonly locale: string;
  readonly channels: readonly ChannelName[];
  readonly type: 'phone' | 'email';
  /** Key id of the digest. */
  readonly kid: string;
  readonly policy: Policy;
}

type Stored = [
  application: string,
  mode: Mode,
  purpose: string,
  actorType: Actor['type'],
  actorId: string | null,
  locale: string,
  channels: readonly ChannelName[],
  type: 'phone' | 'email',
  kid: string,
  policy: number,
];

/** Forgetting is harmless; it only bounds memory when there are very many combinations. */
const MAX_CACHED = 20_000;
const LOOK_EVERY_MS = 1_000;
/** The field that tells one table from the next: when it was begun. */
const BEGUN = 'begun';

/** Frames and policies in one Redis hash, numbered by their content, each written once. */
export class Frames {
  readonly #client: RedisClient;
  readonly #key: string;
  /** Numbers known to be in Redis, by content. */
  readonly #numbers = new Map<string, number>();
  readonly #frames = new Map<number, Frame>();
  readonly #policies = new Map<number, Policy>();
  #policyNumbers = new WeakMap<Policy, number>();
  #begun: string | null = null;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(client: RedisClient, keys: Keys) {
    this.#client = client;
    this.#key = keys.frames();
    // A server that came back may have lost the table.
    client.onConnect(() => this.#forget());
  }

  /** The number of a record's frame, stored before it is answered. */
  async numberOf(record: Verification, kid: string): Promise<number> {
    if (elapsedMs() - this.#lookedAt > LOOK_EVERY_MS) this.#look();
    const policy = this.#policyNumbers.get(record.policy) ?? (await this.#storePolicy(record.policy));
    const { application, mode, purpose, actor, locale, channels, to } = record;
    const stored: Stored = [application, mode, purpose, actor.type, actor.id, locale, channels, to.type, kid, policy];
    const body = JSON.stringify(stored);
    return this.#numbers.get(body) ?? this.#store(body);
  }

  /** The frame of a number. Throws `unavailable` when Redis lost it. */
  async frameOf(number: number): Promise<Frame> {
    const frame = await this.find(number);
    if (frame !== null) return frame;
    throw new WatchwordError('unavailable', 'Redis lost a part of its data: a record names a policy it does not have.');
  }

  /** The frame of a number; null when Redis lost it. */
  async find(number: number): Promise<Frame | null> {
    const known = this.#frames.get(number);
    if (known !== undefined) return known;
    const body = await this.#body(number);
    if (body === null) return null;
    const stored = JSON.parse(body) as Stored;
    const [application, mode, purpose, actorType, actorId, locale, channels, type, kid, policy] = stored;
    const rules = await this.#policyOf(policy);
    if (rules === null) return null;
    const frame: Frame = {
      application,
      mode,
      purpose,
      actor: { type: actorType, id: actorId },
      locale,
      channels,
      type,
      kid,
      policy: rules,
    };
    this.#frames.set(number, frame);
    return frame;
  }

  async #policyOf(number: number): Promise<Policy | null> {
    const known = this.#policies.get(number);
    if (known !== undefined) return known;
    const body = await this.#body(number);
    if (body === null) return null;
    const policy = Object.freeze(JSON.parse(body) as Policy);
    this.#policies.set(number, policy);
    return policy;
  }

  async #storePolicy(policy: Policy): Promise<number> {
    const number = await this.#store(JSON.stringify(policy));
    this.#policyNumbers.set(policy, number);
    return number;
  }

  /** Different contents of one number are as good as impossible; the later one then takes the next number. */
  async #store(body: string): Promise<number> {
    if (this.#numbers.size > MAX_CACHED) this.#forget();
    for (let number = contentNumber(body); ; number++) {
      const isNew = await this.#client.call('HSETNX', this.#key, number, body);
      if (isNew === 1 || (await this.#body(number)) === body) {
        this.#numbers.set(body, number);
        return number;
      }
    }
  }

  async #body(number: number): Promise<string | null> {
    const body = await this.#client.call('HGET', this.#key, number);
    return Buffer.isBuffer(body) ? body.toString() : null;
  }

  /** Not waited for. What fails is done by the next look. */
  #look(): void {
    this.#lookedAt = elapsedMs();
    this.#writeAgain().catch(() => undefined);
  }

  /**
   * A server that was flushed keeps its connections, so that nobody is told. Once the table is another one, all that this process
   * knows is written into it: a recorder may still hold entries that name it.
   */
  async #writeAgain(): Promise<void> {
    const now = (await this.#client.call('TIME')) as Buffer[];
    await this.#client.call('HSETNX', this.#key, BEGUN, now.join('.'));
    const begun = await this.#client.call('HGET', this.#key, BEGUN);
    const known = this.#begun;
    if (known !== null && String(begun) !== known)
      for (const [body, number] of this.#numbers) await this.#client.call('HSETNX', this.#key, number, body);
    this.#begun = String(begun);
  }

  #forget(): void {
    this.#numbers.clear();
    this.#frames.clear();
    this.#policies.clear();
    this.#policyNumbers = new WeakMap();
  }
}
