import { ERRORS, refuse, type Problem, type Result } from '../core/errors.ts';
import { newId } from '../core/id.ts';
import { sealed } from '../core/redacted.ts';
import type { Caller, IdempotencyRequest } from './api.ts';
import type { ServiceDeps } from './deps.ts';
import { recalled, remembered } from './remembered.ts';

/**
 * What an idempotent request carries into its commit. `id` is what follows the prefix of the id it creates, the same over
 * take-overs; `store` puts the answer into the commit itself.
 */
export interface Ticket {
  readonly id: string;
  store(answer: unknown): { readonly key: string; readonly answer: string };
  /** What was given to `store` is not written after all: the commit was lost, or there is nothing to commit. */
  retract(): void;
}

const IN_PROGRESS: Problem = {
  code: 'idempotency_in_progress',
  detail: 'The first request with this Idempotency-Key is still running. Send it again in a second.',
  retryAfterMs: 1000,
};
const MISMATCH: Problem = {
  code: 'idempotency_mismatch',
  detail: 'This Idempotency-Key was used with another body. Use a new key for a new request.',
};

/**
 * Runs a request at most once per key: the key is claimed first, durably; the answer is stored (sealed, in the request's own
 * commit where it has one) and given again for 24 hours. A limit, a wait or a failure frees the key: trying again is the cure.
 */
export function once<T>(
  deps: ServiceDeps,
  caller: Caller,
  request: IdempotencyRequest | null | undefined,
  run: (ticket: Ticket | null) => Promise<Result<T>>,
): Promise<Result<T>> {
  return request ? onceOf(deps, caller, request, run) : run(null);
}

async function onceOf<T>(
  deps: ServiceDeps,
  caller: Caller,
  request: IdempotencyRequest,
  run: (ticket: Ticket | null) => Promise<Result<T>>,
): Promise<Result<T>> {
  const bound = `${whoActs(caller)}|${request.path}|${request.key}`;
  const [key = '', ...olderKeys] = deps.ring.indexes('idempotency', bound);
  const [body = '', ...olderBodies] = deps.ring.bodyHashes(request.body);
  const older = olderKeys.map((name, at) => ({ key: name, body: olderBodies[at] ?? '' }));
  // The store's time: a lease taken by one host is over for all of them at once.
  const now = await deps.store.verifications.time();
  const id = newId('vrf', now, deps.env.randomText(20)).slice('vrf_'.length);
  const claimed = await deps.store.idempotency.claim({ key, body, id, older }, now);
  if (claimed.type === 'in_progress') return refuse(IN_PROGRESS);
  if (claimed.type === 'mismatch') return refuse(MISMATCH);
  if (claimed.type === 'done') return replay<T>(deps, [key, ...olderKeys], claimed.answer);
  return runClaimed(deps, key, claimed.id, run);
}

/** Who acts, and on which application where it is not their own. */
function whoActs({ actor, application }: Caller): string {
  const who = actor.id ?? actor.type;
  return actor.application === undefined ? who : `${who}@${application.id}`;
}

async function runClaimed<T>(
  deps: ServiceDeps,
  key: string,
  id: string,
  run: (ticket: Ticket) => Promise<Result<T>>,
): Promise<Result<T>> {
  let carried = false;
  const ticket: Ticket = {
    id,
    store(answer) {
      carried = true;
      return { key, answer: deps.ring.seal('answer', remembered(answer), key).reveal() };
    },
    retract() {
      carried = false;
    },
  };
  try {
    const result = await run(ticket);
    if (!result.ok && !isKept(result.problem)) await deps.store.idempotency.release(key);
    else if (!result.ok) await deps.store.idempotency.finish(key, ticket.store({ refused: result.problem }).answer);
    else if (!carried) await deps.store.idempotency.finish(key, ticket.store(result.value).answer);
    return result;
  } catch (error) {
    await deps.store.idempotency.release(key).catch(() => undefined);
    throw error;
  }
}

/** The answer is sealed for the name it was claimed under, which a rotation has changed since. */
async function replay<T>(deps: ServiceDeps, names: readonly string[], answer: string): Promise<Result<T>> {
  for (const name of names) {
    const opened = deps.ring.open('answer', sealed(answer), name);
    if (opened === null) continue;
    const value = await recalled(deps, opened);
    return isRefusal(value) ? refuse(value.refused) : { ok: true, value: value as T };
  }
  return refuse(MISMATCH);
}

function isKept(problem: Problem): boolean {
  const { status } = ERRORS[problem.code];
  return status !== 429 && status < 500;
}

function isRefusal(value: unknown): value is { readonly refused: Problem } {
  return typeof value === 'object' && value !== null && 'refused' in value;
}
