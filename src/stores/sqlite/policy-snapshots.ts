import type { Policy } from '../../core/policy.ts';
import type { Connection } from './connection.ts';
import type { Mirror } from './writer.ts';

/** Forgetting is harmless; it only bounds memory when policies change very often. */
const MAX_CACHED = 2_000;

/** Policies stored once each: a record holds the number of its snapshot. */
export class PolicySnapshots implements Mirror {
  readonly #connection: Connection;
  readonly #numbers = new Map<string, number>();
  readonly #policies = new Map<number, Policy>();
  #byObject = new WeakMap<Policy, number>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The number of a policy, stored on first sight. Only within a transaction. */
  numberOf(policy: Policy): number {
    const known = this.#byObject.get(policy);
    if (known !== undefined) return known;
    const body = JSON.stringify(policy);
    const number = this.#numbers.get(body) ?? this.#store(body);
    this.#numbers.set(body, number);
    this.#byObject.set(policy, number);
    return number;
  }

  /** The policy of a stored record. */
  policyOf(number: number): Policy {
    const known = this.#policies.get(number);
    if (known !== undefined) return known;
    const row = this.#connection.sql('SELECT body FROM policy_snapshots WHERE id = ?').get(number) as { body: string };
    const policy = Object.freeze(JSON.parse(row.body) as Policy);
    this.#policies.set(number, policy);
    return policy;
  }

  begin(): void {
    if (this.#numbers.size > MAX_CACHED || this.#policies.size > MAX_CACHED) this.#forget();
  }

  committed(): void {}

  rolledBack(): void {
    this.#forget();
  }

  #store(body: string): number {
    this.#connection.sql('INSERT INTO policy_snapshots (body) VALUES (?) ON CONFLICT DO NOTHING').run(body);
    const row = this.#connection.sql('SELECT id FROM policy_snapshots WHERE body = ?').get(body) as { id: number };
    return row.id;
  }

  #forget(): void {
    this.#numbers.clear();
    this.#policies.clear();
    this.#byObject = new WeakMap();
  }
}
