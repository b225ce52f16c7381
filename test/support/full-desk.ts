import type { Composition } from '../../src/compose.ts';
import { CLIENTS } from '../../src/cli/demo/cast.ts';
import { writeHistory } from '../../src/cli/demo/write-history.ts';
import { PORTAL_ROUTES } from '../../src/web/portal/routes.ts';
import type { Result } from '../../src/core/errors.ts';
import type { DeskWorld } from './desk.ts';

const SEED = 20_261_120;
/** What a browser keeps open, what is only for somebody on the way in, and what needs something typed before. */
const NO_PAGE = /\/events$|^\/desk\/(?:continue|set-password|welcome|second-factor)/;

/** Fills a desk as the demo does, with one of everything that administration knows; what the parameters of paths stand for. */
export async function fillDesk(world: DeskWorld): Promise<Filled> {
  const { service, store, ring, application } = world;
  const caller = { ...world.caller(), actor: { type: 'system', id: 'test' } as const };
  for (const role of ['agent', 'supervisor', 'auditor'] as const) await world.hire(role);
  await writeHistory({ service, store, ring } as unknown as Composition, application, SEED);
  await service.insights.count();
  const client = valueOf(await service.people.add(caller, { company: 'Bluegum Logistics', country: 'AU' }));
  const [first] = CLIENTS;
  const person = { first_name: 'Mara', last_name: 'Lindqvist', role: 'Director', mobile: first.to };
  const rep = valueOf(await service.people.addRepresentative(caller, client.id, person));
  for (let at = 0; at < 30; at++)
    valueOf(await service.people.add(caller, { company: `Company ${at}`, country: 'GB', reference: `20-${at}` }));
  const text = 'Your {brand} code is {code}.';
  const template = valueOf(
    await service.templates.put(caller, { channel: 'sms', purpose: 'login', locale: 'en', text }),
  );
  const hook = valueOf(await service.webhooks.create(caller, { url: 'https://hooks.acme.example/in' }));
  const delivery = valueOf(await service.webhooks.test(caller, hook.id));
  const rule = valueOf(await service.listRules.add(caller, { list: 'block', type: 'domain', value: 'spam.example' }));
  const key = valueOf(await service.keys.create(application, { mode: 'live', scopes: ['send'] }));
  valueOf(await service.applications.putPolicy(caller, 'login', { max_checks: 3 }));
  const records = await store.records.search({
    application: application.id,
    mode: 'live',
    now: world.clock.now,
    limit: 1,
    status: 'approved',
  });
  const open = await store.records.search({
    application: application.id,
    mode: 'live',
    now: world.clock.now,
    limit: 1,
    status: 'pending',
  });
  const agents = valueOf(await service.staff.agents.list(caller, {}));
  return {
    record: records.rows[0]?.id ?? '',
    open: open.rows[0]?.id ?? '',
    reference: records.rows[0]?.reference ?? '',
    agent: agents.data[0]?.id ?? '',
    application: application.id,
    client: client.id,
    rep: rep.id,
    template: template.id,
    hook: hook.id,
    delivery: delivery.id,
    key: key.id,
    rule: rule.id,
  };
}

export type Filled = Readonly<
  Record<
    | 'record'
    | 'open'
    | 'reference'
    | 'agent'
    | 'application'
    | 'client'
    | 'rep'
    | 'template'
    | 'hook'
    | 'delivery'
    | 'key'
    | 'rule',
    string
  >
>;

/** Where every page of the desk stands that somebody who is signed in can look at. */
export function pathsOf(filled: Filled): readonly string[] {
  return PORTAL_ROUTES.filter(({ method, path }) => method === 'GET' && !NO_PAGE.test(path)).map(({ path }) =>
    pathFor(path, filled),
  );
}

/** The path of a route, page or act, with ids in it. Throws where nobody said what a parameter stands for. */
export function pathFor(path: string, filled: Filled): string {
  return path.replaceAll(/:(\w+)/g, (_, name: string) => valueFor(path, name, filled));
}

function valueFor(path: string, name: string, filled: Filled): string {
  const named: Readonly<Record<string, string>> = {
    app: filled.application,
    purpose: 'login',
    rep: filled.rep,
    delivery: filled.delivery,
  };
  const kinds: readonly (readonly [string, string])[] = [
    ['/records/', filled.record],
    ['/verifications/', filled.open],
    ['/agents/', filled.agent],
    ['/people/', filled.client],
    ['/templates/', filled.template],
    ['/webhooks/', filled.hook],
    ['/keys/', filled.key],
    ['/lists/', filled.rule],
  ];
  const value = named[name] ?? kinds.find(([part]) => path.includes(part))?.[1];
  if (value === undefined) throw new Error(`what is ${name} in ${path}?`);
  return value;
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value;
}
