import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Direct } from './direct.ts';

/** How long clients may take, ms, and how many there may be (abuse case A49). */
export const SERVER_LIMITS = {
  headersMs: 10_000,
  /** Headers and body together; checked every second, so a slow request is closed within 15 s. */
  requestMs: 12_000,
  checkEveryMs: 1_000,
  /** Longer than load balancers keep theirs (60 s): who closes first may meet a request under way. */
  keepAliveMs: 65_000,
  headerBytes: 16_384,
  connections: 10_000,
  closeMs: 10_000,
} as const;

export interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly maxConnections?: number;
  /** Sees every request before the fetch handler does, and may take it. */
  readonly direct?: Direct;
  /** For tests; the defaults are {@link SERVER_LIMITS}. */
  readonly limits?: Partial<Record<keyof typeof SERVER_LIMITS, number>>;
}

export interface RunningServer {
  /** The port it listens on (the one given, or the free one chosen for 0). */
  readonly port: number;
  /** Every answer from now on ends its connection, so that no kept one is cut while its client sends the next request. */
  drain(): void;
  /** Stops accepting, lets requests finish, cuts what is left after ten seconds. */
  close(): Promise<void>;
}

type Fetch = (request: Request, env?: object) => Response | Promise<Response>;

/** Serves a fetch handler over HTTP/1.1. Rejects when the port cannot be had. */
export async function serve(fetch: Fetch, options: ServeOptions): Promise<RunningServer> {
  const limits = { ...SERVER_LIMITS, ...options.limits };
  const answer = getRequestListener((request, env) => fetch(request, env), { errorHandler });
  let draining = false;
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      keepAliveTimeout: limits.keepAliveMs,
      maxHeaderSize: limits.headerBytes,
    },
    (incoming, outgoing) => {
      if (draining) outgoing.shouldKeepAlive = false;
      if (options.direct?.(incoming, outgoing) !== true) void answer(incoming, outgoing);
    },
  );
  server.maxConnections = options.maxConnections ?? limits.connections;
  await listen(server, options);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    drain: () => void (draining = true),
    close() {
      draining = true;
      return close(server, limits.closeMs);
    },
  };
}

/** A request line or Host header that makes no URL never reaches the API. */
function errorHandler(): Response {
  return new Response(
    '{"type":"about:blank","title":"The request is not valid","status":400,"detail":"The URL or the Host header is malformed.","code":"invalid_request"}',
    {
      status: 400,
      headers: {
        'content-type': 'application/problem+json',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      },
    },
  );
}

function listen(server: Server, { port, host }: ServeOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs - 500);
    // A connection whose last request finishes now would be kept alive; it is let go as soon as it is idle.
    const sweep = setInterval(() => server.closeIdleConnections(), 100);
    server.close(() => {
      clearTimeout(cut);
      clearInterval(sweep);
      resolve();
    });
    server.closeIdleConnections();
  });
}
