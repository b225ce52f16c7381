import { z } from 'zod';
import type { SuppressionView } from '../core/views.ts';
import { channelSchema, toSchema } from './requests.ts';

const reasonSchema = z.enum(['stop', 'bounce', 'complaint', 'manual']);

/** `POST /v1/lists/suppressions` */
export const suppressionInputSchema = z.strictObject({
  to: toSchema,
  reason: reasonSchema.exactOptional().meta({ description: '`manual` when absent.' }),
});

export const suppressionSchema = z.object({
  id: z.string(),
  object: z.literal('suppression'),
  reason: reasonSchema,
  channel: channelSchema.nullable().meta({ description: 'Of the message that led to it.' }),
  by: z.string().meta({ description: 'The provider or the API key.' }),
  created_at: z.string().meta({ format: 'date-time' }),
}) satisfies z.ZodType<SuppressionView>;
