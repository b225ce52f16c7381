import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Service } from '../service/api.ts';
import { answer } from './answer.ts';
import { isJsonType, MAX_BODY_BYTES } from './body.ts';
import { answerFacade, FACADE_ROUTES, type FacadeRoute } from './compat/index.ts';
import { logged } from './logged.ts';
import type { ApiOptions } from './options.ts';
import { NO_CONTENT, type Reply } from './reply.ts';
import type { Exchange, HeaderReader, Incoming, Route } from './route.ts';
import { ROUTES } from './routes.ts';

/** Takes a request straight from Node's server and says true, or leaves it alone and says false. */
export type Direct = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean;

/** What answers one request on the short way, and under which name it is logged. */
interface Taker {
  readonly method: string;
  readonly path: string;
  /** Whether a request is for it, beside its method and path. */
  takes(header: HeaderReader): boolean;
  answer(exchange: Exchange): Promise<Reply | Response>;
}

/** A row of the tables that is asked for most of all, its path cut at the parameter. */
interface Often {
  readonly taker: Taker;
  readonly before: string;
  /** Null when the path has no parameter. */
  readonly after: string | null;
}

const ID = /^[A-Za-z0-9_-]{1,128}$/;
/** Hosts that the adapter of the fetch handler takes as they are. */
const HOST = /^[a-z0-9._-]+(?::(?:[1-5][0-9]{3,4}|[6-9][0-9]{3}))?$/;
const LENGTH = /^[1-9][0-9]{0,4}$/;

/**
 * The rows marked `often`, answered as the fetch handler answers them but without making a `Request` and a `Response`. It takes only
 * the plainest form of a request; whatever is unusual about one (an escaped or queried URL, an odd host, a body of unknown length)
 * goes the long way, and gets the same answer there.
 */
export function createDirect(service: Service, options: ApiOptions): Direct {
  const rows = [...ROUTES.filter(({ often }) => often === true).map(routeTaker), ...FACADE_TAKERS].map(oftenRow);
  return (incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    if (!isPlain(headers)) return false;
    for (const row of rows) {
      const { taker } = row;
      const param = taker.method === method ? paramOf(row, url) : null;
      if (param === null) continue;
      const header: HeaderReader = (name) => {
        const value = headers[name];
        return value === undefined ? null : String(value);
      };
      if (!taker.takes(header)) continue;
      const request = directRequest(incoming, method, `http://${headers.host}${url}`);
      const peer = incoming.socket.remoteAddress ?? null;
      const run = (requestId: string): Promise<Reply | Response> =>
        taker.answer({ requestId, options, service, request, header, param, peer });
      logged({ method, route: taker.path }, options, run)
        .then((reply) => write(outgoing, reply))
        // Nobody is there to tell, and one broken answer must not end the process.
        .catch(() => void outgoing.destroy());
      return true;
    }
    return false;
  };
}

function routeTaker(route: Route): Taker {
  const { method, path } = route;
  return { method, path, takes: () => true, answer: (exchange) => answer(route, exchange) };
}

/** What clients of façades post: those with a key, for who has none is a browser, and the hosted pages share its paths. */
const FACADE_TAKERS = FACADE_ROUTES.filter(({ method, path }) => method === 'POST' && path.split('{').length <= 2).map(
  facadeTaker,
);

function facadeTaker(route: FacadeRoute): Taker {
  const { method, path, speech } = route;
  const name = /\{(\w+)\}/.exec(path)?.[1];
  const formsToo = speech.takes.includes('form');
  return {
    method,
    path,
    takes: (header) => header('authorization') !== null && (formsToo || isJsonType(header('content-type') ?? '')),
    answer: (exchange) =>
      answerFacade(route, Object.assign(exchange, { params: name === undefined ? {} : { [name]: exchange.param } })),
  };
}

function oftenRow(taker: Taker): Often {
  const [before = '', after = null] = taker.path.split(/\{\w+\}/);
  return { taker, before, after };
}

function paramOf({ before, after }: Often, url: string): string | null {
  if (after === null) return url === before ? '' : null;
  if (!url.startsWith(before) || !url.endsWith(after)) return null;
  const param = url.slice(before.length, -after.length);
  return ID.test(param) ? param : null;
}

function isPlain({ host, 'content-length': length, 'transfer-encoding': coding }: IncomingMessage['headers']): boolean {
  return (
    host !== undefined &&
    HOST.test(host) &&
    length !== undefined &&
    LENGTH.test(length) &&
    Number(length) <= MAX_BODY_BYTES &&
    coding === undefined
  );
}

function directRequest(incoming: IncomingMessage, method: string, url: string): Incoming {
  const body = bodyOf(incoming);
  // Who is refused before the body is read never looks at it.
  body.catch(() => undefined);
  return { method, url, body: null, arrayBuffer: () => body, text: async () => (await body).toString() };
}

/** As many bytes as were announced, Node sees to that. Rejects when the connection breaks first. */
function bodyOf(incoming: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    let body: Buffer<ArrayBuffer> | null = null;
    incoming.on('data', (chunk: Buffer<ArrayBuffer>) => (body = body === null ? chunk : Buffer.concat([body, chunk])));
    incoming.on('end', () => resolve(body ?? Buffer.alloc(0)));
    // Every request closes, broken ones too; making an error takes its stack, which costs more than reading the body.
    incoming.on('close', () => {
      if (!incoming.readableEnded) reject(new Error('The connection broke off.'));
    });
  });
}

function write(outgoing: ServerResponse, reply: Reply | Response): void {
  if (reply instanceof Response) throw new TypeError('A row marked `often` answers with plain data.');
  const { status, headers, body } = reply;
  // A flat list is what Node turns into text at the least cost.
  const fields = status === NO_CONTENT ? [] : ['content-length', String(Buffer.byteLength(body))];
  for (const name in headers) fields.push(name, headers[name] ?? '');
  outgoing.writeHead(status, fields);
  outgoing.end(body);
}
