import type { JSX } from 'hono/jsx/jsx-runtime';
import { versionOf } from '../../../core/fingerprint.ts';
import { isInNetworks } from '../../../core/networks.ts';
import { applicationPatchSchema } from '../../../schema/index.ts';
import type { FormFields } from '../../form.ts';
import { href } from '../../site.ts';
import { OnceField } from '../once-field.tsx';
import type { Done, Page } from '../page.tsx';
import type { StaffRoute } from '../route.ts';
import type { Visit } from '../visit.ts';
import { framed } from './application-frame.tsx';
import { applicationAct, applicationPage } from './application-route.ts';
import { FormErrors, LinesControl } from './controls.tsx';
import { refusedChange } from './refused-change.ts';
import type { Scope } from './scope.ts';
import { listed, parsed, typedIn, type Errors, type Typed } from './typed.ts';

const FIELD = 'desk_networks';

/** From which networks the desk of an application is used. */
export const ACCESS: readonly StaffRoute[] = [
  applicationPage('/access', (visit, scope) =>
    accessPage(visit, scope, { [FIELD]: scope.view.desk_networks.join('\n') }, {}),
  ),
  applicationAct('/access', save),
];

function accessPage(visit: Visit, scope: Scope, typed: Typed, errors: Errors): Page {
  const { view, path } = scope;
  const body: JSX.Element = (
    <form class="card" method="post" action={href(visit.options, `${path}/access`)}>
      <h2>Who may open the desk</h2>
      <FormErrors errors={errors} />
      <OnceField visit={visit} />
      <input type="hidden" name="version" value={versionOf(view, [FIELD])} />
      <LinesControl
        id={FIELD}
        label="Networks"
        typed={typed}
        errors={errors}
        fixed={view.managed.includes(FIELD)}
        hint="Addresses or networks such as 203.0.113.0/24, one a line. Empty: from anywhere. Everybody else is turned away at every page, signed in or not."
      />
      <p class="hint">
        You are here from <span class="mono">{visit.browser.ip ?? 'an unknown address'}</span>.
      </p>
      <div class="row">
        <button class="btn btn-main">Save the networks</button>
      </div>
    </form>
  );
  return framed(visit, scope, { tab: 'access', failed: Object.keys(errors).length > 0, body });
}

async function save(visit: Visit, scope: Scope, fields: FormFields): Promise<Done | Page> {
  const { view, caller, path } = scope;
  const typed = typedIn(fields, [FIELD]);
  const networks = listed(typed[FIELD] ?? '');
  const input = parsed(applicationPatchSchema, { [FIELD]: networks });
  if ('errors' in input) return accessPage(visit, scope, typed, input.errors);
  if (view.id === visit.application.id && !isInNetworks(networks, visit.browser.ip))
    return accessPage(visit, scope, typed, {
      [FIELD]: `Your own address, ${visit.browser.ip ?? 'which is unknown'}, is not among them: you would lock yourself out.`,
    });
  const saved = await visit.service.applications.update(caller, view.id, input.value, fields.text('version'));
  if (!saved.ok) {
    const errors = await refusedChange(visit, scope, 'access.changed', saved.problem);
    return accessPage(visit, scope, typed, errors);
  }
  return { to: `${path}/access`, flash: { tone: 'good', title: 'The networks are saved.' } };
}
