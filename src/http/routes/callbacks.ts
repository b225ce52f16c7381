import type { ReportRequest } from '../../service/api.ts';
import { json, textReply } from '../reply.ts';
import { invalid, problemResponse } from '../problem.ts';
import { open, type Exchange, type Method, type Route } from '../route.ts';

/** Some providers post hundreds of events at once. */
const MOST_BYTES = 1_048_576;

/** Where providers post what became of messages; one address per provider, whatever its account. */
export const CALLBACK_ROUTES: readonly Route[] = [callbackRoute('POST'), callbackRoute('GET')];

function callbackRoute(method: Method): Route {
  return open({
    method,
    path: '/callbacks/{id}',
    operationId: method === 'POST' ? 'takeCallback' : 'takeCallbackByQuery',
    tag: 'Callbacks',
    summary:
      method === 'POST'
        ? 'Delivery reports and incoming messages of a provider'
        : 'Handshakes, reports and incoming messages',
    doc: 'For providers only: `id` is the scheme of the provider’s DSN. What its own signature does not prove is refused, and no report approves anything.',
    responses: { 200: { description: 'Noted, or what the provider wants to hear.', type: 'text/plain' } },
    errors: ['invalid_request', 'unauthenticated', 'not_found', 'payload_too_large'],
    handle: take,
  });
}

async function take(exchange: Exchange): Promise<Response> {
  const { service, param, requestId, options } = exchange;
  const request = await readRequest(exchange);
  if (request === null)
    return problemResponse({ code: 'payload_too_large', detail: 'It is over 1 MB.' }, requestId, options);
  const outcome = await service.callback(param, request);
  switch (outcome.type) {
    case 'noted':
      return json(exchange, {});
    case 'answer':
      return textReply(exchange, outcome.body, 'text/plain');
    case 'refused':
      return unproven(
        problemResponse(
          { code: 'unauthenticated', detail: `The report is not believed: ${outcome.reason}.` },
          requestId,
          options,
        ),
      );
    case 'malformed':
      return problemResponse(invalid(`The report cannot be read: ${outcome.reason}.`), requestId, options);
    case 'unknown':
      return problemResponse({ code: 'not_found', detail: '' }, requestId, options);
  }
}

/**
 * A 401 that asks for what a caller of this address can give (RFC 9110 section 15.5.2): no API key, but for providers that sign nothing the
 * secret as a password, which some HTTP clients send only when they are asked for it.
 */
function unproven(response: Response): Response {
  response.headers.set('www-authenticate', 'Basic realm="callbacks"');
  return response;
}

/** Null when it is too large; signatures cover the exact body and public address. */
async function readRequest({ request, header, options }: Exchange): Promise<ReportRequest | null> {
  if (Number(header('content-length') ?? 0) > MOST_BYTES) return null;
  const body = request.method === 'GET' ? '' : await request.text();
  if (Buffer.byteLength(body) > MOST_BYTES) return null;
  return { method: request.method, url: publicAddress(request.url, options.publicUrl), body, header };
}

/** Behind a proxy the address that the provider called is not the one we see. */
function publicAddress(seen: string, publicUrl: string | null): string {
  if (publicUrl === null) return seen;
  const { pathname, search } = new URL(seen);
  return publicUrl.replace(/\/$/, '') + pathname + search;
}
