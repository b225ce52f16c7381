import type { Problem } from '../../core/errors.ts';
import { clockTime, fill } from './locale.ts';
import type { PageTexts } from './texts/page-texts.ts';
import type { Visit } from './visit.ts';

/** What a refused start means on the page: something in the form, too many, or nothing that the person can change. */
export type StartTrouble =
  | { readonly type: 'field'; readonly text: string }
  | { readonly type: 'many'; readonly text: string; readonly seconds: number }
  | { readonly type: 'away' };

/** Reads a refusal for the person. `kind` is what was typed. */
export function startTrouble(visit: Visit, problem: Problem, kind: 'phone' | 'email'): StartTrouble {
  const { words } = visit.language;
  switch (problem.code) {
    case 'invalid_request':
    case 'invalid_destination':
      return { type: 'field', text: malformed(words, kind) };
    case 'unreachable_destination':
    case 'country_not_allowed':
    case 'recipient_unknown':
    case 'destination_suppressed':
      return { type: 'field', text: words.notThere };
    case 'limit_exceeded':
    case 'send_cooldown':
      return { type: 'many', text: later(visit, problem), seconds: waitSeconds(problem) };
    default:
      return { type: 'away' };
  }
}

/** What is wrong with a destination that cannot be read. */
export function malformed(words: PageTexts, kind: 'phone' | 'email'): string {
  return kind === 'phone' ? words.badNumber : words.badAddress;
}

function later({ language, application, options }: Visit, problem: Problem): string {
  const at = options.now() + waitSeconds(problem) * 1000;
  return fill(language.words.later, { time: clockTime(language.locale, application.time_zone, at) });
}

function waitSeconds({ retryAfterMs = 1000 }: Problem): number {
  return Math.ceil(retryAfterMs / 1000);
}
