import { lookup as resolve } from 'node:dns/promises';
import { request as requestHttp, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicIp } from '../../core/public-ip.ts';
import type { Secret } from '../../core/redacted.ts';
import type { WebhookAnswer, WebhookClient } from '../../ports/webhook-client.ts';
import { isLoopback } from '../dsn.ts';
import { systemCode } from '../outcome.ts';
import { openTunnel, ProxyRefusedError } from './tunnel.ts';

const TIMEOUT_MS = 15_000;
const LOOKUP_MS = 5_000;

export interface WebhookClientOptions {
  /** Development: this machine and plain http may be called. */
  readonly loopback: boolean;
  /** The operator's proxy, `http://user:password@host:port`, that all but this machine is called through. */
  readonly proxy?: Secret | null;
  /** Addresses of a host; the system's resolver unless a test has its own. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

/** Calls customers' addresses without letting them reach into the operator's network (abuse case A23). */
export function createWebhookClient({
  loopback,
  proxy = null,
  resolve = systemResolve,
}: WebhookClientOptions): WebhookClient {
  async function call(url: string, how: Call): Promise<WebhookAnswer> {
    const target = URL.canParse(url) ? new URL(url) : null;
    if (target === null) return blocked('it is no address');
    const host = target.hostname.replace(/^\[|\]$/g, '');
    if (target.protocol !== 'https:' && !(loopback && isLoopback(host))) return blocked('only https is called');
    const addresses = await addressesOf(host, resolve);
    if (addresses === null) return { type: 'failed', reason: 'the host name has no address' };
    const allowed = addresses.find((address) => isPublicIp(address) || (loopback && isLoopback(address)));
    // One bad address is enough: a name that also points inside is not to be trusted with the next lookup.
    if (
      allowed === undefined ||
      addresses.some((address) => !isPublicIp(address) && !(loopback && isLoopback(address)))
    )
      return blocked('its address is not on the public internet');
    const outside = proxy !== null && isPublicIp(allowed) ? proxy : null;
    return connect(target, { ...how, host, address: allowed, proxy: outside });
  }
  return {
    post: (url, headers, body) => call(url, { method: 'POST', headers, body }),
    open: (url) => call(url, { method: 'GET', headers: {}, body: '' }),
  };
}

function blocked(reason: string): WebhookAnswer {
  return { type: 'blocked', reason };
}

async function systemResolve(host: string): Promise<readonly string[]> {
  return (await resolve(host, { all: true })).map(({ address }) => address);
}

async function addressesOf(
  host: string,
  resolveHost: (host: string) => Promise<readonly string[]>,
): Promise<readonly string[] | null> {
  if (isIP(host) !== 0) return [host];
  try {
    const late = new Promise<readonly string[]>((resolve) => setTimeout(() => resolve([]), LOOKUP_MS).unref());
    const found = await Promise.race([resolveHost(host), late]);
    return found.length === 0 ? null : found;
  } catch {
    return null;
  }
}

interface Call {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Way extends Call {
  readonly host: string;
  readonly address: string;
  readonly proxy: Secret | null;
}

/** Connects to `address` whatever the name says by now; name and certificate are still the host's. */
async function connect(target: URL, way: Way): Promise<WebhookAnswer> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    return await exchange(target, way, { signal, ...(await wayOut(target, way, signal)) });
  } catch (error) {
    return { type: 'failed', reason: reasonOf(error) };
  }
}

async function wayOut(target: URL, { host, address, proxy }: Way, signal: AbortSignal): Promise<RequestOptions> {
  if (proxy === null) return { agent: false, lookup: pinnedTo(address) };
  const port = target.port === '' ? '443' : target.port;
  const socket = await openTunnel(proxy, { host, address, port }, signal);
  return { createConnection: () => socket };
}

function pinnedTo(address: string): LookupFunction {
  const family = isIP(address);
  return (_host, options, done) => {
    if (options.all === true) done(null, [{ address, family }]);
    else done(null, address, family);
  };
}

function exchange(target: URL, { method, headers, body }: Way, way: RequestOptions): Promise<WebhookAnswer> {
  const options: RequestOptions = {
    ...way,
    method,
    headers: { ...headers, host: target.host, 'content-length': String(Buffer.byteLength(body)) },
  };
  return new Promise((done, fail) => {
    const request = target.protocol === 'https:' ? requestHttps(target, options) : requestHttp(target, options);
    request.once('response', (response) => {
      done({ type: 'answered', status: response.statusCode ?? 0 });
      response.on('error', () => undefined);
      // What it says beside the status is nobody's business.
      response.destroy();
    });
    request.on('error', fail);
    request.end(body);
  });
}

function reasonOf(error: unknown): string {
  if (error instanceof ProxyRefusedError) return error.message;
  if (!(error instanceof Error)) return 'no connection (failed)';
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'no answer within 15 s';
  return `no connection (${systemCode(error) ?? 'failed'})`;
}
