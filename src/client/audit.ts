import type { AuditEntryView, AuditVerdictView } from '../core/audit-views.ts';
import type { StatsView } from '../core/insight-views.ts';
import type { AuditQuery, StatsQuery } from './admin-inputs.ts';
import { type List, listOf } from './list.ts';
import { type CallOptions, pathOf, type Query, type Request } from './transport.ts';

/** The append-only log of what agents, keys and the system did. */
export interface AuditApi {
  /** Newest first. */
  list(query?: AuditQuery, options?: CallOptions): List<AuditEntryView>;
  /** Checks every signature, batch and entry. `root`, written down earlier, must be in the chain. */
  verify(input?: { readonly root?: string }, options?: CallOptions): Promise<AuditVerdictView>;
  /** Everything sealed, as lines of JSON with their proofs. */
  export(options?: CallOptions): Promise<ReadableStream<Uint8Array>>;
}

/** Live traffic of a period, compared with the one before. */
export type Stats = (query: StatsQuery, options?: CallOptions) => Promise<StatsView>;

export function auditApi(request: Request): AuditApi {
  return {
    list: (query, options) => listOf(request, pathOf('audit'), query, options),
    verify: (body = {}, options) => request('POST', pathOf('audit', 'verify'), { body }, options),
    export: (options) => request('GET', pathOf('audit', 'export'), { as: 'stream' }, options),
  };
}

export function statsOf(request: Request): Stats {
  return (query, options) => request('GET', pathOf('stats'), { query: { ...query } satisfies Query }, options);
}
