import { request as requestHttp, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { Secret } from '../../core/redacted.ts';
import { basicAuth } from '../provider/requests.ts';

/** Where to, by the address that was looked at; name and certificate are the host's. */
export interface TunnelEnd {
  readonly host: string;
  readonly address: string;
  readonly port: string;
}

/** The proxy did not connect; `status` is its answer to `CONNECT` (RFC 9110, section 9.3.6). */
export class ProxyRefusedError extends Error {
  override readonly name = 'ProxyRefusedError';
  readonly status: number;

  constructor(status: number) {
    super(`the proxy answered ${status}`);
    this.status = status;
  }
}

/** TLS with `end.host` inside a `CONNECT` of the proxy to `end.address`. Rejects with {@link ProxyRefusedError} or the system's error. */
export function openTunnel(proxy: Secret, { host, address, port }: TunnelEnd, signal: AbortSignal): Promise<TLSSocket> {
  const url = new URL(proxy.reveal());
  const path = `${isIP(address) === 6 ? `[${address}]` : address}:${port}`;
  const options: RequestOptions = { method: 'CONNECT', path, headers: headersFor(url, path), agent: false, signal };
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options);
    request.on('error', reject);
    request.once('connect', (response, socket) => {
      if (response.statusCode === 200)
        return resolve(connect({ socket, ...(isIP(host) ? { host } : { servername: host }) }));
      socket.destroy();
      reject(new ProxyRefusedError(response.statusCode ?? 0));
    });
    request.once('response', (response) => {
      response.destroy();
      reject(new ProxyRefusedError(response.statusCode ?? 0));
    });
    request.end();
  });
}

function headersFor({ username, password }: URL, host: string): Record<string, string> {
  if (username === '' && password === '') return { host };
  const { authorization } = basicAuth(decodeURIComponent(username), decodeURIComponent(password));
  return { host, 'proxy-authorization': authorization };
}
