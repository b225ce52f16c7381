import type { Actor } from '../../core/verification.ts';
import type { Visit } from './visit.ts';

/** What an actor is called. */
export type NameOf = (actor: Actor) => string;

/** The names of agents by their ids; whoever is unknown is just an agent. */
export async function namesOf(visit: Visit, actors: readonly Actor[]): Promise<NameOf> {
  const ids = [...new Set(actors.flatMap(({ type, id }) => (type === 'agent' && id !== null ? id : [])))];
  const found = await Promise.all(ids.map((id) => nameOf(visit, id)));
  const names = new Map(ids.map((id, index) => [id, found[index] ?? 'An agent']));
  return ({ type, id }) => (type === 'agent' ? (names.get(id ?? '') ?? 'An agent') : OTHER_ACTORS[type]);
}

/** Who acts without being a person of this desk. */
export const OTHER_ACTORS: Readonly<Record<Exclude<Actor['type'], 'agent'>, string>> = {
  api_key: 'API',
  library: 'Application',
  hosted: 'Hosted page',
  system: 'Watchword',
};

async function nameOf({ service, caller, agent }: Visit, id: string): Promise<string> {
  if (id === agent.id) return agent.name;
  const found = await service.staff.agents.get(caller, id);
  return found.ok ? found.value.name : 'An agent';
}
