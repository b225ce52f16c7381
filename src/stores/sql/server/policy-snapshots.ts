import type { Policy } from '../../../core/policy.ts';
import { contentNumber } from '../content-number.ts';
import type { Reader } from './reader.ts';
import type { Statements } from './session.ts';
import { POLICY_SNAPSHOTS } from './tables.ts';

/** Forgetting is harmless; it only bounds memory when policies change very often. */
const MAX_CACHED = 2_000;

/**
 * Policies stored once each, under a number made from their content: a record holds the number of its snapshot. They are
 * never changed or deleted, so that storing one needs no part in the commit that uses it.
 */
export class PolicySnapshots {
  readonly #reader: Reader;
  readonly #policies = new Map<number, Policy>();
  #numbers = new WeakMap<Policy, Promise<number>>();

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /** The number of a policy, stored on first sight. */
  numberOf(policy: Policy): Promise<number> {
    const known = this.#numbers.get(policy);
    if (known !== undefined) return known;
    const stored = this.#reader.transaction((session) => store(session, JSON.stringify(policy)));
    this.#numbers.set(policy, stored);
    stored.catch(() => this.#numbers.delete(policy));
    return stored;
  }

  /** The policies of stored records, by number. */
  async policiesOf(numbers: readonly number[]): Promise<(number: number) => Policy> {
    const missing = [...new Set(numbers)].filter((number) => !this.#policies.has(number));
    if (missing.length > 0) await this.#fetch(missing);
    // Another read may make room for its own while this one is used: it keeps what it needs.
    const held = new Map(numbers.map((number) => [number, this.#policies.get(number)]));
    return (number) => {
      const policy = held.get(number);
      if (policy === undefined) throw new Error(`The snapshot ${number} of a policy is missing.`);
      return policy;
    };
  }

  async #fetch(numbers: readonly number[]): Promise<void> {
    const rows = await this.#reader.rows('SELECT id, body FROM policy_snapshots WHERE id IN (?)', [numbers]);
    if (this.#policies.size > MAX_CACHED) this.#policies.clear();
    for (const [id, body] of rows) this.#policies.set(Number(id), Object.freeze(JSON.parse(String(body)) as Policy));
  }
}

/** Two contents with one number are kept apart by taking the next. */
async function store(session: Statements, body: string): Promise<number> {
  for (let number = contentNumber(body); ; number++) {
    await session.insert(POLICY_SNAPSHOTS, [[number, body]]);
    const [row] = await session.rows('SELECT body FROM policy_snapshots WHERE id = ?', [number]);
    if (row?.[0] === body) return number;
  }
}
