import { LIMIT_TITLES } from '../limit-titles.ts';
import { nameOf } from '../words.ts';

/** Ends of verifications and refusals of starts as people say them; what is not here is its own name. */
const WORDS: Readonly<Record<string, string>> = {
  'failed:max_checks': 'Too many wrong codes',
  'failed:all_providers_failed': 'Not delivered',
  'skipped:override': 'Skipped by an agent',
  'canceled:operator': 'Canceled on request',
  'canceled:replaced': 'Replaced by a newer code',
  'canceled:not_me': 'Reported by the receiver',
  'rule:block_list': 'On the block list',
  'rule:allow_list': 'Not on the allow list',
  'rule:risk_hook': 'Stopped by the risk hook',
  'limit:money_day': 'Budget used up',
  destination_suppressed: 'The destination gets no more messages',
  recipient_unknown: 'Nobody in the directory has this destination',
  sends_stopped: 'All sends are stopped',
};

const LIMITS: ReadonlyMap<string, string> = new Map(
  Object.entries(LIMIT_TITLES).map(([name, title]) => [`limit:${name}`, `Limit: ${title}`]),
);

/** `Not delivered` for `failed:all_providers_failed`. */
export function reasonWords(reason: string): string {
  return WORDS[reason] ?? LIMITS.get(reason) ?? nameOf(reason).replace(':', ': ');
}
