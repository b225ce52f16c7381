import { z } from 'zod';
import { LIMITS, LIMIT_NAMES } from '../core/limits.ts';
import type { LimitName, LimitSetting, LimitSettings } from '../core/limits.ts';

const YEAR_SECONDS = 31_536_000;
const max = z.int().min(1).max(1_000_000_000);

/** Stores count exactly up to here. */
const MOST_MONEY = 10_000_000;

const moneySchema = z.strictObject({
  max: z.int().min(1).max(MOST_MONEY),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'an ISO currency such as EUR')
    .exactOptional(),
});

/** Limits by name; a limit without a window (for ever) takes none. */
export const limitsSchema: z.ZodType<LimitSettings, LimitSettings> = z.strictObject(
  Object.fromEntries(LIMIT_NAMES.map((name) => [name, limitSchema(name).exactOptional()])),
);

function limitSchema(name: LimitName): z.ZodType<LimitSetting> {
  if (name === 'money_day') return moneySchema.meta({ description: LIMITS[name].doc });
  const described =
    LIMITS[name].windowSeconds === null
      ? z.strictObject({ max })
      : z.strictObject({ max, window_seconds: z.int().min(1).max(YEAR_SECONDS).exactOptional() });
  return described.meta({ description: LIMITS[name].doc });
}
