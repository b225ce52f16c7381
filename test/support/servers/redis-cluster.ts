import { claimPort, releasePort } from './ports.ts';
import { type RealServer } from './child.ts';
import { onRedis, type RedisOptions, startRedis } from './redis.ts';

const SLOTS = 16_384;
const JOINED_MS = 20_000;

/** Three masters that share the slots. */
export interface RealCluster {
  /** All masters: `redis://a,b,c?cluster=1`. */
  readonly url: string;
  readonly nodes: readonly RealServer[];
  /** Deletes every key. */
  flush(): Promise<void>;
  remove(): Promise<void>;
}

/** A private Redis Cluster of three masters, strict as {@link startRedis}. */
export async function startRedisCluster({ settings = {} }: RedisOptions = {}): Promise<RealCluster> {
  const buses = await Promise.all([claimPort(), claimPort(), claimPort()]);
  const nodes = await Promise.all(
    buses.map((bus) =>
      startRedis({
        settings: {
          databases: 1,
          'cluster-enabled': 'yes',
          'cluster-port': bus,
          'cluster-node-timeout': 2000,
          'cluster-config-file': 'nodes.conf',
          ...settings,
        },
      }),
    ),
  );
  await join(nodes, buses);
  return {
    url: `redis://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}?cluster=1`,
    nodes,
    flush: async () => void (await Promise.all(nodes.map(({ url }) => onRedis(url, 'FLUSHALL')))),
    async remove() {
      await Promise.all(nodes.map((node) => node.remove()));
      for (const bus of buses) releasePort(bus);
    },
  };
}

async function join(nodes: readonly RealServer[], buses: readonly number[]): Promise<void> {
  const share = Math.ceil(SLOTS / nodes.length);
  const [first] = nodes;
  for (const [index, { url, port }] of nodes.entries()) {
    const last = Math.min((index + 1) * share, SLOTS) - 1;
    await onRedis(url, 'CLUSTER', 'ADDSLOTSRANGE', index * share, last);
    await onRedis(url, 'CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
    if (first !== undefined && index > 0)
      await onRedis(first.url, 'CLUSTER', 'MEET', '127.0.0.1', port, buses[index] ?? 0);
  }
  const until = Date.now() + JOINED_MS;
  while (!(await isWhole(nodes))) {
    if (Date.now() > until) throw new Error('the cluster did not come together');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function isWhole(nodes: readonly RealServer[]): Promise<boolean> {
  const states = await Promise.all(nodes.map(({ url }) => onRedis(url, 'CLUSTER', 'INFO')));
  return states.every((state) => {
    const said = String(state);
    return said.includes('cluster_state:ok') && said.includes(`cluster_known_nodes:${nodes.length}`);
  });
}
