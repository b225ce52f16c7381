import { refuse, type Problem, type Result } from '../../core/errors.ts';
import type { FormFields } from '../form.ts';
import type { Done } from './page.tsx';
import type { Visit } from './visit.ts';

const LOOK_AGAIN_MS = 150;
const LONGEST_MS = 10_000;

/** A refusal that is not kept: the form is shown again and may be sent again. */
const NOT_DONE: Problem = { code: 'unavailable', detail: 'The form was not obeyed.' };

/** What stands for a form that was sent again with other words in it. */
const USED: Done = {
  to: '/desk',
  flash: {
    tone: 'warn',
    title: 'This form was already sent.',
    text: 'Nothing was done a second time. Open the page again to do more.',
  },
};

/**
 * Runs `act` once for one form: a double press waits for the first and gets its answer. Only what is done (`to`) is kept; a form
 * that is shown again may be corrected and sent.
 */
export async function runOnce<T extends object | null>(
  visit: Visit,
  key: string,
  fields: FormFields,
  act: () => Promise<T>,
): Promise<T | Done> {
  const request = { key, path: `desk ${visit.url.pathname}`, body: JSON.stringify(fields.entries()) };
  const until = visit.options.now() + LONGEST_MS;
  for (;;) {
    let again: { readonly value: T } | null = null;
    const result: Result<T> = await visit.service.once<T>(visit.caller, request, async () => {
      const value = await act();
      if (value !== null && 'to' in value) return { ok: true, value };
      again = { value };
      return refuse(NOT_DONE);
    });
    const shown = again as { readonly value: T } | null;
    if (shown !== null) return shown.value;
    if (result.ok) return result.value;
    if (result.problem.code !== 'idempotency_in_progress' || visit.options.now() > until) return USED;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}
