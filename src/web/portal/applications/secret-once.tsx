import type { JSX } from 'hono/jsx/jsx-runtime';
import { ok, type Problem, type Result } from '../../../core/errors.ts';
import type { FormFields } from '../../form.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { href } from '../../site.ts';
import { onceKey } from '../once-field.tsx';
import type { Visit } from '../visit.ts';

/** What became of a form that makes a secret. `again`: the form was sent before, and the secret was shown then. */
type Made<T> =
  | { readonly type: 'made'; readonly value: T }
  | { readonly type: 'again' }
  | { readonly type: 'refused'; readonly problem: Problem };

/**
 * Runs `make` once for one form. What it makes is in the answer to the first sending only, and nothing of it is kept: neither a
 * reload nor the form sent again shows it or makes another.
 */
export async function madeOnce<T>(
  { service, caller, url }: Visit,
  fields: FormFields,
  make: () => Promise<Result<T>>,
): Promise<Made<T>> {
  const key = onceKey(fields);
  const request = key === null ? null : { key, path: `secret ${url.pathname}`, body: '' };
  const made: T[] = [];
  const result = await service.once(caller, request, async () => {
    const done = await make();
    if (done.ok) made.push(done.value);
    return done.ok ? ok({ done: true }) : done;
  });
  const [value] = made;
  if (value !== undefined) return { type: 'made', value };
  const refused = !result.ok && result.problem.code !== 'idempotency_in_progress';
  return refused ? { type: 'refused', problem: result.problem } : { type: 'again' };
}

/** Said when the form of a secret comes a second time. */
export const SHOWN_BEFORE = {
  tone: 'warn',
  title: 'This form was already sent.',
  text: 'The secret was shown then and is not shown again. If nobody stored it, revoke it and make another.',
} as const;

/** A secret in the answer of the form that made it. */
export function Secret(props: {
  visit: Visit;
  title: string;
  label: string;
  value: string;
  back: string;
}): JSX.Element {
  const { visit, title, label, value, back } = props;
  return (
    <section class="secret" aria-labelledby="secret-title">
      <h2 id="secret-title">{title} It is shown only now.</h2>
      <p>Copy it to your secret store. It cannot be shown again.</p>
      <div class="affix">
        <input class="input" id="secret" readonly aria-label={label} value={value} size={value.length} />
        <CopyButton field="secret" what={label} />
      </div>
      <p>
        <a class="btn" href={href(visit.options, back)}>
          I have stored it
        </a>
      </p>
    </section>
  );
}
