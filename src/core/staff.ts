/** Who works at the desk: what each role may do, and when a session ends. */
export const ROLES = ['agent', 'supervisor', 'admin', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  agent: 'Agent',
  supervisor: 'Supervisor',
  admin: 'Administrator',
  auditor: 'Auditor',
};

const EVERYONE: readonly Role[] = ROLES;
const CALLERS: readonly Role[] = ['agent', 'supervisor', 'admin'];
const LEADERS: readonly Role[] = ['supervisor', 'admin'];
const WATCHERS: readonly Role[] = ['supervisor', 'admin', 'auditor'];

/** The one table of rights. What is not in it nobody may do. */
const RIGHTS = {
  'desk.send': CALLERS,
  'desk.verify': CALLERS,
  /** An agent only where the policy allows it, which the policy decides. */
  'desk.skip': CALLERS,
  'desk.review_skips': LEADERS,
  'records.view': EVERYONE,
  'records.note': CALLERS,
  'records.print': EVERYONE,
  'records.export': WATCHERS,
  'records.reveal': LEADERS,
  'people.view': EVERYONE,
  'people.edit': CALLERS,
  'people.deactivate': LEADERS,
  'people.erase': ['admin'],
  'insights.view': WATCHERS,
  'costs.view': WATCHERS,
  administration: ['admin'],
  /** A supervisor manages agents only: see {@link mayManage}. */
  'agents.manage': LEADERS,
  'audit.view': WATCHERS,
  'audit.verify': ['auditor'],
  'audit.export': ['auditor'],
} as const satisfies Readonly<Record<string, readonly Role[]>>;

export type Right = keyof typeof RIGHTS;
export const ALL_RIGHTS = Object.keys(RIGHTS) as readonly Right[];

/** Whether a role has a right. */
export function may(role: Role, right: Right): boolean {
  const roles: readonly Role[] = RIGHTS[right];
  return roles.includes(role);
}

/** Whether somebody of role `manager` may make, change or deactivate somebody of role `other`. */
export function mayManage(manager: Role, other: Role): boolean {
  return may(manager, 'agents.manage') && (manager === 'admin' || other === 'agent');
}

/** The purpose of the codes that agents sign in with; its policy starts from the preset `default`. */
export const STAFF_SIGN_IN = 'staff_sign_in';

/** A session ends after an hour without use, and twelve hours after it began in any case. */
export const SESSION_IDLE_MS = 3_600_000;
export const SESSION_LONGEST_MS = 12 * 3_600_000;
