import { effectivePolicy, type Policy, type PolicyOverrides, type PresetName } from './policy.ts';

/** The other systems' dialects that an application may speak. */
export const DIALECTS = ['twilio', 'phone-verify', 'otp', 'camara'] as const;
export type Dialect = (typeof DIALECTS)[number];

/** What `compat` may hold: a dialect for callers with an API key, or `:public` for browsers without one. */
export const COMPAT_ENTRIES = [...DIALECTS, 'phone-verify:public', 'otp:public'] as const;

/** A façade's purpose, and the policy it has where the application sets nothing of its own for that purpose. */
export interface Facade {
  readonly purpose: string;
  readonly policy: PolicyOverrides;
  /** What of it stays where the purpose has a preset of its own. */
  readonly kept?: PolicyOverrides;
}

export const FACADES: Readonly<Record<Dialect, Facade>> = {
  // Creating again for the same address sends the same code again, at once: that dialect has no wait.
  twilio: {
    purpose: 'twilio_verify',
    policy: { preset: 'default', on_open: 'reuse', check_by_destination: true, resend_cooldown_seconds: [0] },
  },
  'phone-verify': {
    purpose: 'phone_verification',
    policy: { preset: 'phone-api' },
    kept: { delivery_failure: 'hide' },
  },
  // A day of records instead of none: "too many attempts" could not be told from "never sent" otherwise.
  otp: { purpose: 'otp', policy: { preset: 'ephemeral', retention_days: 1 } },
  camara: { purpose: 'one_time_password_sms', policy: { preset: 'default', on_open: 'replace' } },
};

/** How far an application speaks a dialect. */
export function compatMode(compat: readonly string[], dialect: Dialect): 'off' | 'keyed' | 'public' {
  if (compat.includes(`${dialect}:public`)) return 'public';
  return compat.includes(dialect) ? 'keyed' : 'off';
}

/** The façade whose purpose this is (`otp`, or `otp.login` under it), if the application speaks its dialect. */
export function facadeOf(compat: readonly string[], purpose: string): Facade | null {
  if (compat.length === 0) return null;
  const [base = ''] = purpose.split('.', 1);
  const dialect = DIALECTS.find((name) => FACADES[name].purpose === base && compatMode(compat, name) !== 'off');
  return dialect === undefined ? null : FACADES[dialect];
}

/** The effective policy of a purpose with these overrides: what they leave out comes from the façade, else from the preset. */
export function policyOf(
  application: { readonly preset: PresetName; readonly compat: readonly string[] },
  purpose: string,
  overrides: PolicyOverrides,
): Policy {
  const facade = facadeOf(application.compat, purpose);
  const base = overrides.preset === undefined ? facade?.policy : facade?.kept;
  return effectivePolicy({ ...base, ...overrides }, application.preset);
}
