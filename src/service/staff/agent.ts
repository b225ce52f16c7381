import type { AgentView } from '../../core/agent-views.ts';
import { sealed } from '../../core/redacted.ts';
import type { Role } from '../../core/staff.ts';
import { timestamp } from '../../core/views.ts';
import type { KeyRing, PasskeyCredential } from '../../crypto/index.ts';
import type { StoredDocument } from '../../ports/documents.ts';

export const AGENT_KIND = 'agent';

/** What is sealed of an agent. */
export interface Private {
  readonly name: string;
  readonly email: string;
  /** Argon2id, PHC string; null = invited, no password yet. */
  readonly password: string | null;
  readonly passwordChangedAt: number | null;
  /** The authenticator: its secret (base32), and the last step whose code was used. */
  readonly totp: { readonly secret: string; readonly lastStep: number } | null;
  /** Keyed hashes of the recovery codes that are left. */
  readonly recovery: readonly string[];
  readonly passkeys: readonly Passkey[];
}

/** Signs its owner in by itself: who has it unlocked it with a finger, a face or a PIN. */
export interface Passkey {
  readonly id: string;
  readonly name: string;
  readonly credential: PasskeyCredential;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
}

/** Somebody who may sign in to an application's desk. */
export interface Agent extends Private {
  readonly id: string;
  readonly application: string;
  readonly version: number;
  readonly role: Role;
  readonly active: boolean;
  readonly lastSignedInAt: number | null;
  readonly createdAt: number;
}

type Body = Pick<Agent, 'role' | 'active' | 'lastSignedInAt'> & { readonly sealed: string };

/** Blind indexes of an address within an application, the written one first. Addresses that differ by case are one. */
export function emailIndexes(ring: KeyRing, application: string, email: string): readonly string[] {
  return ring.indexes('agent', `${application}|${email.toLowerCase()}`);
}

/** The agent to be written; name, address and password hash are sealed for its id. */
export function agentDocument(ring: KeyRing, agent: Agent): StoredDocument {
  const { id, application, version, createdAt, role, active, lastSignedInAt, ...rest } = agent;
  const body: Body = { role, active, lastSignedInAt, sealed: ring.seal('agent', JSON.stringify(rest), id).reveal() };
  const index = emailIndexes(ring, application, agent.email)[0] ?? null;
  const text = JSON.stringify(body);
  return { kind: AGENT_KIND, id, application, index, version, body: text, createdAt, dueAt: null, endsAt: null };
}

/** The agent back; null when no key of the ring opens it any more. */
export function agentFrom(ring: KeyRing, document: StoredDocument): Agent | null {
  const { sealed: text, ...rest } = JSON.parse(document.body) as Body;
  const { id, application, version, createdAt } = document;
  const opened = ring.open('agent', sealed(text), id);
  if (opened === null) return null;
  // Agents of the time before passkeys have none.
  const kept = JSON.parse(opened) as Omit<Private, 'passkeys'> & Partial<Private>;
  return { id, application, version, createdAt, ...rest, ...kept, passkeys: kept.passkeys ?? [] };
}

export function agentView(agent: Agent): AgentView {
  return {
    id: agent.id,
    object: 'agent',
    name: agent.name,
    email: agent.email,
    role: agent.role,
    status: agent.active ? (agent.password === null ? 'invited' : 'active') : 'inactive',
    second_factor: agent.totp === null ? 'email' : 'totp',
    recovery_codes_left: agent.recovery.length,
    passkeys: agent.passkeys.length,
    password_changed_at: agent.passwordChangedAt === null ? null : timestamp(agent.passwordChangedAt),
    created_at: timestamp(agent.createdAt),
    last_signed_in_at: agent.lastSignedInAt === null ? null : timestamp(agent.lastSignedInAt),
  };
}
