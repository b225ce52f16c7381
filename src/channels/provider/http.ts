import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { CALL_TIMEOUT_MS } from '../outcome.ts';

const MAX_ANSWER_BYTES = 64 * 1024;
/** Idle connections are kept for the next message, but not for ever: load balancers forget them silently. */
const IDLE_MS = 15_000;
const AGENT = {
  keepAlive: true,
  keepAliveMsecs: 1_000,
  maxFreeSockets: 64,
  scheduling: 'lifo',
  timeout: IDLE_MS,
} as const;

interface Transport {
  readonly agent: Agent;
  request(url: string, options: RequestOptions): ClientRequest;
}
type Transports = Readonly<Record<'http' | 'https', Transport>>;
let loaded: Promise<Transports> | null = null;

export interface HttpCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface HttpAnswer {
  readonly status: number;
  /** Up to 64 kB; '' when there was more, or when it broke off: the status came first and counts. */
  readonly text: string;
  header(name: string): string | null;
}

/** No answer within {@link CALL_TIMEOUT_MS}, or the caller gave up. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/**
 * One request, no redirects, connections kept. Rejects with {@link NoAnswerError} or the system's error. A kept connection that the
 * server had closed meanwhile never saw the request: it is made once more on a new one.
 */
export async function callHttp(call: HttpCall, signal: AbortSignal): Promise<HttpAnswer> {
  const ended = new AbortController();
  const end = (): void => ended.abort();
  const timer = setTimeout(end, CALL_TIMEOUT_MS);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    const transports = await (loaded ??= loadTransports());
    const once = (): Promise<HttpAnswer | null> => attempt(call, transports, ended.signal);
    return (await once()) ?? (await once()) ?? failStale();
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}

/** At the first call: Node's own two modules are a large part of what importing the library would cost. */
async function loadTransports(): Promise<Transports> {
  const [http, https] = await Promise.all([import('node:http'), import('node:https')]);
  return {
    http: { agent: new http.Agent(AGENT), request: http.request },
    https: { agent: new https.Agent(AGENT), request: https.request },
  };
}

/** Null when the connection was a kept one that its server had closed. */
function attempt(call: HttpCall, transports: Transports, ended: AbortSignal): Promise<HttpAnswer | null> {
  return new Promise((resolve, reject) => {
    if (ended.aborted) return reject(new NoAnswerError('no answer in time'));
    const request = open(call, transports);
    let isAnswered = false;
    const giveUp = (): void => void request.destroy(new NoAnswerError('no answer in time'));
    ended.addEventListener('abort', giveUp, { once: true });
    request.once('close', () => ended.removeEventListener('abort', giveUp));
    request.once('response', (response) => {
      isAnswered = true;
      void readText(response).then((text) =>
        resolve({ status: response.statusCode ?? 0, text, header: (name) => headerOf(response, name) }),
      );
    });
    request.on('error', (error: Error & { code?: string }) => {
      // After the status the answer is given all the same, however it ends.
      if (isAnswered) return;
      if (request.reusedSocket && error.code === 'ECONNRESET') resolve(null);
      else reject(error);
    });
    request.end(call.body ?? undefined);
  });
}

function failStale(): never {
  throw Object.assign(new Error('the connection was closed twice'), { code: 'ECONNRESET' });
}

function open({ method, url, headers, body }: HttpCall, transports: Transports): ClientRequest {
  const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const { agent, request } = transports[url.startsWith('https:') ? 'https' : 'http'];
  return request(url, { method, headers: { ...headers, ...length }, agent });
}

function readText(response: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    response.on('error', () => undefined);
    response.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_ANSWER_BYTES) chunks.push(chunk);
      else response.destroy();
    });
    response.once('close', () => resolve(response.complete ? Buffer.concat(chunks).toString('utf8') : ''));
  });
}

function headerOf({ headers }: IncomingMessage, name: string): string | null {
  const value = headers[name.toLowerCase()];
  return value === undefined ? null : String(value);
}
