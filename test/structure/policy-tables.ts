import { LIMIT_NAMES, LIMITS } from '../../src/core/limits.ts';
import { PRESET_NAMES, PRESETS, type Policy } from '../../src/core/policy.ts';

/** The rows of the table of presets in docs/policies.md, made from the table in the code. */
export function presetRows(): readonly string[] {
  const fields = Object.keys(PRESETS.default).filter((field) => field !== 'preset') as (keyof Policy)[];
  return fields.map((field) => row([`\`${field}\``, ...PRESET_NAMES.map((name) => cell(PRESETS[name][field], field))]));
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

function cell(value: unknown, field: string): string {
  if (value === null) return 'for ever';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value) && value.length === 0) return field === 'channel_wait_seconds' ? 'off' : 'any';
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'object') return Object.values(value).join(' ');
  return String(value);
}
