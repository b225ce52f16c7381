import type { ListView } from '../core/views.ts';
import type { CallOptions, Query, Request } from './transport.ts';

/** A list of the API: `for await` walks all of it, page by page; `page()` gets one. Nothing is asked before. */
export interface List<T> extends AsyncIterable<T> {
  page(): Promise<ListView<T>>;
}

export function listOf<T>(request: Request, path: string, query: object = {}, options?: CallOptions): List<T> {
  const page = (cursor: Query = {}): Promise<ListView<T>> =>
    request('GET', path, { query: { ...(query as Query), ...cursor } }, options);
  return {
    page: () => page(),
    async *[Symbol.asyncIterator]() {
      for (let read = await page(); ; read = await page({ cursor: read.next_cursor ?? '' })) {
        yield* read.data;
        if (!read.has_more || read.next_cursor === null) return;
      }
    },
  };
}
