import { z } from 'zod';
import { ERRORS } from '../core/errors.ts';
import type { ErrorCode } from '../core/errors.ts';
import { EVENT_TYPES } from '../core/events.ts';
import { PRESET_NAMES } from '../core/policy.ts';
import type { PolicyTrialView, PolicyVersionView } from '../core/policy-views.ts';
import { ACTOR_TYPES, LINE_TYPES, SEND_STATUSES, STATUSES, type Actor } from '../core/verification.ts';
import { CHECK_RESULTS } from '../core/views.ts';
import type {
  ApiKeyView,
  ApplicationView,
  CheckView,
  EventView,
  InboxMessageView,
  ListView,
  PersonView,
  PolicyView,
  PreviewView,
  ReceiptVerdictView,
  SendView,
  VerificationView,
} from '../core/views.ts';
import { policyFields, policySchema } from './policy.ts';
import { channelSchema, modeSchema } from './requests.ts';

/** What answers look like. Each schema satisfies its view type, so that the OpenAPI document cannot drift from the code. */
const time = z.string().meta({ format: 'date-time' });
const strings = z.record(z.string(), z.string());
const count = z.int().min(0);

export const maskedDestinationSchema = z.object({
  type: z.enum(['phone', 'email']),
  masked: z.string().meta({ examples: ['+1 415 ••• ••71'] }),
  country: z.string().nullable(),
  line_type: z.enum(LINE_TYPES).nullable(),
});

export const verificationSchema = z.object({
  id: z.string().meta({ examples: ['vrf_01JB0M9S6V4T2K8R5XQZ3N7WYAHCDE'] }),
  object: z.literal('verification'),
  application: z.string(),
  status: z.enum(STATUSES),
  status_reason: z.string().nullable(),
  to: maskedDestinationSchema,
  purpose: z.string(),
  channel: channelSchema,
  locale: z.string(),
  sends: count,
  sends_remaining: count,
  checks: count,
  checks_remaining: count,
  created_at: time,
  expires_at: time,
  next_send_at: time.nullable(),
  approved_at: time.nullable(),
  closed_at: time.nullable(),
  context: strings.nullable(),
  metadata: strings,
  reference: z.string().nullable(),
  hosted_url: z.string().nullable().meta({
    description: 'Our page for the code, there when the start named a `return_url`. Its first visitor has it.',
  }),
  test: z.boolean(),
}) satisfies z.ZodType<VerificationView>;

export const checkResultSchema = z.object({
  result: z.enum(CHECK_RESULTS),
  verification: verificationSchema,
  receipt: z.string().nullable(),
}) satisfies z.ZodType<CheckView>;

export const sendSchema = z.object({
  id: z.string(),
  object: z.literal('send'),
  channel: channelSchema,
  provider: z.string().nullable(),
  status: z.enum(SEND_STATUSES),
  error: z.string().nullable(),
  segments: z.int().nullable(),
  cost: z.string().nullable(),
  attempts: z.array(z.object({ provider: z.string(), at: time, error: z.string().nullable() })),
  created_at: time,
}) satisfies z.ZodType<SendView>;

export const actorSchema = z.object({
  type: z.enum(ACTOR_TYPES),
  id: z.string().nullable(),
  application: z.string().exactOptional().meta({
    description: 'Where an administrator who acted on another application belongs.',
  }),
}) satisfies z.ZodType<Actor>;

export const eventSchema = z.object({
  id: z.string(),
  object: z.literal('event'),
  type: z.enum(EVENT_TYPES),
  actor: actorSchema,
  created_at: time,
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
}) satisfies z.ZodType<EventView>;

export const previewSchema = z.object({
  to: maskedDestinationSchema,
  channel: channelSchema,
  subject: z.string().nullable(),
  text: z.string().meta({ description: 'The message, with dots for the code.' }),
  html: z.string().nullable(),
  locale: z.string(),
  template: z.string().nullable().meta({ description: 'The template it is made from; null for our own words.' }),
  encoding: z.enum(['gsm7', 'ucs2']).nullable(),
  segments: z.int().nullable(),
  limits: z.array(
    z.object({
      name: z.string(),
      max: z.int(),
      window_seconds: z.int().nullable(),
      currency: z
        .string()
        .exactOptional()
        .meta({ description: 'Of `money_day`, whose `max` is in whole units of it.' }),
    }),
  ),
  estimated_cost: z.string().nullable(),
  warnings: z.array(z.string()),
}) satisfies z.ZodType<PreviewView>;

export const policyViewSchema = z.object({
  object: z.literal('policy'),
  purpose: z.string(),
  ...policyFields,
  overrides: policySchema.meta({ description: 'What differs from the preset.' }),
  managed: z.boolean().meta({ description: 'True when the configuration file sets it; read-only here.' }),
}) satisfies z.ZodType<PolicyView>;

export const policyVersionSchema = z.object({
  object: z.literal('policy_version'),
  purpose: z.string(),
  version: z.int().min(1),
  created_at: time,
  actor: actorSchema,
  restored: z.int().nullable().meta({ description: 'The version that this change brought back.' }),
  before: policySchema.meta({ description: 'What it replaced.' }),
  overrides: policySchema.meta({ description: 'What was set from then on.' }),
}) satisfies z.ZodType<PolicyVersionView>;

const trialCount = (description: string) => z.int().min(0).meta({ description });

export const policyTrialSchema = z.object({
  object: z.literal('policy_trial'),
  purpose: z.string(),
  since: time,
  until: time,
  complete: z.boolean().meta({
    description: 'False where there were more records than are looked at; `since` is then where those begin.',
  }),
  starts: z.int().min(0),
  approved: z.int().min(0),
  erased: trialCount('Records whose details are erased.'),
  effects: z.object({
    refused: trialCount('Starts that would have been refused, for any of the next four reasons.'),
    no_channel: trialCount('No channel of the policy fits the destination.'),
    context_missing: trialCount('The context lacks what is required.'),
    reason_missing: trialCount('An agent gave no reason.'),
    skipped: trialCount('Skipped without a code, which it does not allow.'),
    other_channel: trialCount('Began on a channel that it does not list.'),
    met_open: trialCount('Began while another code of the destination was open, which it closes or uses again.'),
    approved_late: trialCount('Approved after `ttl_seconds`; only of codes that were not renewed.'),
    approved_over: trialCount('Approved after more tries than `max_checks`.'),
    checks_over: trialCount('Tries beyond `max_checks`.'),
    more_checks: trialCount('Failed with their tries used up, where it would have allowed more.'),
    sends_over: trialCount('Messages beyond `max_sends`.'),
  }),
  not_told: z.array(z.string()).meta({
    description: 'Fields that differ from the policy in force, and of whose effect the records tell nothing.',
  }),
}) satisfies z.ZodType<PolicyTrialView>;

export const applicationViewSchema = z.object({
  id: z.string(),
  object: z.literal('application'),
  name: z.string(),
  brand: z.string(),
  preset: z.enum(PRESET_NAMES),
  default_country: z.string().nullable(),
  countries: z.array(z.string()).nullable(),
  time_zone: z.string(),
  locale: z.string(),
  return_urls: z.array(z.string()),
  reasons: z.array(z.string()),
  limits: z.record(
    z.string(),
    z.object({ max: z.int(), window_seconds: z.int().exactOptional(), currency: z.string().exactOptional() }),
  ),
  compat: z.array(z.string()),
  frame_ancestors: z.array(z.string()),
  accent: z.string().nullable(),
  logo: z.string().nullable(),
  test_code: z.string().nullable(),
  sends_stopped: z.boolean(),
  desk_networks: z.array(z.string()),
  twilio: z
    .object({ account_sid: z.string(), service_sid: z.string() })
    .nullable()
    .meta({ description: 'What clients of that dialect call the application; null while `compat` does not name it.' }),
  managed: z.array(z.string()).meta({ description: 'Fields the configuration file sets; read-only here.' }),
  created_at: time,
}) satisfies z.ZodType<ApplicationView>;

export const apiKeySchema = z.object({
  id: z.string(),
  object: z.literal('api_key'),
  name: z.string(),
  mode: modeSchema,
  scopes: z.array(z.string()),
  created_at: time,
  expires_at: time.nullable(),
  revoked_at: time.nullable(),
  last_used_at: time.nullable(),
  key: z.string().exactOptional().meta({ description: 'The key itself, once, in the answer that creates it.' }),
}) satisfies z.ZodType<ApiKeyView>;

export const personSchema = z.object({
  id: z.string(),
  object: z.literal('person'),
  to: maskedDestinationSchema,
  name: z.string().nullable(),
  reference: z.string().nullable(),
  created_at: time,
}) satisfies z.ZodType<PersonView>;

export const inboxSchema = z.object({
  data: z.array(
    z.object({
      send_id: z.string(),
      to: z.string(),
      channel: channelSchema,
      subject: z.string().nullable(),
      text: z.string(),
      html: z.string().nullable(),
      created_at: time,
    }) satisfies z.ZodType<InboxMessageView>,
  ),
});

export const receiptVerdictSchema = z.object({
  valid: z.boolean(),
  reason: z.string().exactOptional(),
  claims: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), strings])).exactOptional(),
}) satisfies z.ZodType<ReceiptVerdictView>;

export const deletedSchema = z.object({ deleted: z.literal(true) });
export const forgottenSchema = z.object({ forgotten: z.int() });
export const reboundSchema = z.object({ rebound: z.boolean() });
export const erasedSchema = z.object({ erased: count });
export const jwksSchema = z.object({ keys: z.array(strings) });
export const livenessSchema = z.object({ status: z.literal('ok') });
export const readinessSchema = z.object({
  ready: z.boolean(),
  checks: z.record(z.string(), z.looseObject({ ok: z.boolean(), reason: z.string().exactOptional() })),
});

/** A page of a list, newest first. */
export function listSchema<T extends z.ZodType>(item: T): z.ZodType<ListView<z.output<T>>> {
  return z.object({ data: z.array(item), has_more: z.boolean(), next_cursor: z.string().nullable() });
}

/** RFC 9457 with our extensions. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
  request_id: z.string(),
  errors: z.array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() })).exactOptional(),
  limit: z.object({ name: z.string(), scope: z.string(), reset_at: time.nullable() }).exactOptional(),
  next_send_at: time.exactOptional(),
});
