import type { RecordsService } from '../api.ts';
import type { Breakers } from '../delivery/index.ts';
import type { StartDeps } from '../prepare.ts';

/** What the desk needs of its neighbours. */
export interface DeskDeps extends StartDeps {
  readonly records: Pick<RecordsService, 'rows' | 'sends' | 'events'>;
  readonly breakers: Pick<Breakers, 'restsUntil'>;
}
