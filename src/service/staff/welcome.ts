import { ok, refuse, type Problem, type Result } from '../../core/errors.ts';
import type { AgentView } from '../../core/agent-views.ts';
import { passwordProblem } from '../../core/password-rules.ts';
import { agentView, AGENT_KIND } from './agent.ts';
import type { AgentInput, Browser, WelcomeService } from './api.ts';
import type { StaffDeps } from './deps.ts';
import { findLink, newLink, takeLink } from './links.ts';
import { emailOf, insertAgent } from './new-agent.ts';
import { tidyName } from '../../core/staff-input.ts';

const DAY_MS = 86_400_000;
const DEAD: Problem = { code: 'not_found', detail: 'This link no longer works.' };

export function createWelcome(deps: StaffDeps): WelcomeService {
  return {
    async open({ id: application }) {
      if (await anybody(deps, application)) return null;
      return newLink(deps, { application, use: 'welcome', ttlMs: DAY_MS });
    },
    async isOpen(token) {
      const link = await findLink(deps, 'welcome', token);
      return link !== null && !(await anybody(deps, link.application));
    },
    create: (token, input, browser) => create(deps, token, input, browser),
  };
}

async function create(
  deps: StaffDeps,
  token: string,
  input: Omit<AgentInput, 'role'>,
  { ip }: Browser,
): Promise<Result<AgentView>> {
  const link = await findLink(deps, 'welcome', token);
  if (link === null || (await anybody(deps, link.application))) return refuse(DEAD);
  const { password = '' } = input;
  // All that can be wrong is told before the link is used up.
  const checked = [tidyName(input.name), emailOf(input.email)].flatMap((part) =>
    part.ok ? [] : (part.problem.errors ?? []),
  );
  const weak = passwordProblem(password, input);
  const errors = weak === null ? checked : [...checked, weak];
  if (errors[0] !== undefined) return refuse({ code: 'invalid_request', detail: errors[0].detail, errors });
  if (!(await takeLink(deps, link))) return refuse(DEAD);
  const made = await insertAgent(deps, link.application, { ...input, role: 'admin', password });
  if (!made.ok) return made;
  const actor = { type: 'system', id: 'welcome' } as const;
  const { application, id: target } = made.value;
  await deps.audit.note({ application, actor, ip, action: 'agent.created', target, data: { role: 'admin' } });
  return ok(agentView(made.value));
}

async function anybody(deps: StaffDeps, application: string): Promise<boolean> {
  return (await deps.store.documents.list({ kind: AGENT_KIND, application, limit: 1 })).length > 0;
}
