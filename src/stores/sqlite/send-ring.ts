const FIRST_CAPACITY = 1_024;

/**
 * The newest messages in memory, chained by destination: entries are numbered in order of time, each knows the one before
 * it in its hash chain, and the oldest are overwritten. Adding and undoing cost the same at any size.
 */
export class SendRing {
  #capacity = FIRST_CAPACITY;
  #destinations = new Float64Array(FIRST_CAPACITY);
  #times = new Float64Array(FIRST_CAPACITY);
  /** Number of the entry before in the chain, -1 = none. */
  #previous = new Float64Array(FIRST_CAPACITY);
  #heads = new Float64Array(FIRST_CAPACITY).fill(-1);
  /** Entries `oldest` to `next - 1` are there. */
  #oldest = 0;
  #next = 0;

  /** Number of the next entry; hand it to {@link undoTo} to take back what came after. */
  get mark(): number {
    return this.#next;
  }

  /** `keepAfter`: entries at or before this time may be dropped to make room. */
  add(destination: number, at: number, keepAfter: number): void {
    if (this.#next - this.#oldest >= this.#capacity) this.#makeRoom(keepAfter);
    this.#append(destination, at);
  }

  undoTo(mark: number): void {
    while (this.#next > mark) {
      this.#next--;
      const slot = this.#slot(this.#next);
      this.#heads[this.#head(this.#destinations[slot] ?? 0)] = this.#previous[slot] ?? -1;
    }
  }

  /** Times after `since`, newest first, at most `limit`. */
  times(destination: number, since: number, limit: number): number[] {
    const found: number[] = [];
    let entry = this.#heads[this.#head(destination)] ?? -1;
    while (entry >= this.#oldest && found.length < limit) {
      const slot = this.#slot(entry);
      const at = this.#times[slot] ?? 0;
      if (at <= since) break;
      if (this.#destinations[slot] === destination) found.push(at);
      entry = this.#previous[slot] ?? -1;
    }
    return found;
  }

  #append(destination: number, at: number): void {
    const slot = this.#slot(this.#next);
    const head = this.#head(destination);
    this.#destinations[slot] = destination;
    this.#times[slot] = at;
    this.#previous[slot] = this.#heads[head] ?? -1;
    this.#heads[head] = this.#next;
    this.#next++;
  }

  #makeRoom(keepAfter: number): void {
    const before = this.#oldest;
    while (this.#oldest < this.#next && (this.#times[this.#slot(this.#oldest)] ?? 0) <= keepAfter) this.#oldest++;
    // Making room one by one would cost every later entry; doubling is paid once.
    if (this.#oldest - before < this.#capacity / 8) this.#grow();
  }

  #grow(): void {
    const { destinations, times } = { destinations: this.#destinations, times: this.#times };
    const [from, to, mask] = [this.#oldest, this.#next, this.#capacity - 1];
    this.#capacity *= 2;
    this.#destinations = new Float64Array(this.#capacity);
    this.#times = new Float64Array(this.#capacity);
    this.#previous = new Float64Array(this.#capacity);
    this.#heads = new Float64Array(this.#capacity).fill(-1);
    this.#next = from;
    for (let entry = from; entry < to; entry++) this.#append(destinations[entry & mask] ?? 0, times[entry & mask] ?? 0);
  }

  #slot(entry: number): number {
    // Both are below 2^53, and the capacity is a power of two below 2^31.
    return entry % this.#capacity;
  }

  #head(destination: number): number {
    return (destination >>> 0) & (this.#capacity - 1);
  }
}
