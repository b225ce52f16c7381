import type { Send } from '../core/verification.ts';

/** How far delivery of one send got; survives the worker. */
export interface DeliveryProgress {
  /** Finished rounds over the provider list. */
  readonly round: number;
  /** Providers that gave a final no. */
  readonly refused: readonly string[];
  /** True after an outcome nobody knows (reset or crash after the message was handed over): one more try is allowed. */
  readonly unknown: boolean;
  /** Times a worker died between {@link Outbox.begin} and settling: the message may have gone out. */
  readonly crashes: number;
}

export interface ClaimedSend {
  readonly send: Send;
  readonly progress: DeliveryProgress;
}

/** The queue of sends. Settling happens in the verification's commit (`Changes.sendUpdate`), so there is no settle here. */
export interface Outbox {
  /**
   * Takes up to `limit` sends that are due and not past their deadline, for `leaseMs`. Two workers never hold one send.
   * A send whose lease ran out after {@link Outbox.begin} is offered again with `crashes` raised by one. Sends past their deadline are returned too,
   * so that delivery can settle them as failed.
   * `begin` and `release` get the very `send` object of the claim: by it a store knows whose lease it is.
   */
  claim(now: number, limit: number, leaseMs: number): Promise<readonly ClaimedSend[]>;
  /** {@link Outbox.claim} for one send, as a `SendQueue` names it; null when it is settled, not due or held by another worker. */
  claimOne(sendId: string, now: number, leaseMs: number): Promise<ClaimedSend | null>;
  /**
   * Notes, durably, that a provider is about to be asked, and extends the lease to `until`; false when the lease was lost,
   * the verification closed, or a newer code is on its way: then no provider may be asked.
   * Settling (`Changes.sendUpdate`) or {@link Outbox.release} ends it.
   */
  begin(send: Send, until: number): Promise<boolean>;
  /** Gives a send back unchanged (shutdown), due at once and without counting a crash. */
  release(send: Send, now: number): Promise<void>;
  /** Depth and age for readiness and metrics. `oldestAt` is the creation time of the oldest queued send. */
  backlog(): Promise<{ readonly queued: number; readonly oldestAt: number | null }>;
}
