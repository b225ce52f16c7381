import { NO_PROXIES } from '../core/trusted-proxies.ts';
import type { Origin } from '../service/api.ts';
import { clientIp } from './client-ip.ts';
import type { Exchange } from './route.ts';

/** Where a request came from: its address as far as proxies may say it, and the program it names. */
export function originOf({ peer, header, options }: Pick<Exchange, 'peer' | 'header' | 'options'>): Origin {
  const ip = clientIp(peer, header('x-forwarded-for'), options.trustedProxies ?? NO_PROXIES);
  return { ip, userAgent: header('user-agent') ?? '' };
}

/** The other end of the socket, as `@hono/node-server` hands it over; null where there is none. */
export function peerOf(bindings: unknown): string | null {
  const incoming = field(bindings, 'incoming');
  const address = field(field(incoming, 'socket'), 'remoteAddress');
  return typeof address === 'string' ? address : null;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
