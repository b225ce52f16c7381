import type { Result } from '../../core/errors.ts';
import type { ChannelName, Status, Verification } from '../../core/verification.ts';
import type { EventView, ListView, SendView, VerificationView } from '../../core/views.ts';
import type { Caller, To } from './caller.ts';

/** Filters as the API takes them; `cursor` is opaque. Times are epoch ms. */
export interface SearchInput {
  readonly status?: Status;
  readonly channel?: ChannelName;
  readonly purpose?: string;
  readonly country?: string;
  readonly to?: string;
  /** `type` or `type:id`. */
  readonly actor?: string;
  readonly reference?: string;
  readonly reason?: string;
  readonly created_after?: number;
  readonly created_before?: number;
  readonly limit?: number;
  readonly cursor?: string;
}

/** A search by the desk, whose pages must answer soon and are about callers: see `RecordQuery`. */
export interface DeskSearch extends SearchInput {
  readonly patience?: number;
  readonly except_purpose?: string;
}

/** What is kept of verifications: searched, exported, erased. */
export interface RecordsService {
  search(caller: Caller, input: SearchInput): Promise<Result<ListView<VerificationView>>>;
  /** The same as records, for use cases that show more of them. */
  rows(
    caller: Caller,
    input: DeskSearch,
  ): Promise<
    Result<{
      readonly rows: readonly Verification[];
      readonly hasMore: boolean;
      readonly reached?: string;
      readonly now: number;
    }>
  >;
  /** Every match, newest first, read page by page (CSV export). */
  exportRows(caller: Caller, input: SearchInput): Promise<Result<AsyncIterable<VerificationView>>>;
  sends(caller: Caller, id: string): Promise<Result<ListView<SendView>>>;
  events(caller: Caller, id: string): Promise<Result<ListView<EventView>>>;
  /** Erases all traces of a destination in the caller's application. */
  erase(caller: Caller, to: To): Promise<Result<{ readonly erased: number }>>;
}
