import type { AgentView } from '../core/agent-views.ts';
import type { ClientView, RepresentativeView } from '../core/people-views.ts';
import type {
  AgentInput,
  AgentPatch,
  CompanyInput,
  RepresentativeInput,
  RepresentativePatch,
  RepresentativeQuery,
} from './admin-inputs.ts';
import type { PageQuery } from './inputs.ts';
import { type List, listOf } from './list.ts';
import { type CallOptions, pathOf, type Request } from './transport.ts';

/** Who may sign in to the desk. They are never deleted. */
export interface AgentsApi {
  /** `password` is in this answer only, when one was made. */
  create(input: AgentInput, options?: CallOptions): Promise<AgentView>;
  list(query?: PageQuery, options?: CallOptions): List<AgentView>;
  get(id: string, options?: CallOptions): Promise<AgentView>;
  /** `active: false` ends every session at once. */
  update(id: string, input: AgentPatch, options?: CallOptions): Promise<AgentView>;
  /** Codes for signing in go by e-mail again. */
  resetSecondFactor(id: string, options?: CallOptions): Promise<AgentView>;
}

/** Companies for which somebody may call the desk. */
export interface ClientsApi {
  create(input: CompanyInput, options?: CallOptions): Promise<ClientView>;
  list(query?: PageQuery, options?: CallOptions): List<ClientView>;
  get(id: string, options?: CallOptions): Promise<ClientView>;
  update(id: string, input: Partial<CompanyInput>, options?: CallOptions): Promise<ClientView>;
  /** With its representatives, who also leave the directory. */
  remove(id: string, options?: CallOptions): Promise<{ readonly deleted: boolean }>;
}

/** Who may act for a client. `directory.erase` is the way to delete one. */
export interface RepresentativesApi {
  create(input: RepresentativeInput, options?: CallOptions): Promise<RepresentativeView>;
  list(query?: RepresentativeQuery, options?: CallOptions): List<RepresentativeView>;
  get(id: string, options?: CallOptions): Promise<RepresentativeView>;
  update(id: string, input: RepresentativePatch, options?: CallOptions): Promise<RepresentativeView>;
}

/** What all three have, on the resource of that name. */
function peopleApi<Input, Patch, Query extends PageQuery, View>(request: Request, resource: string) {
  const root = pathOf(resource);
  return {
    create: (body: Input, options?: CallOptions) => request<View>('POST', root, { body }, options),
    list: (query?: Query, options?: CallOptions) => listOf<View>(request, root, query, options),
    get: (id: string, options?: CallOptions) => request<View>('GET', pathOf(resource, id), {}, options),
    update: (id: string, body: Patch, options?: CallOptions) =>
      request<View>('PATCH', pathOf(resource, id), { body }, options),
  };
}

export function agentsApi(request: Request): AgentsApi {
  return {
    ...peopleApi<AgentInput, AgentPatch, PageQuery, AgentView>(request, 'agents'),
    resetSecondFactor: (id, options) => request('DELETE', `${pathOf('agents', id)}/second-factor`, {}, options),
  };
}

export function clientsApi(request: Request): ClientsApi {
  return {
    ...peopleApi<CompanyInput, Partial<CompanyInput>, PageQuery, ClientView>(request, 'clients'),
    remove: (id, options) => request('DELETE', pathOf('clients', id), {}, options),
  };
}

export function representativesApi(request: Request): RepresentativesApi {
  return peopleApi(request, 'representatives');
}
