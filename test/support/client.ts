import { Agent, request } from 'node:http';

export interface CallOptions {
  readonly key?: string;
  readonly body?: unknown;
  /** Sent as it is, instead of `body` as JSON. */
  readonly raw?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The parsed body; an empty object when it is no JSON. */
  readonly body: Record<string, any>;
  /** Number of the socket that carried it, per client. */
  readonly socket: number;
}

export interface HttpClient {
  /** Rejects only when no answer came. */
  call(method: string, path: string, options?: CallOptions): Promise<HttpAnswer>;
  close(): void;
}

/** An HTTP client over at most `sockets` kept connections, so that a test says how many there are. */
export function createClient(url: string, sockets = 16): HttpClient {
  const agent = new Agent({ keepAlive: true, maxSockets: sockets, scheduling: 'fifo' });
  const numbers = new WeakMap<object, number>();
  let opened = 0;

  function numberOf(socket: object | null): number {
    if (socket === null) return -1;
    const known = numbers.get(socket);
    if (known !== undefined) return known;
    numbers.set(socket, opened);
    return opened++;
  }

  function call(method: string, path: string, { key, body, raw, headers = {} }: CallOptions = {}): Promise<HttpAnswer> {
    const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    return new Promise((resolve, reject) => {
      const outgoing = request(
        `${url}${path}`,
        {
          method,
          agent,
          headers: {
            ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
            ...(payload === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
            ...headers,
          },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          const socket = numberOf(incoming.socket);
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, body: parsed(text), socket });
          });
        },
      );
      outgoing.on('error', (error) =>
        reject(new Error(`${outgoing.reusedSocket ? 'kept' : 'new'} connection: ${error.message}`, { cause: error })),
      );
      outgoing.end(payload);
    });
  }

  return { call, close: () => agent.destroy() };
}

function parsed(text: string): Record<string, any> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
