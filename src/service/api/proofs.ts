import type { Result } from '../../core/errors.ts';
import type { ReceiptVerdictView } from '../../core/views.ts';
import type { Caller } from './caller.ts';

/** Signed tokens that stand for a verification towards who started it. No table holds them. */
export interface SessionsService {
  /** `end` is epoch ms. */
  issue(caller: Caller, verification: string, end: number): string;
  /** The verification of a token of this application and mode, else null. */
  open(caller: Caller, token: string): string | null;
}

/** Signed statements of approvals. */
export interface ReceiptsService {
  /** The first valid call of the receipt's own application and mode uses up its `jti`. */
  verify(caller: Caller, receipt: string): Promise<Result<ReceiptVerdictView>>;
  jwks(): { readonly keys: readonly Readonly<Record<string, string>>[] };
}
