/**
 * The first request with a key claims it (60 s lease), later ones with the same body get its answer. `key` is already
 * bound to API key and path; `body` is a keyed hash. `id` is ours, chosen by the first claim, so that a retry after a
 * crash continues the same verification.
 */
export interface IdempotencyClaim {
  readonly key: string;
  readonly body: string;
  readonly id: string;
  /** The same request under older keys of the ring: what it claimed before a rotation is still its own. */
  readonly older?: readonly Pick<IdempotencyClaim, 'key' | 'body'>[];
}

export type ClaimOutcome =
  | { readonly type: 'claimed'; readonly id: string }
  | { readonly type: 'done'; readonly answer: string }
  | { readonly type: 'in_progress' }
  | { readonly type: 'mismatch' };

export interface Idempotency {
  /** Durable before it answers. A claim whose lease ran out without an answer is taken over with its first `id`. */
  claim(claim: IdempotencyClaim, now: number): Promise<ClaimOutcome>;
  /** Stores the answer of a request whose commit did not carry it (`Changes.answer`). */
  finish(key: string, answer: string): Promise<void>;
  /**
   * Forgets a claim whose request was refused: nothing happened, the key is free again. One that has its answer stays: the
   * commit was done although its caller never heard so, and must not be done twice.
   */
  release(key: string): Promise<void>;
}
