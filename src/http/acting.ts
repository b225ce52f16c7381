import type { Problem } from '../core/errors.ts';
import type { Caller } from '../service/api.ts';
import { invalid } from './problem.ts';
import { APPLICATION_HEADER, type Exchange, type Route } from './route.ts';

const NAME = APPLICATION_HEADER.toLowerCase();
const POINTER = `#header/${APPLICATION_HEADER}`;

/** A header that was passed over would act on the wrong application: where it means nothing, it is refused. */
const NOT_HERE = refusal(
  'not_applicable',
  'This call is for the application of the key alone. Leave the header out, or use a key of that application.',
);
const IN_THE_PATH = refusal('not_applicable', 'Name the application in the path, and leave the header out.');
const NO_ID = refusal('invalid_format', 'must be the id of one application, `app_…`');

/** The caller as one of the application that the request names; the caller itself when it names none. */
export function actingCaller(
  route: Route,
  caller: Caller,
  exchange: Exchange,
): Promise<Caller | Problem> | Caller | Problem {
  const id = exchange.header(NAME);
  if (id === null) return caller;
  if (route.forOthers !== true) return route.path.startsWith('/v1/applications') ? IN_THE_PATH : NOT_HERE;
  if (!/^app_\w{1,64}$/.test(id)) return NO_ID;
  return actOn(caller, id, exchange);
}

async function actOn(caller: Caller, id: string, { service }: Exchange): Promise<Caller | Problem> {
  const acting = await service.applications.actOn(caller, id);
  return acting.ok ? acting.value : acting.problem;
}

/** Dialects know one application only, that of the key or of the address. */
export function actingProblem({ header }: Pick<Exchange, 'header'>): Problem | null {
  return header(NAME) === null ? null : NOT_HERE;
}

function refusal(code: string, detail: string): Problem {
  return invalid(`The header ${APPLICATION_HEADER} is not valid.`, [{ pointer: POINTER, code, detail }]);
}
