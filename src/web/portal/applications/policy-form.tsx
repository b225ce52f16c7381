import type { JSX } from 'hono/jsx/jsx-runtime';
import { fingerprint } from '../../../core/fingerprint.ts';
import { PRESET_NAMES, PRESETS } from '../../../core/policy.ts';
import type { PolicyView } from '../../../core/views.ts';
import { Field } from '../../components/field.tsx';
import { Flash } from '../../components/flash.tsx';
import { href } from '../../site.ts';
import { OnceField } from '../once-field.tsx';
import type { Visit } from '../visit.ts';
import { FormErrors, SelectControl, TextControl, TicksControl } from './controls.tsx';
import { valueWord } from './policy-differences.ts';
import { POLICY_KINDS, POLICY_NAMES, shownPolicy } from './policy-fields.ts';
import type { Scope } from './scope.ts';
import type { Errors, Typed } from './typed.ts';

interface PurposesProps {
  readonly visit: Visit;
  readonly scope: Scope;
  readonly policies: readonly PolicyView[];
  readonly current: string;
  readonly adding: string | undefined;
}

/** The purposes with a policy of their own, and the one that is looked at. */
export function Purposes({ visit, scope, policies, current, adding }: PurposesProps): JSX.Element {
  const path = `${scope.path}/policies`;
  const names = new Set([...policies.map(({ purpose }) => purpose), current]);
  const changes = (name: string): number =>
    Object.keys(policies.find(({ purpose }) => purpose === name)?.overrides ?? {}).filter((field) => field !== 'preset')
      .length;
  return (
    <section class="card card-flush">
      <div class="card-head">
        <h2>Purposes</h2>
      </div>
      <ul class="pick">
        {[...names].toSorted().map((name) => (
          <li>
            <a href={href(visit.options, `${path}/${name}`)} aria-current={name === current ? 'page' : undefined}>
              <strong>{name}</strong>
              <span class="small quiet">{changesText(changes(name))}</span>
            </a>
          </li>
        ))}
      </ul>
      <form class="filters" method="get" action={href(visit.options, path)}>
        <Field
          id="purpose"
          label="Another purpose"
          value={adding}
          error={adding === undefined ? undefined : 'Begin with a small letter; then letters, digits, _ . and -.'}
          maxlength={40}
          autocomplete="off"
        />
        <div class="row">
          <button class="btn">Show</button>
        </div>
      </form>
    </section>
  );
}

function changesText(count: number): string {
  if (count === 0) return 'As its preset';
  return count === 1 ? '1 field changed' : `${count} fields changed`;
}

interface FormProps {
  readonly visit: Visit;
  readonly scope: Scope;
  readonly view: PolicyView;
  readonly typed: Typed;
  readonly errors: Errors;
  /** The number of the newest version (0: none), and what is said of it. */
  readonly about: { readonly version: number; readonly line: string };
}

/** Every field of a policy, with what the preset says where it differs. */
export function PolicyForm({ visit, scope, view, typed, errors, about }: FormProps): JSX.Element {
  const { purpose, managed: fixed } = view;
  const path = `${scope.path}/policies/${purpose}`;
  const common = { typed, errors, fixed };
  const presets = PRESET_NAMES.map((name) => [name, name] as const);
  return (
    <form class="card" method="post" action={href(visit.options, path)}>
      <div class="card-head">
        <h2>{purpose}</h2>
        <span class="hint">{about.line}</span>
      </div>
      {fixed ? <Flash tone="info">The configuration file sets this policy. Change it there.</Flash> : null}
      <FormErrors errors={errors} />
      <OnceField visit={visit} />
      <input type="hidden" name="version" value={fingerprint(view.overrides)} />
      <input type="hidden" name="shown" value={view.preset} />
      <div class="fields-2">
        <SelectControl
          {...common}
          id="preset"
          label="Preset"
          hint="Fields that are not changed here follow it."
          choices={presets}
        />
        {POLICY_NAMES.map((name) => (
          <PolicyField {...common} name={name} view={view} />
        ))}
      </div>
      {fixed ? null : (
        <div class="row">
          <button class="btn btn-main" name="act" value="save">
            Save as version {about.version + 1}
          </button>
          <button class="btn" name="act" value="try">
            Try on last week’s traffic
          </button>
          <a class="btn" href={href(visit.options, `${path}/reset`)}>
            Reset to the preset
          </a>
        </div>
      )}
      <p>
        <a href={href(visit.options, `${path}/versions`)}>Earlier versions</a>
      </p>
      <p class="hint">Changes apply to codes started after you save. Open codes keep the policy they began with.</p>
    </form>
  );
}

type FieldProps = Pick<FormProps, 'view' | 'typed' | 'errors'> & {
  readonly name: (typeof POLICY_NAMES)[number];
  readonly fixed: boolean;
};

function PolicyField({ name, view, ...common }: FieldProps): JSX.Element {
  const { label, hint, shape, choices = [] } = POLICY_KINDS[name];
  const preset = shownPolicy(PRESETS[view.preset])[name] ?? '';
  const differs = shownPolicy(view)[name] !== preset;
  const told = [hint, differs ? `Changed here. Preset: ${valueWord(name, preset)}.` : undefined].filter(
    (part) => part !== undefined,
  );
  const props = { ...common, id: name, label, hint: told.length === 0 ? undefined : told.join(' ') };
  if (shape === 'choice') return <SelectControl {...props} choices={choices} />;
  if (shape === 'yes') return <TicksControl {...props} choices={[['yes', 'Yes']]} />;
  const needed = shape === 'number' && name !== 'retention_days';
  return <TextControl {...props} short={shape === 'number'} maxlength={200} needed={needed} />;
}
