import type { JSX } from 'hono/jsx/jsx-runtime';
import { COMPAT_ENTRIES } from '../../../core/compat.ts';
import { PRESET_NAMES } from '../../../core/policy.ts';
import { BUILT_IN_REASONS } from '../../../core/reasons.ts';
import { href } from '../../site.ts';
import { OnceField } from '../once-field.tsx';
import type { Visit } from '../visit.ts';
import { FormErrors, LinesControl, SelectControl, TextControl, TicksControl } from './controls.tsx';
import type { Scope } from './scope.ts';
import type { Errors, Typed } from './typed.ts';

const REASONS_HINT = `One a line. Empty: the ${BUILT_IN_REASONS.length} built-in ones, from “${BUILT_IN_REASONS[0] ?? ''}” to “${BUILT_IN_REASONS.at(-1) ?? ''}”.`;

interface FormProps {
  readonly visit: Visit;
  readonly scope: Scope;
  readonly typed: Typed;
  readonly errors: Errors;
  readonly version: string;
}

/** Everything about an application that is not a policy, a limit, a picture or a key. */
export function GeneralForm({ visit, scope, typed, errors, version }: FormProps): JSX.Element {
  const { view, path } = scope;
  const common = (id: string) => ({ id, typed, errors, fixed: view.managed.includes(id) });
  return (
    <form class="card" method="post" action={href(visit.options, path)}>
      <FormErrors errors={errors} />
      <OnceField visit={visit} />
      <input type="hidden" name="version" value={version} />
      <div class="fields-2">
        <TextControl
          {...common('name')}
          label="Name"
          fixed={view.name === 'default' ? 'This one keeps its name.' : common('name').fixed}
          needed
        />
        <TextControl {...common('brand')} label="Brand" hint="Stands in messages and on pages." maxlength={40} needed />
        <SelectControl
          {...common('preset')}
          label="Preset"
          hint="What every policy starts from that names none."
          choices={PRESET_NAMES.map((name) => [name, name] as const)}
        />
        <TextControl {...common('locale')} label="Language" hint="Such as en or pt-BR." needed />
        <TextControl {...common('time_zone')} label="Time zone" hint="Such as Europe/Paris." needed />
        <TextControl
          {...common('default_country')}
          label="Country of numbers without one"
          hint="Two letters, such as AU."
        />
        <TextControl
          {...common('countries')}
          label="Countries that get codes"
          hint="Two letters each, between commas. Empty: all that are open."
        />
        <TextControl
          {...common('accent')}
          label="Accent colour"
          hint="#rrggbb, with a contrast of 4.5:1 or more against white."
          maxlength={7}
        />
        <TextControl
          {...common('test_code')}
          label="Fixed code of test keys"
          hint="4 to 10 digits. Live keys never use it."
          maxlength={10}
        />
      </div>
      <LinesControl {...common('reasons')} label="Reasons that agents choose from" hint={REASONS_HINT} rows={6} />
      <LinesControl
        {...common('return_urls')}
        label="Addresses that hosted pages may return to"
        hint="One a line; compared to the letter."
      />
      <LinesControl
        {...common('frame_ancestors')}
        label="Sites that may show hosted pages in a frame"
        hint="One a line, such as https://shop.example."
      />
      <TicksControl
        {...common('compat')}
        label="Dialects it speaks"
        hint="“:public” needs no API key."
        choices={COMPAT_ENTRIES.map((entry) => [entry, entry] as const)}
      />
      <div class="row">
        <button class="btn btn-main">Save</button>
      </div>
    </form>
  );
}
