import type { JSX } from 'hono/jsx/jsx-runtime';
import type { CaseView } from '../../../service/api.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { href } from '../../site.ts';
import { OnceField } from '../once-field.tsx';
import type { Visit } from '../visit.ts';
import { casePath } from './paths.ts';

/** The way for the caller to type the code themselves, and how they know that it is us. */
export function LinkCard({ visit, view }: { visit: Visit; view: CaseView }): JSX.Element | null {
  const { link, record } = view;
  if (record.actor.type !== 'agent') return null;
  return (
    <section class="card stack">
      <h2>The caller’s own phone</h2>
      {link === null ? (
        <>
          <p class="hint">
            The caller can type the code on a page of their own, where two words prove that it is ours.
          </p>
          <form method="post" action={href(visit.options, casePath(record.id, 'link'))}>
            <OnceField visit={visit} />
            <button class="btn btn-wide">Make a link for the caller</button>
          </form>
        </>
      ) : (
        <>
          <div class="say">
            <p>Say to the caller</p>
            <p>
              “Your page shows our name and the words <strong>{link.words}</strong>. If it shows others, type nothing.”
            </p>
          </div>
          <div class="field">
            <label for="caller-link">Link</label>
            <p class="hint" id="caller-link-hint">
              It opens for one browser only.
            </p>
            <div class="affix">
              <input
                class="input"
                id="caller-link"
                value={link.url}
                aria-describedby="caller-link-hint"
                dir="ltr"
                readonly
              />
              <CopyButton field="caller-link" what="the link" />
            </div>
          </div>
        </>
      )}
    </section>
  );
}
