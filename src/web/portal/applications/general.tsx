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
import { LogoForm, saveLogo } from './logo-form.tsx';
import { refusedChange } from './refused-change.ts';
import type { Scope } from './scope.ts';
import { lines, listed, parsed, typedIn, type Errors, type Typed } from './typed.ts';

/** Room for every list at its longest: a letter outside ASCII is up to nine characters in a form. */
const MAX_BYTES = 131_072;
/** Of a picture that is refused with a word at its field; a larger one is refused unread. */
const MAX_FILE_BYTES = 1_048_576;

/** The settings of an application itself. */
export const GENERAL: readonly StaffRoute[] = [
  applicationPage('', (visit, scope) => generalPage(visit, scope, {})),
  applicationAct('', save, { maxBytes: MAX_BYTES }),
  applicationAct('/logo', logo, { maxBytes: MAX_FILE_BYTES, files: true }),
];

const GENERAL_FIELDS = [
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
  'test_code',
] as const;

interface Shown {
  readonly typed?: Typed;
  readonly errors?: Errors;
  /** What is wrong with the picture that was chosen. */
  readonly logoError?: string;
}

function generalPage(visit: Visit, scope: Scope, { typed, errors = {}, logoError }: Shown): Page {
  const body = (
    <div class="stack-wide">
      <GeneralForm
        visit={visit}
        scope={scope}
        typed={typed ?? shownOf(scope.view)}
        errors={errors}
        version={versionOf(scope.view, editable(scope.view))}
      />
      <LogoForm visit={visit} scope={scope} error={logoError} />
    </div>
  );
  return framed(visit, scope, {
    tab: 'general',
    failed: Object.keys(errors).length > 0 || logoError !== undefined,
    body,
  });
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

async function logo(visit: Visit, scope: Scope, fields: FormFields): Promise<Done | Page> {
  const done = await saveLogo(visit, scope, fields);
  return 'error' in done ? generalPage(visit, scope, { logoError: done.error }) : done;
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
    test_code: orNull(text('test_code')),
  };
  return Object.fromEntries(names.map((name) => [name, whole[name]]));
}
