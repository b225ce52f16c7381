import { z } from 'zod';
import type { ClientView, RepresentativeView } from '../core/people-views.ts';
import { actorSchema, maskedDestinationSchema } from './resources.ts';
import { countrySchema, cursorSchema, pageLimitSchema, plainText } from './text.ts';

const time = z.string().meta({ format: 'date-time' });
const name = plainText(120);
const edited = { created_at: time, created_by: actorSchema, modified_at: time, modified_by: actorSchema };

/** `POST /v1/clients`. */
export const clientInputSchema = z.strictObject({
  company: name,
  country: countrySchema.nullable().exactOptional(),
  reference: name.nullable().exactOptional(),
});

/** `PATCH /v1/clients/{id}`: what is absent stays. */
export const clientPatchSchema = clientInputSchema.extend({ company: name.exactOptional() });

export const clientSchema = z.object({
  id: z.string(),
  object: z.literal('client'),
  company: z.string(),
  country: z.string().nullable(),
  reference: z.string().nullable(),
  ...edited,
}) satisfies z.ZodType<ClientView>;

/** `PATCH /v1/representatives/{id}`: what is absent stays. */
export const representativePatchSchema = z.strictObject({
  first_name: name.exactOptional(),
  last_name: name.exactOptional(),
  role: name.nullable().exactOptional(),
  country: countrySchema.nullable().exactOptional(),
  mobile: z
    .string()
    .max(64)
    .nullable()
    .exactOptional()
    .meta({ examples: ['+14155552671'] }),
  email: z
    .string()
    .max(254)
    .nullable()
    .exactOptional()
    .meta({ examples: ['mara@bluegum.example'] }),
  active: z.boolean().exactOptional(),
});

/** `POST /v1/representatives`. A mobile number or an e-mail address is needed. */
export const representativeInputSchema = representativePatchSchema
  .omit({ active: true })
  .extend({ client: z.string().min(1).max(64), first_name: name, last_name: name });

export const representativeSchema = z.object({
  id: z.string(),
  object: z.literal('representative'),
  client: z.string(),
  first_name: z.string(),
  last_name: z.string(),
  role: z.string().nullable(),
  country: z.string().nullable(),
  mobile: maskedDestinationSchema.nullable(),
  email: maskedDestinationSchema.nullable(),
  status: z.enum(['active', 'inactive', 'erased']),
  ...edited,
}) satisfies z.ZodType<RepresentativeView>;

export const representativesQuerySchema = z.strictObject({
  client: z.string().min(1).max(64).exactOptional(),
  limit: pageLimitSchema.exactOptional(),
  cursor: cursorSchema.exactOptional(),
});
