import type { ChallengeMode } from './challenge.ts';
import type { ChannelName } from './verification.ts';

export const RECEIPT_MODES = [
  'on_request',
  'always',
  'on_request_with_destination',
  'always_with_destination',
  'on_request_with_hash',
  'always_with_hash',
] as const;
export const RECIPIENT_MODES = ['any', 'directory', 'directory_silent'] as const;
export const OVERRIDE_MODES = ['never', 'with_note', 'with_review'] as const;
export const NOT_ME_MODES = ['never', 'email', 'email_and_sms'] as const;
export const CONFIRM_LINK_MODES = ['never', 'email'] as const;
export const DELIVERY_FAILURE_MODES = ['tell', 'hide'] as const;
export const REVEAL_MODES = ['generic', 'reason', 'reason_remaining'] as const;

/** The numbers and choices that govern a verification. Field names are the API's. Plain data, frozen into each record. */
export interface Policy {
  readonly preset: PresetName;
  readonly code: { readonly length: number; readonly alphabet: 'digits' | 'safe' };
  readonly ttl_seconds: number;
  readonly max_checks: number;
  readonly max_sends: number;
  /** Wait before the 2nd, 3rd … send; the last one repeats. */
  readonly resend_cooldown_seconds: readonly number[];
  readonly resend_code: 'same' | 'new';
  readonly on_open: 'parallel' | 'replace' | 'reuse';
  readonly reuse: 'never' | 'within_ttl';
  readonly check_by_destination: boolean;
  /** `directory` tells the caller that a person is unknown; `directory_silent` tells nobody. */
  readonly recipients: (typeof RECIPIENT_MODES)[number];
  readonly reveal: (typeof REVEAL_MODES)[number];
  /** `tell` closes a verification whose message nobody carried; under `hide` it goes on as if it had gone out. */
  readonly delivery_failure: (typeof DELIVERY_FAILURE_MODES)[number];
  /** Channels a start may use, in ladder order; empty = any channel that fits the destination. */
  readonly channels: readonly ChannelName[];
  /** Wait before the ladder goes on to its 2nd, 3rd … channel by itself; the last one repeats. Empty = it does not. */
  readonly channel_wait_seconds: readonly number[];
  readonly receipt: (typeof RECEIPT_MODES)[number];
  /** Days a closed record is kept; 0 = drop at end (a bare row stays 24 h); null = for ever. */
  readonly retention_days: number | null;
  readonly custom_code: boolean;
  /** Whether an agent must say why the caller is verified, by one of the application's reasons. */
  readonly reason: 'none' | 'required';
  /** Whether an agent may go on without a code, saying why; `with_review` asks a supervisor to look at it afterwards. */
  readonly override: (typeof OVERRIDE_MODES)[number];
  /** Which messages carry a link by which their reader can end what they did not ask for. */
  readonly not_me_link: (typeof NOT_ME_MODES)[number];
  /** Which messages carry a link by which their reader confirms with a press instead of typing the code. */
  readonly confirm_link: (typeof CONFIRM_LINK_MODES)[number];
  /** The site that the last line of an SMS binds the code to, as a domain in ASCII; null = none. */
  readonly sms_domain: string | null;
  /** The eleven characters by which Android hands an SMS to its app, in its last line; null = none. */
  readonly sms_app_hash: string | null;
  /** When a start in a browser must show first that a person asks. */
  readonly challenge: ChallengeMode;
  /** Days for which a hosted page may remember a browser after the right code, so that it needs none; 0 = it does not. */
  readonly remember_device_days: number;
  /** What the context of a start must have. */
  readonly required_context: readonly string[];
}

export type PresetName = 'default' | 'desk' | 'hosted-email' | 'customer-login' | 'phone-api' | 'ephemeral';

const DEFAULT: Policy = {
  preset: 'default',
  code: { length: 6, alphabet: 'digits' },
  ttl_seconds: 600,
  max_checks: 5,
  max_sends: 5,
  resend_cooldown_seconds: [30, 60, 120, 300],
  resend_code: 'same',
  on_open: 'parallel',
  reuse: 'never',
  check_by_destination: false,
  recipients: 'any',
  reveal: 'reason_remaining',
  delivery_failure: 'tell',
  channels: [],
  channel_wait_seconds: [],
  receipt: 'on_request',
  retention_days: 30,
  custom_code: false,
  reason: 'none',
  override: 'never',
  not_me_link: 'never',
  confirm_link: 'never',
  sms_domain: null,
  sms_app_hash: null,
  challenge: 'never',
  remember_device_days: 0,
  required_context: [],
};

/** Named policies (design section 3). A preset is only data: every field can be overridden per application and purpose. */
export const PRESETS: Readonly<Record<PresetName, Policy>> = {
  default: DEFAULT,
  desk: {
    ...DEFAULT,
    preset: 'desk',
    ttl_seconds: 300,
    max_checks: 3,
    retention_days: null,
    reason: 'required',
    override: 'with_note',
  },
  'hosted-email': {
    ...DEFAULT,
    preset: 'hosted-email',
    ttl_seconds: 300,
    resend_code: 'new',
    reveal: 'generic',
    retention_days: 0,
  },
  'customer-login': {
    ...DEFAULT,
    preset: 'customer-login',
    ttl_seconds: 300,
    max_sends: 4,
    resend_cooldown_seconds: [60],
    resend_code: 'new',
    recipients: 'directory_silent',
  },
  'phone-api': {
    ...DEFAULT,
    preset: 'phone-api',
    ttl_seconds: 3600,
    resend_code: 'new',
    on_open: 'replace',
    reuse: 'within_ttl',
    check_by_destination: true,
    reveal: 'reason',
    delivery_failure: 'hide',
  },
  ephemeral: {
    ...DEFAULT,
    preset: 'ephemeral',
    ttl_seconds: 300,
    max_sends: 3,
    resend_cooldown_seconds: [60],
    on_open: 'replace',
    check_by_destination: true,
    reveal: 'reason',
    retention_days: 0,
  },
};

export const PRESET_NAMES = Object.keys(PRESETS) as readonly PresetName[];

/** What `PUT /v1/policies/{purpose}` stores: the preset and the fields that differ from it. */
export type PolicyOverrides = Partial<Policy>;

export const POLICY_BOUNDS = {
  code_length: { min: 4, max: 10 },
  ttl_seconds: { min: 30, max: 86_400 },
  max_checks: { min: 1, max: 10 },
  max_sends: { min: 1, max: 10 },
  cooldown_seconds: { min: 0, max: 86_400 },
  retention_days: { min: 0, max: 3_650 },
  channel_wait_seconds: { min: 5, max: 3_600 },
  remember_device_days: { min: 0, max: 90 },
} as const;

/** The effective policy: overrides over their preset, the preset over `default`. */
export function effectivePolicy(overrides: PolicyOverrides, fallback: PresetName): Policy {
  return { ...PRESETS[overrides.preset ?? fallback], ...overrides };
}

/** A rule that no single field can state, or null. */
export function policyConflict(policy: Policy): { pointer: string; detail: string } | null {
  if (policy.check_by_destination && policy.on_open === 'parallel') {
    return {
      pointer: '/check_by_destination',
      detail: 'needs on_open "replace" or "reuse", so that one code is meant',
    };
  }
  if (policy.recipients === 'directory_silent' && policy.channel_wait_seconds.length > 0) {
    return {
      pointer: '/channel_wait_seconds',
      detail: 'would tell who is known: with recipients "directory_silent" the ladder goes on only when it is asked to',
    };
  }
  if (policy.sms_domain !== null && policy.sms_app_hash !== null) {
    return { pointer: '/sms_app_hash', detail: 'and sms_domain both need the last line of an SMS: set one of them' };
  }
  return null;
}
