/** Rows of one table by key: as they were loaded under their locks, and as the items of a batch leave them. */
export class Rows<Row> {
  readonly #loaded: ReadonlyMap<string, Row>;
  readonly #changed = new Map<string, Row>();

  constructor(loaded: ReadonlyMap<string, Row>) {
    this.#loaded = loaded;
  }

  get(key: string): Row | null {
    return this.#changed.get(key) ?? this.#loaded.get(key) ?? null;
  }

  set(key: string, row: Row): void {
    this.#changed.set(key, row);
  }

  /** Rows that the database does not have, in the order of their keys. */
  fresh(): Row[] {
    return this.#sorted((key) => !this.#loaded.has(key));
  }

  /** Rows that the database has otherwise, in the order of their keys. */
  changed(): Row[] {
    return this.#sorted((key) => this.#loaded.has(key));
  }

  #sorted(wanted: (key: string) => boolean): Row[] {
    return [...this.#changed]
      .filter(([key]) => wanted(key))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, row]) => row);
  }
}
