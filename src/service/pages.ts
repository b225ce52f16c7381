import type { DocumentQuery, StoredDocument } from '../ports/documents.ts';
import type { ServiceDeps } from './deps.ts';

const PAGE = 500;

/** All documents of a query in the order of their ids, page by page. Never from what a store remembers. */
export async function* pagesOf(
  { store }: Pick<ServiceDeps, 'store'>,
  query: Omit<DocumentQuery, 'after' | 'newestFirst' | 'limit'>,
): AsyncGenerator<readonly StoredDocument[]> {
  for (let after = ''; ;) {
    const page = await store.documents.list({ ...query, after, limit: PAGE });
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.id ?? '';
  }
}
