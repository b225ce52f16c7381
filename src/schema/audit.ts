import { z } from 'zod';
import { AUDIT_ACTIONS } from '../core/audit.ts';
import { AUDIT_PROBLEMS, type AuditEntryView, type AuditVerdictView } from '../core/audit-views.ts';
import { actorFilter, timeFilter } from './queries.ts';
import { actorSchema } from './resources.ts';
import { cursorSchema, pageLimitSchema } from './text.ts';

const time = z.string().meta({ format: 'date-time' });
const count = z.int().min(0);
const hash = z.string().regex(/^[A-Za-z0-9_-]{43}$/, '43 characters of base64url');

/** `GET /v1/audit`. */
export const auditQuerySchema = z.strictObject({
  actor: actorFilter.exactOptional(),
  action: z
    .string()
    .regex(/^[a-z_]{1,40}(?:\.[a-z_]{1,40})?$/, 'an action, or its first word')
    .exactOptional(),
  target: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'an id')
    .exactOptional(),
  created_after: timeFilter.exactOptional(),
  created_before: timeFilter.exactOptional(),
  limit: pageLimitSchema.exactOptional(),
  cursor: cursorSchema.exactOptional(),
});

/** `POST /v1/audit/verify`. */
export const auditVerifySchema = z.strictObject({
  root: hash.exactOptional().meta({ description: 'A root written down earlier: it must be in the chain.' }),
});

export const auditEntrySchema = z.object({
  id: z.string(),
  object: z.literal('audit_entry'),
  created_at: time,
  erased: z.boolean(),
  actor: actorSchema.nullable(),
  action: z.enum(AUDIT_ACTIONS).nullable(),
  target: z.string().nullable(),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  commitment: z.string(),
  batch: count.nullable(),
}) satisfies z.ZodType<AuditEntryView>;

export const auditVerdictSchema = z.object({
  object: z.literal('audit_verdict'),
  application: z.string(),
  intact: z.boolean(),
  entries: count,
  erased: count,
  purged: count,
  waiting: count,
  batches: count,
  root: z.string().nullable(),
  checked_at: time,
  problem: z
    .object({
      code: z.enum(AUDIT_PROBLEMS),
      entry: z.string().nullable(),
      batch: count.nullable(),
      detail: z.string(),
    })
    .nullable(),
}) satisfies z.ZodType<AuditVerdictView>;
