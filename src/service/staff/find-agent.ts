import { isId } from '../../core/id.ts';
import type { ServiceDeps } from '../deps.ts';
import { AGENT_KIND, type Agent, agentDocument, agentFrom, emailIndexes } from './agent.ts';

/** One application's desk has at most this many people. */
export const MOST_AGENTS = 1000;

type Deps = Pick<ServiceDeps, 'store' | 'ring'>;

export async function agentById(deps: Deps, id: string): Promise<Agent | null> {
  const document = isId('agt', id) ? await deps.store.documents.get(AGENT_KIND, id) : null;
  return document === null ? null : agentFrom(deps.ring, document);
}

/** By a well-formed address. Looks under every key of the ring. */
export async function agentByEmail(deps: Deps, application: string, email: string): Promise<Agent | null> {
  for (const index of emailIndexes(deps.ring, application, email)) {
    const [found] = await deps.store.documents.list({ kind: AGENT_KIND, application, index, limit: 1 });
    if (found !== undefined) return agentFrom(deps.ring, found);
  }
  return null;
}

/** All of an application, oldest first. */
export async function agentsOf(deps: Deps, application: string): Promise<readonly Agent[]> {
  const found = await deps.store.documents.list({ kind: AGENT_KIND, application, limit: MOST_AGENTS });
  return found.flatMap((document) => agentFrom(deps.ring, document) ?? []);
}

/** Writes `change` of the agent, from the newest version on; null when it is gone or `change` says so. */
export async function changeAgent(
  deps: Deps,
  id: string,
  change: (agent: Agent) => Agent | null,
): Promise<Agent | null> {
  for (;;) {
    const agent = await agentById(deps, id);
    const changed = agent === null ? null : change(agent);
    if (agent === null || changed === null) return null;
    const next = { ...changed, version: agent.version + 1 };
    if (await deps.store.documents.put(agentDocument(deps.ring, next))) return next;
  }
}
