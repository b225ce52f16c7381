/** A queue outside the outbox that wakes workers. Its jobs carry a send id only; `Outbox.claimOne` decides. */
export interface SendQueue {
  /**
   * Calls `deliver` once a send's time has come, at most `atOnce` at a time over this process. When `deliver` throws the send is
   * offered again. Returns how to stop: it takes nothing more and resolves when what runs has ended.
   */
  consume(deliver: (sendId: string) => Promise<void>, atOnce: number): { stop(): Promise<void> };
}
