import { z } from 'zod';
import type { WebhookDeliveryView, WebhookView } from '../core/views.ts';
import { WEBHOOK_EVENT_NAMES } from '../core/webhooks.ts';
import { webAddressSchema } from './application.ts';
import { unique } from './requests.ts';
import { plainText } from './text.ts';

const time = z.string().meta({ format: 'date-time' });

const eventsSchema = z
  .array(z.enum(WEBHOOK_EVENT_NAMES))
  .min(1)
  .max(WEBHOOK_EVENT_NAMES.length)
  .refine(unique, 'must not repeat an event');

const fields = {
  events: eventsSchema.exactOptional().meta({ description: 'What it is told; everything when absent.' }),
  description: plainText(200).nullable().exactOptional(),
};

/** `POST /v1/webhooks`. Whether the host is on the public internet is looked at with every call. */
export const webhookInputSchema = z.strictObject({ url: webAddressSchema, ...fields });
/** `PATCH /v1/webhooks/{id}`: what is absent stays. */
export const webhookPatchSchema = z.strictObject({
  url: webAddressSchema.exactOptional(),
  ...fields,
  enabled: z.boolean().exactOptional(),
});

export const webhookSchema = z.object({
  id: z.string(),
  object: z.literal('webhook'),
  url: z.string(),
  events: z.array(z.string()),
  description: z.string().nullable(),
  status: z.enum(['enabled', 'disabled']),
  disabled_reason: z.string().nullable(),
  created_at: time,
  test: z.boolean(),
  secret: z
    .string()
    .exactOptional()
    .meta({ description: 'The signing secret (whsec_…), in the answers that make one.' }),
}) satisfies z.ZodType<WebhookView>;

export const webhookDeliverySchema = z.object({
  id: z.string().meta({ description: 'Also the `webhook-id` of every attempt.' }),
  object: z.literal('webhook_delivery'),
  webhook: z.string(),
  type: z.string(),
  verification: z.string().nullable(),
  status: z.enum(['pending', 'delivered', 'failed', 'discarded']),
  attempts: z.array(
    z.object({
      at: time,
      ms: z.number(),
      status: z.number().nullable(),
      error: z.string().nullable(),
    }),
  ),
  next_attempt_at: time.nullable(),
  created_at: time,
}) satisfies z.ZodType<WebhookDeliveryView>;
