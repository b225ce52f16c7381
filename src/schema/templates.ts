import { z } from 'zod';
import { PLACEHOLDER_NAMES } from '../core/templates/placeholders.ts';
import type { TemplatePreviewView, TemplateView } from '../core/templates/views.ts';
import { CHANNELS } from '../core/verification.ts';
import { channelSchema, contextSchema } from './requests.ts';
import { cursorSchema, localeSchema, pageLimitSchema, purposeSchema } from './text.ts';

const time = z.string().meta({ format: 'date-time' });
const names = PLACEHOLDER_NAMES.map((name) => `\`{${name}}\``).join(', ');

/** Only their size is looked at here: what may stand in them the linter of messages says. */
const text = z
  .string()
  .min(1)
  .max(2_000)
  .meta({ description: `The words of the message. Between braces only ${names}.`, examples: ['{brand} code: {code}'] });

const words = {
  channel: channelSchema,
  purpose: purposeSchema.nullable().exactOptional().meta({ description: 'Any when absent or null.' }),
  locale: localeSchema.nullable().exactOptional().meta({ description: 'Any language when absent or null.' }),
  subject: z
    .string()
    .min(1)
    .max(300)
    .nullable()
    .exactOptional()
    .meta({ description: 'Of an e-mail; our own when absent. Never with `{code}`.' }),
  html: z
    .string()
    .min(1)
    .max(12_000)
    .nullable()
    .exactOptional()
    .meta({ description: 'The body of an e-mail as simple HTML; made from the text when absent.' }),
  allow_links: z.boolean().exactOptional().meta({ description: 'Whether plain https links may stand in it.' }),
};

/** `PUT /v1/templates`, and a template of the configuration file. */
export const templateInputSchema = z.strictObject({ ...words, text });

/** `POST /v1/templates/preview` */
export const templatePreviewInputSchema = z.strictObject({
  ...words,
  text: text.exactOptional().meta({ description: 'Without it: the words in use.' }),
  context: contextSchema.exactOptional(),
});

export const templateQuerySchema = z.strictObject({
  channel: z.enum(CHANNELS).exactOptional(),
  purpose: purposeSchema.exactOptional(),
  locale: localeSchema.exactOptional(),
  limit: pageLimitSchema.exactOptional(),
  cursor: cursorSchema.exactOptional(),
});

export const templateSchema = z.object({
  id: z.string().meta({ examples: ['tpl_sms.de.payment'] }),
  object: z.literal('template'),
  channel: channelSchema,
  purpose: z.string().nullable(),
  locale: z.string().nullable(),
  subject: z.string().nullable(),
  text: z.string(),
  html: z.string().nullable(),
  allow_links: z.boolean(),
  managed: z.boolean().meta({ description: 'True when the configuration file sets it; read-only here.' }),
  warnings: z.array(z.string()),
  created_at: time.nullable(),
  updated_at: time.nullable(),
}) satisfies z.ZodType<TemplateView>;

export const templatePreviewSchema = z.object({
  object: z.literal('template_preview'),
  channel: channelSchema,
  purpose: z.string(),
  locale: z.string(),
  source: z.enum(['request', 'template', 'built_in']),
  template: z.string().nullable(),
  subject: z.string().nullable(),
  text: z.string().meta({ description: 'The message, with dots for the code.' }),
  html: z.string().nullable(),
  encoding: z.enum(['gsm7', 'ucs2']).nullable().meta({ description: 'The alphabet of an SMS.' }),
  segments: z.int().nullable(),
  estimated_cost: z.string().nullable(),
  warnings: z.array(z.string()),
}) satisfies z.ZodType<TemplatePreviewView>;
