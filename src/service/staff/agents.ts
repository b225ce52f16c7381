import type { AgentView } from '../../core/agent-views.ts';
import type { AuditAction } from '../../core/audit.ts';
import { ok, refuse, type Problem, type Result } from '../../core/errors.ts';
import { isId } from '../../core/id.ts';
import { passwordProblem } from '../../core/password-rules.ts';
import { tidyName } from '../../core/staff-input.ts';
import { mayManage, type Role } from '../../core/staff.ts';
import type { ListView } from '../../core/views.ts';
import { doneBy } from '../audit/trail.ts';
import type { Caller } from '../api.ts';
import { liveSettingsProblem } from '../live-settings.ts';
import { BAD_CURSOR } from '../problems.ts';
import { type Agent, agentFrom, agentView, AGENT_KIND } from './agent.ts';
import type { AgentInput, AgentsService } from './api.ts';
import type { StaffDeps } from './deps.ts';
import { agentById, agentsOf, changeAgent } from './find-agent.ts';
import { insertAgent } from './new-agent.ts';
import { endSessions } from './session.ts';

const PAGE = 20;
const NOT_FOUND: Problem = { code: 'not_found', detail: 'There is no such agent.' };
const NOT_YOURS: Problem = { code: 'forbidden', detail: 'Your role does not manage people of this role.' };
const LAST_ADMIN: Problem = {
  code: 'conflict',
  detail: 'The last active administrator stays. Make somebody else one first.',
};

export function createAgents(deps: StaffDeps): AgentsService {
  return {
    create: (caller, input) => create(deps, caller, input),
    list: (caller, input) => list(deps, caller, input),
    async get(caller, id) {
      const agent = await ownAgent(deps, caller, id);
      return agent === null ? refuse(NOT_FOUND) : ok(agentView(agent));
    },
    update: (caller, id, input) => update(deps, caller, id, input),
    resetSecondFactor: (caller, id) => resetSecondFactor(deps, caller, id),
  };
}

async function create(deps: StaffDeps, caller: Caller, input: AgentInput): Promise<Result<AgentView>> {
  const barred = await mayTouch(deps, caller, input.role);
  if (barred !== null) return refuse(barred);
  const { password = `${deps.env.randomText(25).toLowerCase().match(/.{5}/g)?.join('-')}` } = input;
  const weak = input.password === undefined ? null : passwordProblem(password, input);
  if (weak !== null) return refuse({ code: 'invalid_request', detail: weak.detail, errors: [weak] });
  const made = await insertAgent(deps, caller.application.id, { ...input, password });
  if (!made.ok) return made;
  await note(deps, caller, made.value, 'agent.created', { role: input.role });
  return ok({ ...agentView(made.value), ...(input.password === undefined ? { password } : {}) });
}

async function list(
  deps: StaffDeps,
  caller: Caller,
  input: { readonly limit?: number; readonly cursor?: string },
): Promise<Result<ListView<AgentView>>> {
  const { limit = PAGE, cursor } = input;
  if (cursor !== undefined && !isId('agt', cursor)) return refuse(BAD_CURSOR);
  const query = { kind: AGENT_KIND, application: caller.application.id, limit: limit + 1 };
  const found = await deps.store.documents.list(cursor === undefined ? query : { ...query, after: cursor });
  const page = found.slice(0, limit);
  const data = page.flatMap((document) => agentFrom(deps.ring, document) ?? []).map(agentView);
  const more = found.length > limit;
  return ok({ data, has_more: more, next_cursor: more ? (page.at(-1)?.id ?? null) : null });
}

async function update(
  deps: StaffDeps,
  caller: Caller,
  id: string,
  input: { readonly name?: string; readonly role?: Role; readonly active?: boolean },
): Promise<Result<AgentView>> {
  const agent = await ownAgent(deps, caller, id);
  if (agent === null) return refuse(NOT_FOUND);
  const barred = (await mayTouch(deps, caller, agent.role)) ?? (await mayTouch(deps, caller, input.role ?? agent.role));
  if (barred !== null) return refuse(barred);
  const name = tidyName(input.name ?? agent.name);
  if (!name.ok) return name;
  return deps.turns.take(`admins|${agent.application}`, () =>
    write(deps, caller, agent, { name: name.value, ...pick(input) }),
  );
}

function pick({ role, active }: { readonly role?: Role; readonly active?: boolean }): Partial<Agent> {
  return { ...(role === undefined ? {} : { role }), ...(active === undefined ? {} : { active }) };
}

/** Other processes may take an administrator away at the same moment: looked at before the write and after it. */
async function write(
  deps: StaffDeps,
  caller: Caller,
  { id, application }: Agent,
  change: Partial<Agent>,
): Promise<Result<AgentView>> {
  const all = await agentsOf(deps, application);
  const before = all.find((agent) => agent.id === id);
  if (before === undefined) return refuse(NOT_FOUND);
  const rest = all.filter((agent) => agent.id !== id);
  if (isAdmin(before) && !isAdmin({ ...before, ...change }) && !rest.some(isAdmin)) return refuse(LAST_ADMIN);
  const after = await changeAgent(deps, id, (agent) => ({ ...agent, ...change }));
  if (after === null) return refuse(NOT_FOUND);
  if (isAdmin(before) && !(await agentsOf(deps, application)).some(isAdmin)) {
    await changeAgent(deps, id, (agent) => ({ ...agent, role: before.role, active: before.active }));
    return refuse(LAST_ADMIN);
  }
  if (!after.active) await endSessions(deps, id);
  await noteChanges(deps, caller, before, after);
  return ok(agentView(after));
}

function isAdmin({ role, active, password }: Agent): boolean {
  return role === 'admin' && active && password !== null;
}

async function noteChanges(deps: StaffDeps, caller: Caller, before: Agent, after: Agent): Promise<void> {
  if (before.name !== after.name) await note(deps, caller, after, 'agent.changed', { fields: 'name' });
  if (before.role !== after.role)
    await note(deps, caller, after, 'agent.role_changed', { from: before.role, to: after.role });
  if (before.active !== after.active)
    await note(deps, caller, after, after.active ? 'agent.activated' : 'agent.deactivated');
}

async function resetSecondFactor(deps: StaffDeps, caller: Caller, id: string): Promise<Result<AgentView>> {
  const agent = await ownAgent(deps, caller, id);
  if (agent === null) return refuse(NOT_FOUND);
  const barred = await mayTouch(deps, caller, agent.role);
  if (barred !== null) return refuse(barred);
  const after = await changeAgent(deps, id, (known) => ({ ...known, totp: null, recovery: [], passkeys: [] }));
  await endSessions(deps, id);
  await note(deps, caller, agent, 'agent.second_factor_reset');
  return ok(agentView(after ?? agent));
}

/** Null when the caller may manage people of this role. */
export async function mayTouch(deps: StaffDeps, caller: Caller, role: Role): Promise<Problem | null> {
  const barred = liveSettingsProblem(deps, caller);
  if (barred !== null || caller.actor.type !== 'agent') return barred;
  const acting = await agentById(deps, caller.actor.id ?? '');
  return acting !== null && acting.active && mayManage(acting.role, role) ? null : NOT_YOURS;
}

/** The agent of this id in the caller's application, or null. */
export async function ownAgent(deps: StaffDeps, caller: Caller, id: string): Promise<Agent | null> {
  const agent = await agentById(deps, id);
  return agent?.application === caller.application.id ? agent : null;
}

async function note(
  deps: StaffDeps,
  caller: Caller,
  { id }: Agent,
  action: AuditAction,
  data: Readonly<Record<string, string>> = {},
): Promise<void> {
  await deps.audit.note({ ...doneBy(caller), action, target: id, data });
}
