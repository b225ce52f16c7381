import type { Problem } from '../../../core/errors.ts';
import { fingerprint } from '../../../core/fingerprint.ts';
import { PRESET_NAMES, PRESETS, type PolicyOverrides } from '../../../core/policy.ts';
import type { PolicyTrialView, PolicyVersionView } from '../../../core/policy-views.ts';
import type { PolicyView } from '../../../core/views.ts';
import { policySchema, purposeSchema } from '../../../schema/index.ts';
import { redirectAnswer } from '../../answer.ts';
import type { FormFields } from '../../form.ts';
import { portalPage, type Done, type Page } from '../page.tsx';
import type { StaffRoute } from '../route.ts';
import type { Visit } from '../visit.ts';
import { framed } from './application-frame.tsx';
import { applicationAct, applicationPage } from './application-route.ts';
import { Confirmation } from './confirmation.tsx';
import { POLICY_NAMES, readPolicy, shownPolicy } from './policy-fields.ts';
import { PolicyForm, Purposes } from './policy-form.tsx';
import { PolicyTrial } from './policy-trial.tsx';
import { newestVersion, POLICY_VERSIONS, versionLine } from './policy-versions.tsx';
import { APPLICATIONS_PATH, scopeOf, type Scope } from './scope.ts';
import { errorsOfProblem, parsed, typedIn, type Errors, type Typed } from './typed.ts';

const FIRST_PURPOSE = 'login';
const FORM_FIELDS = ['preset', ...POLICY_NAMES];

/** The policy of each purpose. */
export const POLICIES: readonly StaffRoute[] = [
  portalPage({
    path: `${APPLICATIONS_PATH}/:app/policies`,
    right: 'administration',
    show: (visit) => firstPolicy(visit),
  }),
  applicationPage('/policies/:purpose', (visit, scope) => policyPage(visit, scope, {})),
  applicationAct('/policies/:purpose', save),
  applicationPage('/policies/:purpose/reset', confirmReset),
  applicationAct('/policies/:purpose/reset', reset),
  ...POLICY_VERSIONS,
];

/** Leads on to the purpose that was asked for, or the first there is. */
async function firstPolicy(visit: Visit): Promise<Response | Page | null> {
  const scope = await scopeOf(visit);
  if (scope === null) return null;
  const asked = visit.query('purpose');
  if (asked !== '' && !purposeSchema.safeParse(asked).success)
    return policyPage(visit, scope, { purpose: FIRST_PURPOSE, adding: asked });
  const found = await visit.service.applications.policies(scope.caller);
  const first = found.ok ? found.value.data[0]?.purpose : undefined;
  return redirectAnswer(visit.options, `${scope.path}/policies/${asked || (first ?? FIRST_PURPOSE)}`);
}

interface Shown {
  readonly purpose?: string;
  readonly typed?: Typed;
  readonly errors?: Errors;
  /** What was typed as a new purpose and is none. */
  readonly adding?: string;
  /** What the policy as it was typed would have changed. */
  readonly trial?: PolicyTrialView;
}

async function policyPage(visit: Visit, scope: Scope, shown: Shown): Promise<Page | null> {
  const { errors = {}, adding, trial, purpose = visit.param('purpose') } = shown;
  const view = await policyOf(visit, scope, purpose);
  const all = await visit.service.applications.policies(scope.caller);
  if (view === null || !all.ok) return null;
  const typed = shown.typed ?? { preset: view.preset, ...shownPolicy(view) };
  const newest = await newestVersion(visit, scope, purpose);
  const about = { version: newest?.version ?? 0, line: await versionLine(visit, newest) };
  const body = (
    <div class="cols cols-list">
      <Purposes visit={visit} scope={scope} policies={all.value.data} current={purpose} adding={adding} />
      <div class="stack-wide">
        {trial === undefined ? null : <PolicyTrial visit={visit} trial={trial} inForce={view} />}
        <PolicyForm visit={visit} scope={scope} view={view} typed={typed} errors={errors} about={about} />
      </div>
    </div>
  );
  const failed = Object.keys(errors).length > 0 || adding !== undefined;
  return framed(visit, scope, { tab: 'policies', failed, body });
}

async function policyOf(visit: Visit, { caller }: Scope, purpose: string): Promise<PolicyView | null> {
  if (!purposeSchema.safeParse(purpose).success) return null;
  const found = await visit.service.applications.policy(caller, purpose);
  return found.ok ? found.value : null;
}

async function save(visit: Visit, scope: Scope, fields: FormFields): Promise<Done | Page | null> {
  const purpose = visit.param('purpose');
  const view = await policyOf(visit, scope, purpose);
  if (view === null) return null;
  const typed = typedIn(fields, FORM_FIELDS);
  const input = parsed(policySchema, overridesOf(typed, fields.text('shown')));
  if ('errors' in input) return policyPage(visit, scope, { typed, errors: codeErrors(input.errors) });
  const { applications } = visit.service;
  if (fields.text('act') === 'try') {
    const trial = await applications.tryPolicy(scope.caller, purpose, input.value);
    if (trial.ok) return policyPage(visit, scope, { typed, trial: trial.value });
    return policyPage(visit, scope, { typed, errors: codeErrors(errorsOfProblem(trial.problem)) });
  }
  const saved = await applications.putPolicy(scope.caller, purpose, input.value, fields.text('version'));
  const newest = await newestVersion(visit, scope, purpose);
  if (!saved.ok) return policyPage(visit, scope, { typed, errors: await refusedErrors(visit, newest, saved.problem) });
  const title = `Saved as version ${newest?.version ?? 0}.`;
  const text = 'It applies to codes started from now on.';
  return { to: `${scope.path}/policies/${purpose}`, flash: { tone: 'good', title, text } };
}

/**
 * The preset and what differs from it. A field that stood as the preset shown before had it follows the preset; one that was changed
 * stays.
 */
function overridesOf(typed: Typed, shown: string): object {
  const { preset = '' } = typed;
  const before = shownPolicy(PRESETS[presetOf(shown) ?? 'default']);
  const after = shownPolicy(PRESETS[presetOf(preset) ?? 'default']);
  const same = (name: string): boolean =>
    typed[name] === after[name] || (preset !== shown && typed[name] === before[name]);
  const changed = POLICY_NAMES.filter((name) => !same(name));
  const whole = readPolicy(typed);
  const names = new Set(changed.map((name) => (name.startsWith('code_') ? 'code' : name)));
  const code = readPolicy({
    code_length: same('code_length') ? (after['code_length'] ?? '') : (typed['code_length'] ?? ''),
    code_alphabet: same('code_alphabet') ? (after['code_alphabet'] ?? '') : (typed['code_alphabet'] ?? ''),
  })['code'];
  return { preset, ...Object.fromEntries([...names].map((name) => [name, name === 'code' ? code : whole[name]])) };
}

function presetOf(text: string): keyof typeof PRESETS | undefined {
  return PRESET_NAMES.find((name) => name === text);
}

/** What came in between is named: whose change would be replaced, and since when it stands. */
async function refusedErrors(visit: Visit, newest: PolicyVersionView | null, problem: Problem): Promise<Errors> {
  const errors = codeErrors(errorsOfProblem(problem));
  if (errors['version'] === undefined || newest === null) return errors;
  return { ...errors, version: `${errors['version']} ${await versionLine(visit, newest)}` };
}

/** What is wrong with a code is most often its length. */
function codeErrors({ code, ...errors }: Record<string, string>): Errors {
  return code === undefined ? errors : { ...errors, code_length: code };
}

async function confirmReset(visit: Visit, scope: Scope): Promise<Page | null> {
  const purpose = visit.param('purpose');
  const view = await policyOf(visit, scope, purpose);
  if (view === null || view.managed) return null;
  const back = `${scope.path}/policies/${purpose}`;
  const body = (
    <Confirmation visit={visit} action={`${back}/reset`} back={back} yes="Reset the policy" no="Keep it">
      <input type="hidden" name="version" value={fingerprint(view.overrides)} />
      <p>Every field goes back to what the application’s preset, {scope.view.preset}, says. Open codes keep theirs.</p>
    </Confirmation>
  );
  return framed(visit, scope, { tab: 'policies', title: `Reset ${purpose}?`, body });
}

async function reset(visit: Visit, scope: Scope, fields: FormFields): Promise<Done | null> {
  const purpose = visit.param('purpose');
  if ((await policyOf(visit, scope, purpose)) === null) return null;
  const none: PolicyOverrides = {};
  const saved = await visit.service.applications.putPolicy(scope.caller, purpose, none, fields.text('version'));
  const to = `${scope.path}/policies/${purpose}`;
  return saved.ok
    ? { to, flash: { tone: 'good', title: `${purpose} is reset.` } }
    : { to, flash: { tone: 'warn', title: 'Nothing was reset.', text: saved.problem.detail } };
}
