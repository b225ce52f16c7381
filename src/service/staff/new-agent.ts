import { parseEmail } from '../../core/email.ts';
import { ok, refuse, type Problem, type Result } from '../../core/errors.ts';
import { newId } from '../../core/id.ts';
import { tidyName } from '../../core/staff-input.ts';
import { hashPassword } from '../../crypto/index.ts';
import type { ServiceDeps } from '../deps.ts';
import { type Agent, agentDocument, emailIndexes } from './agent.ts';
import { agentByEmail, agentById, agentsOf, MOST_AGENTS } from './find-agent.ts';
import type { AgentInput } from './api.ts';

type Deps = Pick<ServiceDeps, 'store' | 'ring' | 'env'>;

/** Holds an address for one agent, so that two who are made at once cannot share it. */
const EMAIL_KIND = 'agent_email';

/** Writes a new agent. `password` null = invited. */
export async function insertAgent(
  deps: Deps,
  application: string,
  input: Omit<AgentInput, 'password'> & { readonly password: string | null },
): Promise<Result<Agent>> {
  const email = emailOf(input.email);
  if (!email.ok) return email;
  const name = tidyName(input.name);
  if (!name.ok) return name;
  if ((await agentsOf(deps, application)).length >= MOST_AGENTS)
    return refuse({ code: 'conflict', detail: `An application has at most ${MOST_AGENTS} agents.` });
  const now = await deps.store.verifications.time();
  const agent: Agent = {
    id: newId('agt', now, deps.env.randomText(20)),
    application,
    version: 1,
    name: name.value,
    email: email.value,
    password: input.password === null ? null : await hashPassword(input.password),
    passwordChangedAt: input.password === null ? null : now,
    totp: null,
    recovery: [],
    passkeys: [],
    role: input.role,
    active: true,
    lastSignedInAt: null,
    createdAt: now,
  };
  if (!(await holdEmail(deps, agent))) return refuse(TAKEN);
  await deps.store.documents.put(agentDocument(deps.ring, agent));
  return ok(agent);
}

/** The address in its canonical form. */
export function emailOf(text: string): Result<string> {
  const parsed = parseEmail(text);
  if (!('code' in parsed)) return ok(`${parsed.local}@${parsed.domain}`);
  const error = { pointer: '/email', code: parsed.code, detail: parsed.detail };
  return refuse({ code: 'invalid_request', detail: parsed.detail, errors: [error] });
}

const TAKEN: Problem = {
  code: 'conflict',
  detail: 'Somebody with this e-mail address is here already.',
  errors: [{ pointer: '/email', code: 'taken', detail: 'Somebody with this e-mail address is here already.' }],
};

async function holdEmail(deps: Deps, { id, application, email, createdAt }: Agent): Promise<boolean> {
  if ((await agentByEmail(deps, application, email)) !== null) return false;
  const [index = ''] = emailIndexes(deps.ring, application, email);
  const held = await deps.store.documents.get(EMAIL_KIND, index);
  // Left behind by a process that died between the two writes.
  if (held !== null && (await agentById(deps, held.body)) !== null) return false;
  const recent = held !== null && createdAt - held.createdAt < HOLD_MS;
  if (recent) return false;
  return deps.store.documents.put({
    kind: EMAIL_KIND,
    id: index,
    application,
    index: null,
    version: (held?.version ?? 0) + 1,
    body: id,
    createdAt,
    dueAt: null,
    endsAt: null,
  });
}

/** Whoever holds an address writes its agent within this time, or never. */
const HOLD_MS = 60_000;
