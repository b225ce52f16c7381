import type { Role } from './staff.ts';

/** Somebody who signs in to the desk, as the API and the pages show them. */
export interface AgentView {
  readonly id: string;
  readonly object: 'agent';
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** `invited`: has no password yet. */
  readonly status: 'active' | 'invited' | 'inactive';
  readonly second_factor: 'email' | 'totp';
  readonly recovery_codes_left: number;
  /** How many passkeys the agent signs in with. */
  readonly passkeys: number;
  readonly password_changed_at: string | null;
  readonly created_at: string;
  readonly last_signed_in_at: string | null;
  /** Made by the call, when none was given; shown once. */
  readonly password?: string;
}

/** One browser that is signed in. */
export interface SessionView {
  readonly id: string;
  readonly object: 'session';
  readonly started_at: string;
  readonly last_seen_at: string;
  /** When it ends whatever is done. */
  readonly ends_at: string;
  /** What the browser says it is, e.g. “Firefox on Linux”. */
  readonly browser: string;
  readonly ip: string | null;
  readonly current: boolean;
}

/** Something that somebody signs in with instead of password and second factor. */
export interface PasskeyView {
  readonly id: string;
  readonly object: 'passkey';
  /** Chosen by its owner. */
  readonly name: string;
  readonly created_at: string;
  readonly last_used_at: string | null;
}
