import type { LimitSettings } from '../core/limits.ts';
import type { PolicyOverrides, PresetName } from '../core/policy.ts';
import type { Sealed } from '../core/redacted.ts';
import type { Mode } from '../core/verification.ts';

/** A tenant. `managed` names the fields the configuration file sets; the API shows them read-only. */
export interface Application {
  readonly id: string;
  readonly name: string;
  readonly brand: string;
  readonly preset: PresetName;
  readonly default_country: string | null;
  /** Allowed ISO countries; null = all that are open. */
  readonly countries: readonly string[] | null;
  readonly time_zone: string;
  readonly locale: string;
  readonly return_urls: readonly string[];
  readonly reasons: readonly string[];
  readonly limits: LimitSettings;
  readonly compat: readonly string[];
  readonly frame_ancestors: readonly string[];
  readonly accent: string | null;
  /** A small PNG as a data URI, in place of the brand on hosted pages. */
  readonly logo: string | null;
  /** A fixed code for test keys only; null = random codes. */
  readonly test_code: string | null;
  /** Nothing is sent while it is true. */
  readonly sends_stopped: boolean;
  /** From where the desk is used (addresses and networks); empty = from anywhere. */
  readonly desk_networks: readonly string[];
  readonly createdAt: number;
}

/** What a new application starts with. */
export const APPLICATION_DEFAULTS: Omit<Application, 'id' | 'name' | 'brand' | 'createdAt'> = {
  preset: 'default',
  default_country: null,
  countries: null,
  time_zone: 'UTC',
  locale: 'en',
  return_urls: [],
  reasons: [],
  limits: {},
  compat: [],
  frame_ancestors: [],
  accent: null,
  logo: null,
  test_code: null,
  sends_stopped: false,
  desk_networks: [],
};

/** Applications and their policies. A write bumps a version that every instance reads at least once a second. */
export interface ApplicationStore {
  list(): Promise<readonly Application[]>;
  /** False when the name is taken. */
  insert(application: Application): Promise<boolean>;
  /** Throws `WatchwordError('conflict')`, and writes nothing, when another application has the name. */
  update(application: Application): Promise<void>;
  policies(application: string): Promise<Readonly<Record<string, PolicyOverrides>>>;
  putPolicy(application: string, purpose: string, policy: PolicyOverrides): Promise<void>;
}

export const SCOPES = ['send', 'check', 'read', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** An API key as stored: the secret only as a keyed hash (`kid.base64url`). */
export interface ApiKey {
  readonly id: string;
  readonly application: string;
  readonly mode: Mode;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly hash: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  readonly lastUsedAt: number | null;
}

export interface KeyStore {
  insert(key: ApiKey): Promise<void>;
  find(id: string): Promise<ApiKey | null>;
  list(application: string): Promise<readonly ApiKey[]>;
  /** False when there is no such key in the application; revoking twice is fine and keeps the first time. */
  revoke(application: string, id: string, now: number): Promise<boolean>;
  /** Notes the use (at most once a minute is enough) and, after a rotation, the hash under the newest key. */
  touch(id: string, now: number, hash: string): Promise<void>;
}

/** A known person of an application. Address and name are sealed together. */
export interface Person {
  readonly id: string;
  readonly application: string;
  readonly toIndex: string;
  readonly sealed: Sealed;
  readonly reference: string | null;
  readonly createdAt: number;
}

export interface DirectoryStore {
  /** Adds or, for an address already there, updates; returns the stored person. */
  put(person: Person): Promise<Person>;
  has(application: string, toIndexes: readonly string[]): Promise<boolean>;
  list(
    application: string,
    after: string | null,
    limit: number,
    toIndexes?: readonly string[],
  ): Promise<readonly Person[]>;
  remove(application: string, toIndexes: readonly string[]): Promise<boolean>;
}
