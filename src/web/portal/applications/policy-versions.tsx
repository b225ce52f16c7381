import type { JSX } from 'hono/jsx/jsx-runtime';
import { fingerprint } from '../../../core/fingerprint.ts';
import type { PolicyVersionView } from '../../../core/policy-views.ts';
import type { PolicyView } from '../../../core/views.ts';
import { purposeSchema } from '../../../schema/index.ts';
import { Table } from '../../components/table.tsx';
import type { FormFields } from '../../form.ts';
import { href } from '../../site.ts';
import { Moment, momentText } from '../moment.tsx';
import { namesOf, type NameOf } from '../names.ts';
import { OnceField } from '../once-field.tsx';
import type { Done, Page } from '../page.tsx';
import type { StaffRoute } from '../route.ts';
import type { Visit } from '../visit.ts';
import { framed } from './application-frame.tsx';
import { applicationAct, applicationPage } from './application-route.ts';
import { policyDifferences } from './policy-differences.ts';
import type { Scope } from './scope.ts';

const PAGE = 20;

/** What the policy of a purpose was, and bringing it back. */
export const POLICY_VERSIONS: readonly StaffRoute[] = [
  applicationPage('/policies/:purpose/versions', show),
  applicationAct('/policies/:purpose/restore', restore),
];

/** The newest version of a policy; null when it was never changed, or there is no such purpose. */
export async function newestVersion(visit: Visit, scope: Scope, purpose: string): Promise<PolicyVersionView | null> {
  const found = await visit.service.applications.policyVersions(scope.caller, purpose, { limit: 1 });
  return found.ok ? (found.value.data[0] ?? null) : null;
}

/** Which version a policy is, since when, and by whom. */
export async function versionLine(visit: Visit, version: PolicyVersionView | null): Promise<string> {
  if (version === null) return 'Never changed here.';
  const nameOf = await namesOf(visit, [version.actor]);
  const when = momentText(version.created_at, visit.options.now(), visit.application.time_zone);
  return `Version ${version.version}, since ${when}, by ${nameOf(version.actor)}.`;
}

async function show(visit: Visit, scope: Scope): Promise<Page | null> {
  const purpose = visit.param('purpose');
  if (!purposeSchema.safeParse(purpose).success) return null;
  const { applications } = visit.service;
  const cursor = visit.query('cursor');
  const asked = { limit: PAGE, ...(cursor === '' ? {} : { cursor }) };
  const found = await applications.policyVersions(scope.caller, purpose, asked);
  const policy = await applications.policy(scope.caller, purpose);
  if (!found.ok || !policy.ok) return null;
  const { data, next_cursor: next } = found.value;
  const nameOf = await namesOf(
    visit,
    data.map(({ actor }) => actor),
  );
  const path = `${scope.path}/policies/${purpose}`;
  const rows = data.map((version) => ({
    cells: [
      <>Version {version.version}</>,
      <Moment visit={visit} at={version.created_at} />,
      <Who version={version} nameOf={nameOf} />,
      <Change version={version} scope={scope} />,
      <Restore visit={visit} path={path} version={version} policy={policy.value} />,
    ],
  }));
  const columns = ['Number', 'Since', 'Changed by', 'What changed', 'Bring back'];
  const body = (
    <div class="stack-wide">
      {rows.length === 0 ? (
        <p class="card">This policy was never changed here.</p>
      ) : (
        <section class="card card-flush">
          <Table caption={`Versions of ${purpose}, newest first`} columns={columns} rows={rows} />
        </section>
      )}
      <p class="row">
        <a class="btn" href={href(visit.options, path)}>
          Back to the policy
        </a>
        {next === null ? null : (
          <a class="btn" rel="next" href={href(visit.options, `${path}/versions?cursor=${next}`)}>
            Older versions
          </a>
        )}
      </p>
      <p class="hint">Times in {visit.application.time_zone} time. The newest 200 versions are kept.</p>
    </div>
  );
  return framed(visit, scope, { tab: 'policies', title: `Versions of ${purpose}`, body });
}

function Who({ version: { actor }, nameOf }: { version: PolicyVersionView; nameOf: NameOf }): JSX.Element {
  // Nobody changes a policy by itself: this is what stood before there were versions, or an older instance wrote.
  return actor.type === 'system' ? <>Not known</> : <bdi>{nameOf(actor)}</bdi>;
}

function Change({ version, scope }: { version: PolicyVersionView; scope: Scope }): JSX.Element {
  const differences = policyDifferences(version.before, version.overrides, scope.view.preset);
  return (
    <div class="stack-tight">
      {version.restored === null ? null : <div>Version {version.restored} brought back.</div>}
      {differences.length === 0 ? <div>Nothing that is in force.</div> : null}
      {differences.map((difference) => (
        <div>{difference}.</div>
      ))}
    </div>
  );
}

type RestoreProps = { visit: Visit; path: string; version: PolicyVersionView; policy: PolicyView };

function Restore({ visit, path, version, policy }: RestoreProps): JSX.Element {
  const standing = fingerprint(policy.overrides);
  if (fingerprint(version.overrides) === standing) return <span class="hint">As it is now</span>;
  if (policy.managed) return <span class="hint">Set by the configuration file</span>;
  return (
    <form method="post" action={href(visit.options, `${path}/restore`)}>
      <OnceField visit={visit} />
      <input type="hidden" name="version" value={standing} />
      <input type="hidden" name="number" value={String(version.version)} />
      <button class="btn btn-small">Restore version {version.version}</button>
    </form>
  );
}

async function restore(visit: Visit, scope: Scope, fields: FormFields): Promise<Done | null> {
  const purpose = visit.param('purpose');
  const number = Number(fields.text('number'));
  if (!purposeSchema.safeParse(purpose).success || !Number.isSafeInteger(number)) return null;
  const { applications } = visit.service;
  const done = await applications.restorePolicy(scope.caller, purpose, number, fields.text('version'));
  if (!done.ok && done.problem.code === 'not_found') return null;
  const to = `${scope.path}/policies/${purpose}`;
  if (!done.ok) return { to, flash: { tone: 'warn', title: 'Nothing was restored.', text: done.problem.detail } };
  const newest = await newestVersion(visit, scope, purpose);
  const title = `Version ${number} is restored as version ${newest?.version ?? number}.`;
  return { to, flash: { tone: 'good', title, text: 'It applies to codes started from now on.' } };
}
