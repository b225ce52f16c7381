import type { JSX } from 'hono/jsx/jsx-runtime';
import { versionOf } from '../../../core/fingerprint.ts';
import { LOGO_BOUNDS, pictureOnly, PNG_URI, pngProblem } from '../../../core/png.ts';
import { Field } from '../../components/field.tsx';
import type { FormFields } from '../../form.ts';
import { logoPath } from '../../logo.ts';
import { href } from '../../site.ts';
import { OnceField } from '../once-field.tsx';
import type { Done } from '../page.tsx';
import type { Visit } from '../visit.ts';
import { refusedChange } from './refused-change.ts';
import type { Scope } from './scope.ts';

const ID = 'logo';
const HINT = `Stands on hosted pages in place of the brand. A PNG of at most ${LOGO_BOUNDS.bytes.toLocaleString('en')} bytes, ${LOGO_BOUNDS.least} to ${LOGO_BOUNDS.pixels} pixels each way; texts and profiles in it are left out.`;

/** The picture of an application: the one it has, a file to replace it, and a button that takes it off. */
export function LogoForm({
  visit,
  scope,
  error,
}: {
  visit: Visit;
  scope: Scope;
  error?: string | undefined;
}): JSX.Element {
  const { view, path } = scope;
  const fixed = view.managed.includes(ID);
  const shown = logoPath(view);
  return (
    <form class="card" method="post" enctype="multipart/form-data" action={href(visit.options, `${path}/logo`)}>
      <h2>Logo</h2>
      <OnceField visit={visit} />
      <input type="hidden" name="version" value={versionOf(view, [ID])} />
      {shown === null ? null : (
        <p class="small">
          <span class="quiet">On hosted pages now:</span>{' '}
          <img class="logo" src={href(visit.options, shown)} alt={`Logo of ${view.brand}`} />
        </p>
      )}
      {fixed ? <p class="hint">Set by the configuration file.</p> : <Picture error={error} />}
      {fixed ? null : (
        <div class="row">
          <button class="btn btn-main">Use this picture</button>
          {shown === null ? null : (
            <button class="btn" name="act" value="remove" formnovalidate>
              Take it off
            </button>
          )}
        </div>
      )}
    </form>
  );
}

function Picture({ error }: { error: string | undefined }): JSX.Element {
  return (
    <Field
      id={ID}
      label="Picture"
      type="file"
      accept="image/png"
      hint={HINT}
      error={error}
      first={error !== undefined}
    />
  );
}

/** Sets or removes the picture that the form of {@link LogoForm} sent, or says what is wrong with it. */
export async function saveLogo(
  visit: Visit,
  scope: Scope,
  fields: FormFields,
): Promise<Done | { readonly error: string }> {
  const { view, caller, path } = scope;
  const isRemoval = fields.text('act') === 'remove';
  const file = fields.text(ID);
  if (!isRemoval && file === '') return { error: 'Choose a picture.' };
  if (!isRemoval && !file.startsWith(PNG_URI))
    return { error: 'This is no PNG. Save the picture as one and choose that.' };
  const bytes = pictureOnly(Buffer.from(file.slice(PNG_URI.length), 'base64'));
  const problem = isRemoval ? null : pngProblem(bytes);
  if (problem !== null) return { error: `The picture ${problem}.` };
  const change = { [ID]: isRemoval ? null : `${PNG_URI}${Buffer.from(bytes).toString('base64')}` };
  const saved = await visit.service.applications.update(caller, view.id, change, fields.text('version'));
  if (!saved.ok) {
    const errors = await refusedChange(visit, scope, 'application.changed', saved.problem);
    return { error: Object.values(errors)[0] ?? saved.problem.detail };
  }
  return { to: path, flash: { tone: 'good', title: isRemoval ? 'The logo is taken off.' : 'The logo is saved.' } };
}
