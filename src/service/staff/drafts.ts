import { isId, newId } from '../../core/id.ts';
import { sealed } from '../../core/redacted.ts';
import type { Draft, DraftsService } from './api.ts';
import type { StaffDeps } from './deps.ts';

const DRAFT_KIND = 'draft';
const KEPT_MS = 1_800_000;
/** Of one agent: a session that ended still keeps forms, and must not fill the store with them. */
const MOST_KEPT = 3;
const MOST_READ = 20;

/** The token is the document's id, which has 100 random bits; what it holds opens for its agent alone. */
export function createDrafts(deps: StaffDeps): DraftsService {
  return {
    async keep(agent, draft) {
      const now = await deps.store.verifications.time();
      const id = newId('dft', now, deps.env.randomText(20));
      await deps.store.documents.put({
        kind: DRAFT_KIND,
        id,
        application: '',
        index: agent,
        version: 1,
        body: deps.ring.seal('browser', JSON.stringify(draft), `${id}|${agent}`).reveal(),
        createdAt: now,
        dueAt: null,
        endsAt: now + KEPT_MS,
      });
      await dropOlder(deps, agent);
      return id;
    },
    async read(agent, token) {
      const document = isId('dft', token) ? await deps.store.documents.get(DRAFT_KIND, token) : null;
      if (document === null || (document.endsAt ?? 0) <= (await deps.store.verifications.time())) return null;
      const opened = deps.ring.open('browser', sealed(document.body), `${token}|${agent}`);
      return opened === null ? null : (JSON.parse(opened) as Draft);
    },
    async drop(token) {
      if (isId('dft', token)) await deps.store.documents.remove(DRAFT_KIND, token);
    },
  };
}

async function dropOlder({ store }: StaffDeps, agent: string): Promise<void> {
  const query = { kind: DRAFT_KIND, application: '', index: agent, newestFirst: true, limit: MOST_READ };
  const kept = await store.documents.list(query);
  for (const { id } of kept.slice(MOST_KEPT)) await store.documents.remove(DRAFT_KIND, id);
}
