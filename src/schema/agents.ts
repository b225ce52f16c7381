import { z } from 'zod';
import type { AgentView } from '../core/agent-views.ts';
import { ROLES } from '../core/staff.ts';
import { plainText } from './text.ts';

const time = z.string().meta({ format: 'date-time' });
const role = z.enum(ROLES);

/** `POST /v1/agents`. */
export const agentInputSchema = z.strictObject({
  email: z.string().min(3).max(254),
  name: plainText(80),
  role,
  password: z
    .string()
    .min(15)
    .max(256)
    .exactOptional()
    .meta({ description: 'One is made, and shown once, when it is absent.' }),
});

/** `PATCH /v1/agents/{id}`: what is absent stays. */
export const agentPatchSchema = z.strictObject({
  name: plainText(80).exactOptional(),
  role: role.exactOptional(),
  active: z.boolean().exactOptional(),
});

export const agentSchema = z.object({
  id: z.string(),
  object: z.literal('agent'),
  name: z.string(),
  email: z.string(),
  role,
  status: z.enum(['active', 'invited', 'inactive']),
  second_factor: z.enum(['email', 'totp']),
  recovery_codes_left: z.number(),
  passkeys: z.number(),
  password_changed_at: time.nullable(),
  created_at: time,
  last_signed_in_at: time.nullable(),
  password: z.string().exactOptional().meta({ description: 'Only in the answer that made it.' }),
}) satisfies z.ZodType<AgentView>;
