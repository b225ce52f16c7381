/** Keys of one query at most; more go out as another. */
const MAX_KEYS = 256;

interface Asked<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** Reads by key: what is asked for in one turn of the event loop is one query, each key in it once. */
export class TurnReads<Answer> {
  readonly #read: (keys: readonly string[]) => Promise<(key: string) => Answer>;
  #asked = new Map<string, Asked<Answer>[]>();

  /** `read` answers how each key is answered, for all keys of a turn. */
  constructor(read: (keys: readonly string[]) => Promise<(key: string) => Answer>) {
    this.#read = read;
  }

  get(key: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#asked.size === 0) setImmediate(() => void this.#flush());
      const others = this.#asked.get(key);
      if (others === undefined) this.#asked.set(key, [{ resolve, reject }]);
      else others.push({ resolve, reject });
    });
  }

  async #flush(): Promise<void> {
    const asked = [...this.#asked];
    this.#asked = new Map();
    const parts = Array.from({ length: Math.ceil(asked.length / MAX_KEYS) }, (_, i) =>
      this.#answer(asked.slice(i * MAX_KEYS, (i + 1) * MAX_KEYS)),
    );
    await Promise.all(parts);
  }

  async #answer(asked: readonly (readonly [string, readonly Asked<Answer>[]])[]): Promise<void> {
    try {
      const answerOf = await this.#read(asked.map(([key]) => key));
      for (const [key, callers] of asked) for (const { resolve } of callers) resolve(answerOf(key));
    } catch (error) {
      for (const [, callers] of asked) for (const { reject } of callers) reject(error);
    }
  }
}
