import type { Result } from '../../core/errors.ts';
import type { LimitSettings } from '../../core/limits.ts';
import type { PolicyOverrides, PresetName } from '../../core/policy.ts';
import type { PolicyTrialView, PolicyVersionView } from '../../core/policy-views.ts';
import type { ApplicationView, ListView, PolicyView } from '../../core/views.ts';
import type { Application } from '../../ports/settings.ts';
import type { Caller, IdempotencyRequest } from './caller.ts';

/** Fields of an application; what is absent stays. */
export interface ApplicationInput {
  readonly name?: string;
  readonly brand?: string;
  readonly preset?: PresetName;
  readonly default_country?: string | null;
  readonly countries?: readonly string[] | null;
  readonly time_zone?: string;
  readonly locale?: string;
  readonly return_urls?: readonly string[];
  readonly reasons?: readonly string[];
  readonly limits?: LimitSettings;
  readonly compat?: readonly string[];
  readonly frame_ancestors?: readonly string[];
  readonly accent?: string | null;
  readonly logo?: string | null;
  readonly test_code?: string | null;
  readonly sends_stopped?: boolean;
  readonly desk_networks?: readonly string[];
}

/** A page of a list. */
export interface PageInput {
  readonly limit?: number;
  readonly cursor?: string;
}

/** Applications and their policies. */
export interface ApplicationsService {
  /** By id or name, from a cache at most a second old. */
  find(idOrName: string): Promise<Application | null>;
  create(
    caller: Caller,
    input: ApplicationInput & { readonly name: string },
    idempotency?: IdempotencyRequest | null,
  ): Promise<Result<ApplicationView>>;
  /** The caller's own; every one for `default`. */
  list(caller: Caller): Promise<Result<ListView<ApplicationView>>>;
  /** The caller as one of this application, which it may manage; null = there is none. */
  administered(caller: Caller, id: string): Promise<Caller | null>;
  /** The same for an API key: `forbidden` when it may act on its own only, whatever the id; `not_found` when there is none. */
  actOn(caller: Caller, id: string): Promise<Result<Caller>>;
  get(caller: Caller, id: string): Promise<Result<ApplicationView>>;
  /** With `version` (see `versionOf`) only while these fields still are what was shown. */
  update(caller: Caller, id: string, input: ApplicationInput, version?: string): Promise<Result<ApplicationView>>;
  /** What clients of Twilio's dialect call it. */
  sids(application: Pick<Application, 'id'>): { readonly account_sid: string; readonly service_sid: string };
  policy(caller: Caller, purpose: string): Promise<Result<PolicyView>>;
  /** Those that were set, by purpose. */
  policies(caller: Caller): Promise<Result<ListView<PolicyView>>>;
  /** With `version` (a `fingerprint` of the overrides) only while they still are what was shown. */
  putPolicy(caller: Caller, purpose: string, overrides: PolicyOverrides, version?: string): Promise<Result<PolicyView>>;
  /** What was set, version by version, newest first; the newest 200 of a purpose are kept. */
  policyVersions(caller: Caller, purpose: string, page?: PageInput): Promise<Result<ListView<PolicyVersionView>>>;
  /** Sets again what version `number` had set, as a new version; `version` as in `putPolicy`. */
  restorePolicy(caller: Caller, purpose: string, number: number, version?: string): Promise<Result<PolicyView>>;
  /** What a policy would have changed in the last seven days, as far as the records tell. Writes nothing. */
  tryPolicy(caller: Caller, purpose: string, draft: PolicyOverrides): Promise<Result<PolicyTrialView>>;
}
