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
  budget_exhausted: 'Budget used up',
  destination_suppressed: 'The destination gets no more messages',
  recipient_unknown: 'Nobody in the directory has this destination',
  sends_stopped: 'All sends are stopped',
};

/** `Limit: destination sends` for `limit:destination_sends`. */
export function reasonWords(reason: string): string {
  return WORDS[reason] ?? nameOf(reason).replace(':', ': ');
}
