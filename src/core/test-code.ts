import { foldCode } from './code.ts';
import { policyOf } from './compat.ts';
import type { PolicyOverrides } from './policy.ts';

/** What decides which codes an application can have. */
export type CodeSettings = Parameters<typeof policyOf>[0] & {
  readonly test_code: string | null;
  /** By purpose. */
  readonly policies: Readonly<Record<string, PolicyOverrides>>;
};

/** Why a fixed test code would never be used, or null: no purpose of the application has codes of its length and characters. */
export function testCodeConflict(settings: CodeSettings): string | null {
  const { test_code: fixed, policies } = settings;
  if (fixed === null) return null;
  const purposes = [['', {}] as const, ...Object.entries(policies)];
  const all = purposes.map(([purpose, overrides]) => policyOf(settings, purpose, overrides));
  if (all.some(({ code }) => foldCode(code, fixed) !== null)) return null;
  return 'does not fit the code of any policy (code.length and code.alphabet), so no test key would ever use it';
}
