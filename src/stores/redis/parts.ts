import type { LogEvent } from '../../ports/environment.ts';
import type { RecordSink } from '../../ports/recording.ts';
import type { Store } from '../../ports/store.ts';
import type { RedisClient } from './client.ts';
import type { Clock } from './clock.ts';
import type { Frames } from './frames.ts';
import type { Keys } from './keys.ts';

/** The database that keeps the records: searches, settings, and what Redis may forget. */
export type RecordStore = Store & { readonly sink: RecordSink };

/** What the parts of the store share. */
export interface Parts {
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly frames: Frames;
  readonly clock: Clock;
  readonly sql: RecordStore;
  readonly log: (event: LogEvent) => void;
  /** Resolves once a replica has what was written before, where there are replicas and durability is strict. */
  readonly replicated: () => Promise<void>;
}
