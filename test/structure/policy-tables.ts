import { LIMIT_NAMES, LIMITS } from '../../src/core/limits.ts';
import { PRESET_NAMES, PRESETS, type Policy } from '../../src/core/policy.ts';

/** The rows of the table of presets in docs/policies.md, made from the table in the code. */
export function presetRows(): readonly string[] {
  const fields = Object.keys(PRESETS.default).filter((field) => field !== 'preset') as (keyof Policy)[];
  return fields.map((field) => row([`\`${field}\``, ...PRESET_NAMES.map((name) => cell(field, PRESETS[name][field]))]));
}

/** The rows of the table of limits. */
export function limitRows(): readonly string[] {
  return LIMIT_NAMES.map((name) => {
    const { max, windowSeconds, doc } = LIMITS[name];
    const window = windowSeconds === null ? 'until re-bound' : `${windowSeconds / 3600} h`;
    return row([`\`${name}\``, max === null ? 'off' : String(max), window, doc]);
  });
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** What an empty list means. */
const EMPTY: Readonly<Partial<Record<keyof Policy, string>>> = { channels: 'any', channel_wait_seconds: 'off' };

function cell(field: keyof Policy, value: unknown): string {
  if (value === null) return field === 'retention_days' ? 'for ever' : 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? (EMPTY[field] ?? 'none') : value.join(', ');
  if (typeof value === 'object') return Object.values(value).join(' ');
  return String(value);
}
