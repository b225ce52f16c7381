import type { Result } from '../../core/errors.ts';
import type { ProviderTestView, ProviderTotal, ProviderView } from '../../core/provider-views.ts';
import type { ChannelName } from '../../core/verification.ts';
import type { ListView } from '../../core/views.ts';
import type { Caller, To } from './caller.ts';

/**
 * What became of a request to a provider's callback address. `answer` is echoed; `refused`: nothing proves that the provider sent it;
 * `malformed`: it did, and what it says is unknown here; `unknown`: no such provider posts here.
 */
export type CallbackOutcome =
  | { readonly type: 'noted' }
  | { readonly type: 'answer'; readonly body: string }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'malformed'; readonly reason: string }
  | { readonly type: 'unknown' };

/** One message to try a provider with. */
export interface ProviderTestInput {
  readonly channel: ChannelName;
  readonly provider: string;
  readonly to: To;
}

/** Who carries messages, measured and tried. */
export interface ProvidersService {
  /** The providers of the caller's application with what was measured of them. */
  list(caller: Caller): Promise<Result<ListView<ProviderView>>>;
  /** One message through one provider, at most ten an hour; it is in the audit log. */
  test(caller: Caller, input: ProviderTestInput): Promise<Result<ProviderTestView>>;
  /** The same sums over all applications, for `/metrics`. */
  totals(): Promise<readonly ProviderTotal[]>;
}
