import { agentWords } from '../../core/agent-words.ts';
import { ok, refuse, type Problem, type Result } from '../../core/errors.ts';
import { isOpen, type Verification } from '../../core/verification.ts';
import type { Caller } from '../api.ts';
import { auditDocument, doneBy } from '../audit/row.ts';
import type { ServiceDeps } from '../deps.ts';
import { publicAddress } from '../public-address.ts';
import { hostedToken } from '../hosted/link.ts';
import { CLOSED, NOT_FOUND } from '../problems.ts';
import type { CallerLink } from './api.ts';
import { loadCase } from './load-case.ts';
import type { DeskDeps } from './deps.ts';

const LINK_KIND = 'caller_link';
/** A page that was opened in time may still show how it ended. */
const KEPT_MS = 3 * 86_400_000;

const NO_ADDRESS: Problem = { code: 'unavailable', detail: 'The service does not know its own address yet.' };
const OTHERS: Problem = { code: 'forbidden', detail: 'Only a code that an agent sent has a page for the caller.' };

/** A page of its own where the caller types the code. Asked for again it is the same. */
export async function makeLink(deps: DeskDeps, caller: Caller, id: string): Promise<Result<CallerLink>> {
  const { record, now } = await loadCase(deps, caller, id);
  if (record === null) return refuse(NOT_FOUND);
  if (!isOpen(record) || now >= record.expiresAt) return refuse(CLOSED);
  if (record.actor.type !== 'agent') return refuse(OTHERS);
  const made = await deps.store.documents.put({
    kind: LINK_KIND,
    id,
    application: record.application,
    index: null,
    version: 1,
    body: JSON.stringify({ words: agentWords(deps.env.randomInt) }),
    createdAt: now,
    dueAt: null,
    endsAt: now + KEPT_MS,
  });
  const act = { ...doneBy(caller), action: 'verification.link_made' } as const;
  if (made) await deps.store.documents.put(auditDocument(deps, { ...act, target: id }, now));
  const link = await callerLink(deps, record);
  return link === null ? refuse(NO_ADDRESS) : ok(link);
}

/** The link that an agent made, or null. */
export async function callerLink(deps: ServiceDeps, record: Verification): Promise<CallerLink | null> {
  const words = await callerWords(deps, record);
  const { publicUrl } = deps.settings;
  if (words === null || publicUrl === null) return null;
  return { url: publicAddress(publicUrl, `/v/${hostedToken(deps.ring, record.id)}`), words };
}

/** What agent and caller both see; null where no agent made a link. */
export async function callerWords({ store }: ServiceDeps, { id, actor }: Verification): Promise<string | null> {
  const document = actor.type === 'agent' ? await store.documents.get(LINK_KIND, id) : null;
  return document === null ? null : (JSON.parse(document.body) as Pick<CallerLink, 'words'>).words;
}
