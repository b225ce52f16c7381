import { effectivePolicy, type PolicyOverrides, type PresetName } from '../../../core/policy.ts';
import { POLICY_KINDS, POLICY_NAMES, shownPolicy } from './policy-fields.ts';

type Name = (typeof POLICY_NAMES)[number];

/** What one policy says instead of another, field by field: “Wrong codes allowed: 3 instead of 5”. */
export function policyDifferences(
  before: PolicyOverrides,
  after: PolicyOverrides,
  fallback: PresetName,
): readonly string[] {
  const [old, now] = [effectivePolicy(before, fallback), effectivePolicy(after, fallback)];
  const [was, is] = [shownPolicy(old), shownPolicy(now)];
  const preset = old.preset === now.preset ? [] : [`Preset: ${now.preset} instead of ${old.preset}`];
  const fields = POLICY_NAMES.filter((name) => was[name] !== is[name]).map(
    (name) => `${POLICY_KINDS[name].label}: ${valueWord(name, is[name])} instead of ${valueWord(name, was[name])}`,
  );
  return [...preset, ...fields];
}

/** The value of a field as a person reads it. */
export function valueWord(name: Name, value = ''): string {
  const { shape, choices = [], empty = shape === 'yes' ? 'no' : 'none' } = POLICY_KINDS[name];
  return choices.find(([one]) => one === value)?.[1] ?? (value === '' ? empty : value);
}
