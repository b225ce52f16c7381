import { request } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

const LOOK_EVERY_MS = 50;

/** Spreads new connections over the backends whose `/readyz` says 200, as a load balancer in front of a service does. */
export interface Balancer {
  readonly url: string;
  /** Resolves when the backend at that port gets connections again. */
  ready(port: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts a balancer in front of services at these loopback ports. It never repeats and never repairs anything. */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const fit = new Set<number>();
  const open = new Set<Socket>();
  let turn = 0;
  const look = async (): Promise<void> => {
    await Promise.all(ports.map(async (port) => ((await isReady(port)) ? fit.add(port) : fit.delete(port))));
  };
  await look();
  const looking = setInterval(() => void look(), LOOK_EVERY_MS);
  const server = createServer((client) => {
    const candidates = ports.filter((port) => fit.has(port));
    const backend = connect(candidates[turn++ % candidates.length] ?? 0, '127.0.0.1');
    for (const [one, other] of [
      [client, backend],
      [backend, client],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => open.delete(one));
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async ready(port) {
      while (!fit.has(port)) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    },
    async close() {
      clearInterval(looking);
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asking = request({ port, host: '127.0.0.1', path: '/readyz', agent: false, timeout: 1000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asking.once('timeout', () => asking.destroy());
    asking.once('error', () => resolve(false));
    asking.end();
  });
}
