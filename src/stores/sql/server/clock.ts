/**
 * The store's time: the database's clock, so that one instance with a wrong clock decides nothing, and never behind what
 * this process has seen of it.
 */
export class StoreClock {
  readonly #replaced: (() => number) | null;
  #newest = 0;
  #last = 0;

  /** `replaced` stands in for the database's clock, in tests. */
  constructor(replaced: (() => number) | null) {
    this.#replaced = replaced;
  }

  /** The store's time when the database's clock says `databaseNow`. */
  at(databaseNow: number): number {
    this.#last = this.#replaced?.() ?? databaseNow;
    this.#newest = Math.max(this.#newest, this.#last);
    return this.#newest;
  }

  /** What the clock itself said last. */
  get last(): number {
    return this.#last;
  }

  /** How far the clock is behind what it said before, ms. */
  get behindMs(): number {
    return this.#newest - this.#last;
  }
}
