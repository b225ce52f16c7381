import type { AuditAction } from '../../../core/audit.ts';
import type { AuditEntryView } from '../../../core/audit-views.ts';

/** Groups of actions to choose from. */
export const GROUPS = {
  verifications: {
    word: 'Verifications',
    actions: ['verification', 'verifications', 'skip', 'record.noted', 'destination'],
  },
  settings: {
    word: 'Keys and settings',
    actions: [
      'application',
      'access',
      'policy',
      'limits',
      'sends',
      'provider',
      'template',
      'key',
      'webhook',
      'list',
      'person',
      'people',
    ],
  },
  agents: { word: 'Agents', actions: ['agent'] },
  reveals: { word: 'Reveals, exports, erasures', actions: ['record', 'records', 'audit'] },
  'sign-ins': { word: 'Sign-ins', actions: ['session', 'password', 'second_factor', 'passkey'] },
} as const satisfies Readonly<Record<string, { readonly word: string; readonly actions: readonly string[] }>>;

const WORDS: Readonly<Partial<Record<AuditAction, string>>> = {
  'agent.created': 'Created an agent',
  'agent.invited': 'Invited an agent',
  'agent.changed': 'Changed the name of an agent',
  'agent.role_changed': 'Changed a role',
  'agent.activated': 'Activated an agent',
  'agent.deactivated': 'Deactivated an agent',
  'session.started': 'Signed in',
  'session.refused': 'Was refused signing in',
  'session.ended': 'Signed out',
  'session.revoked': 'Ended a session',
  'passkey.added': 'Added a passkey',
  'passkey.removed': 'Removed a passkey',
  'passkey.refused': 'Was refused a passkey that may be a copy',
  'verification.started': 'Started a verification',
  'verification.resent': 'Sent a code again',
  'verification.checked': 'Entered a code',
  'verification.canceled': 'Canceled a code',
  'verification.skipped': 'Went on without a code',
  'verification.closed': 'Verification ended',
  'verifications.voided': 'Took all codes out of force',
  'skip.reviewed': 'Reviewed a skip',
  'record.noted': 'Wrote a note',
  'record.revealed': 'Revealed a destination',
  'record.erased': 'Erased a destination',
  'records.exported': 'Exported records',
  'records.purged': 'Removed records whose time was over',
  'key.created': 'Created an API key',
  'key.revoked': 'Revoked an API key',
  'audit.verified': 'Verified this log',
  'audit.exported': 'Exported this log',
  'audit.purged': 'Removed old entries of this log',
};

/** What was done, in words. */
export function actionWord({ action }: AuditEntryView): string {
  if (action === null) return 'Erased';
  const words = action.replace(/[._]/g, ' ');
  return WORDS[action] ?? `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** The facts beside it, `name: value`. */
export function factsLine({ data }: AuditEntryView): string {
  return Object.entries(data)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name.replaceAll('_', ' ')}: ${String(value)}`)
    .join(', ');
}

/** The ends of a long id or hash. */
export function short(text: string): string {
  return text.length <= 14 ? text : `${text.slice(0, 10)}…${text.slice(-4)}`;
}
