import { timestamp } from '../../core/views.ts';
import { merkleProof } from '../../crypto/index.ts';
import type { StoredDocument } from '../../ports/documents.ts';
import { type Batch, BATCH_KIND, batchFrom, leafText } from './batch.ts';
import { pagesOf } from '../pages.ts';
import { AUDIT_KIND, entryOf, rowBody } from './row.ts';
import type { SealDeps } from './seal.ts';

/** The sealed log from its first batch on as lines of JSON, each row with what proves it. Read as fast as it is taken. */
export function exportLog(deps: SealDeps, application: string): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const lines = linesOf(deps, application);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await lines.next();
        if (done === true) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        await lines.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

async function* linesOf(deps: SealDeps, application: string): AsyncGenerator<string> {
  const now = await deps.store.verifications.time();
  yield line({ type: 'log', application, exported_at: timestamp(now) });
  for await (const page of pagesOf(deps, { kind: BATCH_KIND, application })) {
    for (const document of page) yield* batchLines(deps, batchFrom(document));
  }
}

async function* batchLines(deps: SealDeps, batch: Batch): AsyncGenerator<string> {
  const { seal, purged, leaves } = batch;
  if (purged !== null) return yield line({ type: 'batch', seal, purged });
  yield line({ type: 'batch', seal });
  const texts = leaves.map(leafText);
  const rows = await Promise.all(leaves.map(([id]) => deps.store.documents.get(AUDIT_KIND, id)));
  for (const [index, [id, commitment]] of leaves.entries()) {
    const place = { id, batch: batch.number, index, commitment, proof: merkleProof(texts, index) };
    yield line({ type: 'entry', ...place, ...contentOf(rows[index] ?? null) });
  }
}

function contentOf(row: StoredDocument | null): object {
  if (row === null) return { entry: null, salt: null };
  const body = rowBody(row);
  if ('erased' in body) return { entry: null, salt: null, erased: body.erased };
  return { entry: entryOf(row), salt: body.salt };
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
