import { isId, newId } from '../../core/id.ts';
import { sealed } from '../../core/redacted.ts';
import type { Draft, DraftsService } from './api.ts';
import type { StaffDeps } from './deps.ts';

const DRAFT_KIND = 'draft';
const KEPT_MS = 1_800_000;

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
