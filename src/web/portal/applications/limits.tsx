import type { JSX } from 'hono/jsx/jsx-runtime';
import { versionOf } from '../../../core/fingerprint.ts';
import type { StatsView } from '../../../core/insight-views.ts';
import { LIMIT_NAMES, type LimitName } from '../../../core/limits.ts';
import type { ApplicationView } from '../../../core/views.ts';
import { applicationPatchSchema, fieldErrors } from '../../../schema/index.ts';
import { Flash } from '../../components/flash.tsx';
import type { FormFields } from '../../form.ts';
import { href } from '../../site.ts';
import { OnceField } from '../once-field.tsx';
import type { Done, Page } from '../page.tsx';
import type { StaffRoute } from '../route.ts';
import type { Visit } from '../visit.ts';
import { counted } from '../words.ts';
import { framed } from './application-frame.tsx';
import { applicationAct, applicationPage } from './application-route.ts';
import { FormErrors } from './controls.tsx';
import { LimitFields } from './limit-fields.tsx';
import { lastWeek, spentToday, WEEK_DAYS } from './last-week.ts';
import { refusedChange } from './refused-change.ts';
import type { Scope } from './scope.ts';
import { number, typedIn, type Errors, type Typed } from './typed.ts';

const FIELDS = LIMIT_NAMES.flatMap((name) => [name, `${name}-window`, `${name}-currency`]);

/** The budget first: it is what people come for. */
const ORDER = LIMIT_NAMES.toSorted((a, b) => Number(b === 'money_day') - Number(a === 'money_day'));

/** Every limit of an application, the budget among them. */
export const LIMITS_PAGE: readonly StaffRoute[] = [
  applicationPage('/limits', (visit, scope) => limitsPage(visit, scope, shownOf(scope.view), {})),
  applicationAct('/limits', save),
];

function shownOf({ limits }: ApplicationView): Typed {
  const entries = LIMIT_NAMES.flatMap((name) => {
    const set = limits[name];
    if (set === undefined) return [];
    return [
      [name, String(set.max)],
      [`${name}-window`, set.window_seconds === undefined ? '' : String(set.window_seconds)],
      [`${name}-currency`, set.currency ?? ''],
    ];
  });
  return Object.fromEntries(entries) as Typed;
}

async function limitsPage(visit: Visit, scope: Scope, typed: Typed, errors: Errors): Promise<Page> {
  const { view, path } = scope;
  const fixed = view.managed.includes('limits');
  const week = await lastWeek(visit, scope.caller);
  const body = (
    <div class="stack-wide">
      <form class="card" method="post" action={href(visit.options, `${path}/limits`)}>
        <h2>Limits and budget</h2>
        <p class="quiet">
          A start or message beyond a limit is refused before it leaves, and so is one whose count cannot be read. An
          empty field has what the installation says, the default below unless it was changed there.
        </p>
        {fixed ? <Flash tone="info">The configuration file sets the limits. Change them there.</Flash> : null}
        <FormErrors errors={errors} />
        <OnceField visit={visit} />
        <input type="hidden" name="version" value={versionOf(view, ['limits'])} />
        {ORDER.map((name) => (
          <LimitFields name={name} typed={typed} errors={errors} fixed={fixed} lately={latelyOf(name, week)} />
        ))}
        {fixed ? null : (
          <div class="row">
            <button class="btn btn-main">Save the limits</button>
          </div>
        )}
      </form>
      <StopCard visit={visit} scope={scope} />
    </div>
  );
  return framed(visit, scope, { tab: 'limits', failed: Object.keys(errors).length > 0, body });
}

/** What came of a limit in the last week, in a sentence; '' = nothing. */
function latelyOf(name: LimitName, week: StatsView | null): string {
  if (week === null) return '';
  const spent = name === 'money_day' ? spentToday(week) : '';
  const refused = week.blocks[`limit:${name}`] ?? 0;
  return [
    spent === '' ? [] : `Spent today: ${spent}.`,
    refused === 0 ? [] : `Refused ${counted(refused, 'time')} in ${WEEK_DAYS} days.`,
  ]
    .flat()
    .join(' ');
}

function StopCard({ visit, scope }: { visit: Visit; scope: Scope }): JSX.Element {
  const { view, path } = scope;
  return (
    <section class="card">
      <h2>Stop everything</h2>
      <p>
        {view.sends_stopped
          ? 'All sends are stopped. Codes that people have can still be entered.'
          : 'No code leaves this application until you start it again. Codes that people have can still be entered.'}
      </p>
      <div class="row">
        <a class={view.sends_stopped ? 'btn' : 'btn btn-danger'} href={href(visit.options, `${path}/stop`)}>
          {view.sends_stopped ? 'Start sending again' : 'Stop all sends'}
        </a>
      </div>
    </section>
  );
}

async function save(visit: Visit, scope: Scope, fields: FormFields): Promise<Done | Page> {
  const typed = typedIn(fields, FIELDS);
  const input = { limits: inputOf(typed) };
  const read = applicationPatchSchema.safeParse(input);
  if (!read.success) return limitsPage(visit, scope, typed, limitErrors(read.error.issues, input));
  const { caller, view, path } = scope;
  const saved = await visit.service.applications.update(caller, view.id, read.data, fields.text('version'));
  if (!saved.ok) {
    const errors = await refusedChange(visit, scope, 'limits.changed', saved.problem);
    return limitsPage(visit, scope, typed, errors);
  }
  const text = 'They count from now on, with what was counted before.';
  return { to: `${path}/limits`, flash: { tone: 'good', title: 'The limits are saved.', text } };
}

/** A limit whose fields are all empty is not set. */
function inputOf(typed: Typed): Readonly<Record<string, object>> {
  const text = (name: string): string => typed[name] ?? '';
  const set = LIMIT_NAMES.filter((name) => ['', '-window', '-currency'].some((part) => text(name + part) !== ''));
  return Object.fromEntries(
    set.map((name) => [
      name,
      {
        max: number(text(name)),
        ...(text(`${name}-window`) === '' ? {} : { window_seconds: number(text(`${name}-window`)) }),
        ...(text(`${name}-currency`) === '' ? {} : { currency: text(`${name}-currency`).toUpperCase() }),
      },
    ]),
  );
}

/** `/limits/signal_ip/window_seconds` is about the field `signal_ip-window`. */
function limitErrors(issues: Parameters<typeof fieldErrors>[0], input: object): Errors {
  const parts: Readonly<Record<string, string>> = { window_seconds: '-window', currency: '-currency' };
  const errors = fieldErrors(issues, input).map(({ pointer, detail }) => {
    const [, , name = '', part = ''] = pointer.split('/');
    return [`${name}${parts[part] ?? ''}`, `${detail.charAt(0).toUpperCase()}${detail.slice(1)}.`] as const;
  });
  return Object.fromEntries(errors);
}
