import { ApiError, errorOf } from './error.ts';

/** How a client reaches its service. */
export interface ClientOptions {
  /** Where the service is, with its base path if it has one: `https://otp.acme.example`. */
  readonly url: string;
  /** `ww_live_…` or `ww_test_…`. Keep it on your server: in a browser everybody can read it. */
  readonly key?: string;
  /** Acts on this application instead of the key's own: for live admin keys of `default`, in calls that administer or read. */
  readonly application?: string;
  /** For one try, ms; 15,000 when absent. */
  readonly timeoutMs?: number;
  /** How often a call that may be repeated is tried again; 3 when absent, 0 = never. */
  readonly retries?: number;
  /** The longest wait between two tries, ms; 10,000 when absent. A `Retry-After` beyond it is not waited for. */
  readonly longestWaitMs?: number;
  readonly fetch?: typeof fetch;
}

/** What one call may have of its own. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly retries?: number;
  /** Another application than that of the client; null = the key's own. */
  readonly application?: string | null;
  /** Of a POST: made for you when absent. Give your own to stay safe across restarts of your program. */
  readonly idempotencyKey?: string;
}

export type Query = Readonly<Record<string, string | number | undefined>>;

export interface CallParts {
  readonly body?: unknown;
  readonly query?: Query | undefined;
  /** How the answer is read; JSON when absent. A stream is not waited for: `timeoutMs` ends with its head. */
  readonly as?: 'text' | 'stream';
  /** The media type that is asked for. */
  readonly accept?: string;
  /** A status that is an answer here, not an error. */
  readonly also?: number;
}

/** Calls the API. Throws {@link ApiError}; the reason of `signal` when the caller gave up. */
export type Request = <T>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  parts?: CallParts,
  options?: CallOptions,
) => Promise<T>;

const FIRST_WAIT_MS = 250;

/** The path of a resource, or of one of its members. */
export function pathOf(resource: string, id?: string): string {
  return `/v1/${resource}${id === undefined ? '' : `/${segment(id)}`}`;
}

export function createTransport(given: ClientOptions): Request {
  const { url, key, timeoutMs = 15_000, retries = 3, longestWaitMs = 10_000, fetch: ask = globalThis.fetch } = given;
  const base = new URL(url).href.replace(/\/+$/, '');

  return async function request<T>(
    method: string,
    path: string,
    parts: CallParts = {},
    options: CallOptions = {},
  ): Promise<T> {
    const address = base + path + queryText(parts.query);
    const body = parts.body === undefined ? null : JSON.stringify(parts.body);
    const headers: Record<string, string> = { accept: parts.accept ?? (parts.as ? '*/*' : 'application/json') };
    if (key !== undefined) headers['authorization'] = `Bearer ${key}`;
    if (body !== null) headers['content-type'] = 'application/json';
    const application = options.application === undefined ? given.application : options.application;
    if (application != null) headers['watchword-application'] = application;
    // The same key and body for every try: the service answers the second as it did the first.
    if (method === 'POST') headers['idempotency-key'] = options.idempotencyKey ?? randomHex();
    const most = options.retries ?? retries;
    for (let tries = 0; ; tries++) {
      const outcome = await attempt<T>(parts, options.signal, options.timeoutMs ?? timeoutMs, (signal) =>
        // A redirect would hand the key to somebody else.
        ask(address, { method, headers, body, signal, redirect: 'error' }),
      );
      if (!(outcome instanceof ApiError)) return outcome.value;
      const wait = tries < most && mayRepeat(method, outcome) ? waitMs(outcome, tries) : Infinity;
      if (wait > longestWaitMs) throw outcome;
      await sleep(wait, options.signal);
    }
  };
}

async function attempt<T>(
  { as, also }: CallParts,
  given: AbortSignal | undefined,
  timeoutMs: number,
  send: (signal: AbortSignal) => Promise<Response>,
): Promise<{ readonly value: T } | ApiError> {
  given?.throwIfAborted();
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  const signal = given === undefined ? timeout.signal : AbortSignal.any([given, timeout.signal]);
  let response: Response | null = null;
  try {
    response = await send(signal);
    if (!response.ok && response.status !== also) return await errorOf(response);
    if (as === 'stream') return { value: response.body as T };
    return { value: (as === 'text' ? await response.text() : await response.json()) as T };
  } catch (cause) {
    given?.throwIfAborted();
    const status = response?.status ?? 0;
    if (timeout.signal.aborted) return new ApiError('No answer in time.', { code: 'timeout', status }, { cause });
    const isOdd = cause instanceof SyntaxError;
    const message = isOdd ? 'The answer is no JSON.' : 'The service cannot be reached.';
    return new ApiError(message, { code: isOdd ? 'bad_answer' : 'network_error', status }, { cause });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * 429, 503 and a first call still under way: nothing was done. No answer at all: nobody knows, so only what may happen twice is repeated, which
 * a POST with its idempotency key may.
 */
function mayRepeat(method: string, { code, status }: ApiError): boolean {
  if (status === 429 || status === 503 || code === 'idempotency_in_progress') return true;
  const isUnknown = code === 'network_error' || code === 'timeout' || status === 502 || status === 504;
  return isUnknown && (method === 'GET' || method === 'POST' || method === 'PUT');
}

/** What the service says, else 250, 500, 1000 … ms; up to a quarter more, so that many clients do not come back at once. */
function waitMs({ retryAfter }: ApiError, tries: number): number {
  const base = retryAfter === null ? FIRST_WAIT_MS * 2 ** tries : retryAfter * 1000;
  return base + (randomBytes(1)[0] ?? 0) * (base / 1024);
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    function stop(): void {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    }
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/**
 * A value as one segment of a path. Two dots, however they are escaped, mean the folder above to whatever reads an address, so dots alone
 * are escaped twice: no id is made of them, and the service answers that there is none.
 */
function segment(value: string): string {
  return /^\.{1,2}$/.test(value) ? value.replaceAll('.', '%252E') : encodeURIComponent(value);
}

function queryText(query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}

function randomHex(): string {
  return Array.from(randomBytes(16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
