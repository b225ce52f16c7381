import type { Destination } from './address.ts';
import { canonicalDomain } from './domain.ts';

export const RULE_LISTS = ['block', 'allow'] as const;
export const RULE_TYPES = ['destination', 'prefix', 'country', 'domain'] as const;
export type RuleType = (typeof RULE_TYPES)[number];

/** One entry of a block or allow list. `value` of a destination is a blind index of it. */
export interface ListRule {
  readonly list: (typeof RULE_LISTS)[number];
  readonly type: RuleType;
  readonly value: string;
}

/** A rule as the edges show it; of a destination only the mask is known. */
export interface ListRuleView {
  readonly id: string;
  readonly object: 'list_rule';
  readonly list: ListRule['list'];
  readonly type: RuleType;
  readonly value: string;
  readonly by: string;
  readonly created_at: string;
}

/** What a start is looked at by. */
export interface Ruled {
  readonly destination: Pick<Destination, 'type' | 'value' | 'country'>;
  /** Blind indexes of the folded address, under every key of the ring. */
  readonly limitIndexes: readonly string[];
}

/**
 * Why nothing may go to a destination, or null. A block wins over an allowance; an allow list that has rules of a kind that fits the
 * destination lets through only what they name.
 */
export function ruleAgainst(rules: readonly ListRule[], about: Ruled): 'block_list' | 'allow_list' | null {
  if (rules.some((rule) => rule.list === 'block' && matches(rule, about))) return 'block_list';
  const phone = about.destination.type === 'phone';
  const allowances = rules.filter(
    ({ list, type }) => list === 'allow' && (type === 'destination' || (type === 'domain') !== phone),
  );
  return allowances.length === 0 || allowances.some((rule) => matches(rule, about)) ? null : 'allow_list';
}

function matches({ type, value }: ListRule, { destination, limitIndexes }: Ruled): boolean {
  switch (type) {
    case 'destination':
      return limitIndexes.includes(value);
    case 'prefix':
      return destination.type === 'phone' && destination.value.startsWith(value);
    case 'country':
      return destination.country === value;
    case 'domain': {
      const domain =
        destination.type === 'email' ? destination.value.slice(destination.value.lastIndexOf('@') + 1) : '';
      return domain === value || domain.endsWith(`.${value}`);
    }
  }
}

/** The one spelling of a rule's value; null when it is none. Destinations are the caller's to parse. */
export function ruleValue(type: Exclude<RuleType, 'destination'>, text: string): string | null {
  if (type === 'prefix') return /^\+[1-9]\d{0,14}$/.test(text) ? text : null;
  if (type === 'country') return /^[A-Za-z]{2}$/.test(text) ? text.toUpperCase() : null;
  return canonicalDomain(text.replace(/^@/, ''));
}
