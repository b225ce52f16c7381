import { z } from 'zod';
import type { SuppressionView } from '../core/views.ts';
import { RULE_LISTS, RULE_TYPES, type ListRuleView } from '../core/list-rules.ts';
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

/** `POST /v1/lists/rules` */
export const listRuleInputSchema = z.strictObject({
  list: z.enum(RULE_LISTS),
  type: z.enum(RULE_TYPES),
  value: z
    .string()
    .min(1)
    .max(254)
    .meta({ description: 'An address, `+4477`, `GB` or `mail.example`, as the type says.' }),
});

export const listRuleSchema = z.object({
  id: z.string(),
  object: z.literal('list_rule'),
  list: z.enum(RULE_LISTS),
  type: z.enum(RULE_TYPES),
  value: z.string().meta({ description: 'Of a destination its mask.' }),
  by: z.string(),
  created_at: z.string().meta({ format: 'date-time' }),
}) satisfies z.ZodType<ListRuleView>;
