import type { StoreClock } from './clock.ts';
import type { Dialect } from './dialect.ts';
import type { PolicySnapshots } from './policy-snapshots.ts';
import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

/** What the parts of the store share. */
export interface Parts {
  readonly dialect: Dialect;
  readonly clock: StoreClock;
  readonly reader: Reader;
  readonly writer: Writer;
  readonly policies: PolicySnapshots;
}
