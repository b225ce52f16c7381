import type { Problem } from '../../core/errors.ts';
import { failureProblem } from '../answer.ts';
import { waitSeconds } from '../problem.ts';
import { textReply } from '../reply.ts';
import { facadeCaller } from './caller.ts';
import type { FacadeExchange, FacadeRoute } from './facade.ts';
import { readFields } from './fields.ts';

/** One request against one row of the table of façades: who calls, the body, the handler. Every refusal is in the dialect. */
export async function answerFacade(route: FacadeRoute, exchange: FacadeExchange): Promise<Response> {
  const { speech } = route;
  try {
    const called = await facadeCaller(route, exchange);
    if (!called.ok) return speech.refuse(exchange, called.problem);
    const read = route.method === 'GET' ? NO_BODY : await readFields(exchange, speech.takes);
    if (!read.ok) return speech.refuse(exchange, read.problem);
    return await route.handle({ ...exchange, caller: called.caller, fields: read.fields });
  } catch (error) {
    return speech.refuse(exchange, failureProblem(error, exchange.requestId, exchange.options));
  }
}

const NO_BODY = { ok: true, fields: {} } as const;

/** A refusal as JSON of the dialect, with the header that says when to try again. */
export function refusal(exchange: FacadeExchange, problem: Problem, status: number, body: unknown): Response {
  const response = textReply(exchange, JSON.stringify(body), 'application/json', status);
  const wait = waitSeconds(problem, exchange.options.now());
  if (wait !== null && (status === 429 || status === 503)) response.headers.set('retry-after', String(wait));
  return response;
}

/** Whole seconds until the same request may succeed, at least 1. */
export function waitOf(exchange: FacadeExchange, problem: Problem): number {
  return waitSeconds(problem, exchange.options.now()) ?? 1;
}
