import { versionOf } from '../../../core/fingerprint.ts';
import type { ApplicationView } from '../../../core/views.ts';
import { applicationPatchSchema } from '../../../schema/index.ts';
import type { FormFields } from '../../form.ts';
import type { Done, Page } from '../page.tsx';
import type { StaffRoute } from '../route.ts';
import type { Visit } from '../visit.ts';
import { framed } from './application-frame.tsx';
import { applicationAct, applicationPage } from './application-route.ts';
import { GeneralForm } from './general-form.tsx';
import { refusedChange } from './refused-change.ts';
import type { Scope } from './scope.ts';
import { lines, listed, parsed, typedIn, type Errors, type Typed } from './typed.ts';

/** Room for every list at its longest: a letter outside ASCII is up to nine characters in a form. */
const MAX_BYTES = 131_072;

/** The settings of an application itself. */
export const GENERAL: readonly StaffRoute[] = [
  applicationPage('', (visit, scope) => generalPage(visit, scope, {})),
  applicationAct('', save, { maxBytes: MAX_BYTES }),
];

export const GENERAL_FIELDS = [
  'name',
  'brand',
  'preset',
  'default_country',
  'countries',
  'time_zone',
  'locale',
  'return_urls',
  'reasons',
  'compat',
  'frame_ancestors',
  'accent',
  'logo',
  'test_code',
] as const;

interface Shown {
  readonly typed?: Typed;
  readonly errors?: Errors;
}

function generalPage(visit: Visit, scope: Scope, { typed, errors = {} }: Shown): Page {
  const body = (
    <div class="stack-wide">
      <GeneralForm
        visit={visit}
        scope={scope}
        typed={typed ?? shownOf(scope.view)}
        errors={errors}
        version={versionOf(scope.view, editable(scope.view))}
      />
    </div>
  );
  return framed(visit, scope, { tab: 'general', failed: Object.keys(errors).length > 0, body });
}

/** What the configuration file sets is not in the form’s input. */
function editable({ managed, name }: ApplicationView): readonly string[] {
  return GENERAL_FIELDS.filter((field) => !managed.includes(field) && !(field === 'name' && name === 'default'));
}

function shownOf(view: ApplicationView): Typed {
  return {
    name: view.name,
    brand: view.brand,
    preset: view.preset,
    default_country: view.default_country ?? '',
    countries: view.countries?.join(', ') ?? '',
    time_zone: view.time_zone,
    locale: view.locale,
    return_urls: view.return_urls.join('\n'),
    reasons: view.reasons.join('\n'),
    compat: view.compat.join('\n'),
    frame_ancestors: view.frame_ancestors.join('\n'),
    accent: view.accent ?? '',
    logo: view.logo ?? '',
    test_code: view.test_code ?? '',
  };
}

async function save(visit: Visit, scope: Scope, fields: FormFields): Promise<Done | Page | null> {
  const { view, path, caller } = scope;
  const typed = typedIn(fields, GENERAL_FIELDS);
  const names = editable(view);
  const input = parsed(applicationPatchSchema, inputOf(typed, names));
  if ('errors' in input) return generalPage(visit, scope, { typed, errors: input.errors });
  const saved = await visit.service.applications.update(caller, view.id, input.value, fields.text('version'));
  if (!saved.ok) {
    const errors = await refusedChange(visit, scope, 'application.changed', saved.problem);
    return generalPage(visit, scope, { typed, errors });
  }
  return { to: path, flash: { tone: 'good', title: 'Saved.', text: 'It applies to codes started from now on.' } };
}

function inputOf(typed: Typed, names: readonly string[]): object {
  const text = (name: string): string => typed[name] ?? '';
  const orNull = (value: string): string | null => (value === '' ? null : value);
  const countries = listed(text('countries').toUpperCase());
  const whole: Readonly<Record<string, unknown>> = {
    ...Object.fromEntries(['name', 'brand', 'preset', 'time_zone', 'locale'].map((name) => [name, text(name)])),
    default_country: orNull(text('default_country').toUpperCase()),
    countries: countries.length === 0 ? null : countries,
    return_urls: lines(text('return_urls')),
    reasons: lines(text('reasons')),
    compat: lines(text('compat')),
    frame_ancestors: lines(text('frame_ancestors')),
    accent: orNull(text('accent')),
    logo: orNull(text('logo').replace(/\s+/g, '')),
    test_code: orNull(text('test_code')),
  };
  return Object.fromEntries(names.map((name) => [name, whole[name]]));
}
