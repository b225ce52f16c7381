import type { ProviderTestView, ProviderView } from '../core/provider-views.ts';
import type { TemplatePreviewView, TemplateView } from '../core/templates/views.ts';
import type { ProviderTestInput, TemplateInput, TemplatePreviewInput, TemplateQuery } from './admin-inputs.ts';
import { type List, listOf } from './list.ts';
import { type CallOptions, pathOf, type Request } from './transport.ts';

/** An application's own words for its messages. */
export interface TemplatesApi {
  /** Writes it or replaces the one before. */
  put(input: TemplateInput, options?: CallOptions): Promise<TemplateView>;
  list(query?: TemplateQuery, options?: CallOptions): List<TemplateView>;
  get(id: string, options?: CallOptions): Promise<TemplateView>;
  remove(id: string, options?: CallOptions): Promise<{ readonly deleted: boolean }>;
  /** Saves and sends nothing. */
  preview(input: TemplatePreviewInput, options?: CallOptions): Promise<TemplatePreviewView>;
}

/** Who carries the messages. */
export interface ProvidersApi {
  list(options?: CallOptions): List<ProviderView>;
  /** A real message without a code; at most ten an hour. */
  test(input: ProviderTestInput, options?: CallOptions): Promise<ProviderTestView>;
}

export function templatesApi(request: Request): TemplatesApi {
  return {
    put: (body, options) => request('PUT', pathOf('templates'), { body }, options),
    list: (query, options) => listOf(request, pathOf('templates'), query, options),
    get: (id, options) => request('GET', pathOf('templates', id), {}, options),
    remove: (id, options) => request('DELETE', pathOf('templates', id), {}, options),
    preview: (body, options) => request('POST', pathOf('templates', 'preview'), { body }, options),
  };
}

export function providersApi(request: Request): ProvidersApi {
  return {
    list: (options) => listOf(request, pathOf('providers'), {}, options),
    test: (body, options) => request('POST', pathOf('providers', 'test'), { body }, options),
  };
}
