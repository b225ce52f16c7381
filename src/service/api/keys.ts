import type { Result } from '../../core/errors.ts';
import type { Mode } from '../../core/verification.ts';
import type { ApiKeyView, ListView } from '../../core/views.ts';
import type { Application, Scope } from '../../ports/settings.ts';
import type { Caller } from './caller.ts';

/** What an API key may do, and until when (epoch ms). */
export interface KeyInput {
  readonly mode: Mode;
  readonly scopes: readonly Scope[];
  readonly name?: string;
  readonly expires_at?: number;
}

/** API keys; a key is shown once. */
export interface KeysService {
  /** The caller behind an API key, or null. At most a second behind a revocation. */
  authenticate(token: string): Promise<Caller | null>;
  /** `by` (the command line without one) goes into the audit log. */
  create(application: Application, input: KeyInput, by?: Pick<Caller, 'actor' | 'origin'>): Promise<Result<ApiKeyView>>;
  /** `only`: keys of one mode; a test key is told of no live one. */
  list(application: Application, only?: Mode): Promise<Result<ListView<ApiKeyView>>>;
  revoke(
    application: Application,
    id: string,
    by?: Partial<Pick<Caller, 'actor' | 'origin'>> & { readonly only?: Mode | undefined },
  ): Promise<Result<ApiKeyView>>;
}
