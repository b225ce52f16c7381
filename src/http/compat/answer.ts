import type { Problem } from '../../core/errors.ts';
import { failureProblem } from '../answer.ts';
import { waitSeconds } from '../problem.ts';
import { jsonReply, withHeader, type Reply } from '../reply.ts';
import { facadeCaller } from './caller.ts';
import type { Caller } from '../../service/api.ts';
import type { FacadeCall, FacadeExchange, FacadeRoute } from './facade.ts';
import { type Fields, readFields } from './fields.ts';

/** One request against one row of the table of façades: who calls, the body, the handler. Every refusal is in the dialect. */
export async function answerFacade(route: FacadeRoute, exchange: FacadeExchange): Promise<Reply> {
  const { speech } = route;
  try {
    const called = await facadeCaller(route, exchange);
    if (!called.ok) return speech.refuse(exchange, called.problem);
    const read = route.method === 'GET' ? NO_BODY : await readFields(exchange, speech.takes);
    if (!read.ok) return speech.refuse(exchange, read.problem);
    return await route.handle(callOf(exchange, called.caller, read.fields));
  } catch (error) {
    return speech.refuse(exchange, failureProblem(error, exchange.requestId, exchange.options));
  }
}

/** Field by field: spreading this many costs more than reading the body. */
function callOf(exchange: FacadeExchange, caller: Caller, fields: Fields): FacadeCall {
  const { requestId, options, service, request, header, param, peer, params } = exchange;
  return { requestId, options, service, request, header, param, peer, params, caller, fields };
}

const NO_BODY = { ok: true, fields: {} } as const;

/** A refusal as JSON of the dialect, with the header that says when to try again. */
export function refusal(exchange: FacadeExchange, problem: Problem, status: number, body: unknown): Reply {
  const reply = jsonReply(exchange, body, status);
  const wait = waitSeconds(problem, exchange.options.now());
  return wait !== null && (status === 429 || status === 503) ? withHeader(reply, 'retry-after', String(wait)) : reply;
}

/** Whole seconds until the same request may succeed, at least 1. */
export function waitOf(exchange: FacadeExchange, problem: Problem): number {
  return waitSeconds(problem, exchange.options.now()) ?? 1;
}
