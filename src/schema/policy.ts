import { z } from 'zod';
import { CHALLENGE_MODES } from '../core/challenge.ts';
import { canonicalDomain } from '../core/domain.ts';
import {
  CONFIRM_LINK_MODES,
  DELIVERY_FAILURE_MODES,
  NOT_ME_MODES,
  POLICY_BOUNDS,
  PRESET_NAMES,
  OVERRIDE_MODES,
  RECEIPT_MODES,
  RECIPIENT_MODES,
  REVEAL_MODES,
} from '../core/policy.ts';
import type { PolicyOverrides, PresetName } from '../core/policy.ts';
import { CHANNELS } from '../core/verification.ts';
import { channelSchema, channelWaitsSchema, CONTEXT_BOUNDS, unique } from './requests.ts';
import { mapNameSchema } from './text.ts';

const LONGEST_LADDER = 10;

export const presetSchema: z.ZodType<PresetName, PresetName> = z.enum(PRESET_NAMES);

const whole = (bounds: { readonly min: number; readonly max: number }): z.ZodInt =>
  z.int().min(bounds.min).max(bounds.max);

/** Every preset draws six digits, so half a `code` is filled from that. */
const codeFields = {
  length: whole(POLICY_BOUNDS.code_length).default(6),
  alphabet: z.enum(['digits', 'safe']).default('digits'),
};

/** The fields of a policy; all of them optional in what is stored, none in the effective policy. */
export const policyFields = {
  preset: presetSchema,
  code: z.strictObject(codeFields),
  ttl_seconds: whole(POLICY_BOUNDS.ttl_seconds),
  max_checks: whole(POLICY_BOUNDS.max_checks),
  max_sends: whole(POLICY_BOUNDS.max_sends),
  resend_cooldown_seconds: z.array(whole(POLICY_BOUNDS.cooldown_seconds)).min(1).max(LONGEST_LADDER),
  resend_code: z.enum(['same', 'new']),
  on_open: z.enum(['parallel', 'replace', 'reuse']),
  reuse: z.enum(['never', 'within_ttl']),
  check_by_destination: z.boolean(),
  recipients: z.enum(RECIPIENT_MODES),
  reveal: z.enum(REVEAL_MODES),
  delivery_failure: z.enum(DELIVERY_FAILURE_MODES),
  channels: z.array(channelSchema).max(CHANNELS.length).refine(unique, 'must not repeat a channel'),
  channel_wait_seconds: channelWaitsSchema,
  receipt: z.enum(RECEIPT_MODES),
  retention_days: whole(POLICY_BOUNDS.retention_days).nullable(),
  custom_code: z.boolean(),
  reason: z.enum(['none', 'required']),
  override: z.enum(OVERRIDE_MODES),
  not_me_link: z.enum(NOT_ME_MODES),
  confirm_link: z.enum(CONFIRM_LINK_MODES),
  sms_domain: z
    .string()
    .max(253)
    .refine((text) => canonicalDomain(text) === text, 'a domain such as "shop.example", in lower case and ASCII')
    .nullable(),
  sms_app_hash: z
    .string()
    .regex(/^[A-Za-z0-9+/]{11}$/, 'eleven characters of base64, as the Android app computes them')
    .nullable(),
  challenge: z.enum(CHALLENGE_MODES),
  remember_device_days: whole(POLICY_BOUNDS.remember_device_days),
  required_context: z.array(mapNameSchema).max(CONTEXT_BOUNDS.entries).refine(unique, 'must not repeat a name'),
};

/** What `PUT /v1/policies/{purpose}` takes: the preset and the fields that differ from it. */
export const policySchema = z.strictObject({
  preset: policyFields.preset.exactOptional(),
  code: policyFields.code.exactOptional(),
  ttl_seconds: policyFields.ttl_seconds.exactOptional(),
  max_checks: policyFields.max_checks.exactOptional(),
  max_sends: policyFields.max_sends.exactOptional(),
  resend_cooldown_seconds: policyFields.resend_cooldown_seconds.exactOptional(),
  resend_code: policyFields.resend_code.exactOptional(),
  on_open: policyFields.on_open.exactOptional(),
  reuse: policyFields.reuse.exactOptional(),
  check_by_destination: policyFields.check_by_destination.exactOptional(),
  recipients: policyFields.recipients.exactOptional(),
  reveal: policyFields.reveal.exactOptional(),
  delivery_failure: policyFields.delivery_failure.exactOptional(),
  channels: policyFields.channels.exactOptional(),
  channel_wait_seconds: policyFields.channel_wait_seconds.exactOptional(),
  receipt: policyFields.receipt.exactOptional(),
  retention_days: policyFields.retention_days.exactOptional(),
  custom_code: policyFields.custom_code.exactOptional(),
  reason: policyFields.reason.exactOptional(),
  override: policyFields.override.exactOptional(),
  not_me_link: policyFields.not_me_link.exactOptional(),
  confirm_link: policyFields.confirm_link.exactOptional(),
  sms_domain: policyFields.sms_domain.exactOptional(),
  sms_app_hash: policyFields.sms_app_hash.exactOptional(),
  challenge: policyFields.challenge.exactOptional(),
  remember_device_days: policyFields.remember_device_days.exactOptional(),
  required_context: policyFields.required_context.exactOptional(),
}) satisfies z.ZodType<PolicyOverrides>;

/** `POST /v1/policies/{purpose}/restore`. */
export const policyRestoreSchema = z.strictObject({
  version: z.int().min(1).max(99_999_999).meta({ description: 'The number of the version whose policy is set again.' }),
});
