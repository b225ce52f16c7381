import type { ListRuleView } from '../core/list-rules.ts';
import type { PersonView, SuppressionView } from '../core/views.ts';
import type { ListRuleInput } from './admin-inputs.ts';
import type { DestinationQuery, PersonInput, SuppressionInput, To } from './inputs.ts';
import { type List, listOf } from './list.ts';
import { type CallOptions, pathOf, type Request } from './transport.ts';

type Deleted = Promise<{ readonly deleted: boolean }>;

const DIRECTORY = '/v1/directory';
const SUPPRESSIONS = '/v1/lists/suppressions';
const RULES = 'lists/rules';

/** The people an application knows. */
export interface DirectoryApi {
  /** Adds a person or updates them. */
  put(input: PersonInput, options?: CallOptions): Promise<PersonView>;
  list(query?: DestinationQuery, options?: CallOptions): List<PersonView>;
  remove(to: To, options?: CallOptions): Deleted;
  /** Opens a destination that failed checks have locked. */
  rebind(to: To, options?: CallOptions): Promise<{ readonly rebound: boolean }>;
  /** Has hosted pages ask for a code again on every device that they remembered. */
  forgetDevices(to: To, options?: CallOptions): Promise<{ readonly forgotten: number }>;
  /** Erases every trace of a destination in the records. */
  erase(to: To, options?: CallOptions): Promise<{ readonly erased: number }>;
}

/** Destinations that get nothing more. */
export interface SuppressionsApi {
  add(input: SuppressionInput, options?: CallOptions): Promise<SuppressionView>;
  list(query?: DestinationQuery, options?: CallOptions): List<SuppressionView>;
  remove(to: To, options?: CallOptions): Deleted;
}

/** The block and the allow list. */
export interface ListRulesApi {
  add(input: ListRuleInput, options?: CallOptions): Promise<ListRuleView>;
  /** Oldest first. */
  list(options?: CallOptions): List<ListRuleView>;
  remove(id: string, options?: CallOptions): Deleted;
}

export function directoryApi(request: Request): DirectoryApi {
  return {
    put: (body, options) => request('POST', DIRECTORY, { body }, options),
    list: (query, options) => listOf(request, DIRECTORY, query, options),
    remove: (to, options) => request('DELETE', DIRECTORY, { body: { to } }, options),
    rebind: (to, options) => request('POST', `${DIRECTORY}/rebind`, { body: { to } }, options),
    forgetDevices: (to, options) => request('POST', `${DIRECTORY}/forget-devices`, { body: { to } }, options),
    erase: (to, options) => request('POST', '/v1/erasures', { body: { to } }, options),
  };
}

export function suppressionsApi(request: Request): SuppressionsApi {
  return {
    add: (body, options) => request('POST', SUPPRESSIONS, { body }, options),
    list: (query, options) => listOf(request, SUPPRESSIONS, query, options),
    remove: (to, options) => request('DELETE', SUPPRESSIONS, { body: { to } }, options),
  };
}

export function listRulesApi(request: Request): ListRulesApi {
  return {
    add: (body, options) => request('POST', pathOf(RULES), { body }, options),
    list: (options) => listOf(request, pathOf(RULES), {}, options),
    remove: (id, options) => request('DELETE', pathOf(RULES, id), {}, options),
  };
}
