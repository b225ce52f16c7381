/**
 * The statements of one connection, one at a time. Inside a transaction those after one that failed are refused with its
 * error: the server may have rolled back with it, and would run each of them for itself and keep it.
 */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #isBegun = false;
  #failure: { readonly error: unknown } | null = null;

  /** Asks when its turn comes. */
  next<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    const answer = this.#last.then(() => {
      if (this.#failure !== null) throw this.#failure.error;
      return ask();
    });
    this.#last = answer.catch((error: unknown) => {
      if (this.#isBegun) this.#failure ??= { error };
    });
    return answer;
  }

  /** Asks for the begin of a transaction. */
  begin(ask: () => Promise<unknown>): Promise<void> {
    return this.next(async () => {
      this.#isBegun = true;
      await ask();
    });
  }

  /** Asks for a commit. */
  commit(ask: () => Promise<unknown>): Promise<void> {
    return this.next(async () => {
      await ask();
      this.#isBegun = false;
    });
  }

  /** Asks for a rollback, whatever failed before it. */
  rollback(ask: () => Promise<unknown>): Promise<void> {
    const undone = this.#last.then(async () => {
      await ask();
      this.#isBegun = false;
      this.#failure = null;
    });
    this.#last = undone.catch(() => undefined);
    return undone;
  }
}
