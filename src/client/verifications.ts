import type { CheckView, EventView, PreviewView, SendView, VerificationView } from '../core/views.ts';
import type { CheckInput, DestinationCheckInput, ResendInput, StartInput, VerificationQuery } from './inputs.ts';
import { type List, listOf } from './list.ts';
import { type CallOptions, pathOf, type Query, type Request } from './transport.ts';

const PATH = pathOf('verifications');

export interface VerificationsApi {
  /** Sends a code and opens a verification; under `on_open: reuse` it may be one that was open already. */
  start(input: StartInput, options?: CallOptions): Promise<VerificationView>;
  /** A wrong code is an answer (`result`), not an error. */
  check(id: string, code: string | CheckInput, options?: CallOptions): Promise<CheckView>;
  resend(id: string, input?: ResendInput, options?: CallOptions): Promise<VerificationView>;
  cancel(id: string, options?: CallOptions): Promise<VerificationView>;
  get(id: string, options?: CallOptions): Promise<VerificationView>;
  /** Newest first. */
  list(query?: VerificationQuery, options?: CallOptions): List<VerificationView>;
  /** Every match as CSV with a header row, streamed; `limit` and `cursor` do not apply. */
  csv(query?: VerificationQuery, options?: CallOptions): Promise<ReadableStream<Uint8Array>>;
  sends(id: string, options?: CallOptions): List<SendView>;
  events(id: string, options?: CallOptions): List<EventView>;
}

export interface ChecksApi {
  /** For the newest open verification of a destination, where the policy says `check_by_destination`. */
  create(input: DestinationCheckInput, options?: CallOptions): Promise<CheckView>;
}

/** The message of a start, without sending it. */
export type Preview = (input: StartInput, options?: CallOptions) => Promise<PreviewView>;

export function verificationsApi(request: Request): VerificationsApi {
  const of = (id: string): string => pathOf('verifications', id);
  return {
    start: (body, options) => request('POST', PATH, { body }, options),
    check: (id, code, options) =>
      request('POST', `${of(id)}/checks`, { body: typeof code === 'string' ? { code } : code }, options),
    resend: (id, body = {}, options) => request('POST', `${of(id)}/sends`, { body }, options),
    cancel: (id, options) => request('POST', `${of(id)}/cancel`, {}, options),
    get: (id, options) => request('GET', of(id), {}, options),
    list: (query, options) => listOf(request, PATH, query, options),
    csv: (query, options) =>
      request('GET', PATH, { query: { ...query } satisfies Query, as: 'stream', accept: 'text/csv' }, options),
    sends: (id, options) => listOf(request, `${of(id)}/sends`, {}, options),
    events: (id, options) => listOf(request, `${of(id)}/events`, {}, options),
  };
}

export function checksApi(request: Request): ChecksApi {
  return { create: (body, options) => request('POST', '/v1/checks', { body }, options) };
}

export function previewOf(request: Request): Preview {
  return (body, options) => request('POST', '/v1/preview', { body }, options);
}
