/** Where Redis is: one server, or the first nodes of a cluster. */
export interface RedisAddress {
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly username: string | null;
  readonly password: string | null;
  readonly db: number;
  readonly tls: boolean;
  /** True when the URL says `?cluster=1`; a single node is asked. */
  readonly cluster: boolean;
}

const FORM = /^(rediss?):\/\/(?:([^@/]*)@)?([^/?#@]+)(?:\/(\d*))?(?:\?([^#]*))?$/;
const DEFAULT_PORT = 6379;

/** Reads `redis://user:password@host:port/db`, or `redis://h1:p1,h2:p2?cluster=1`; null when it is neither. */
export function parseRedisUrl(url: string): RedisAddress | null {
  const parts = FORM.exec(url.replace(/,rediss?:\/\//g, ','));
  if (parts === null) return null;
  const [, scheme, credentials = '', hosts = '', db = '', query = ''] = parts;
  const nodes = hosts.split(',').map(nodeOf);
  if (nodes.some((node) => node.host === '' || !(node.port > 0 && node.port < 65_536))) return null;
  const at = credentials.indexOf(':');
  const username = at === -1 ? credentials : credentials.slice(0, at);
  return {
    nodes,
    username: username === '' ? null : decodeURIComponent(username),
    password: at === -1 ? null : decodeURIComponent(credentials.slice(at + 1)),
    db: Number(db === '' ? 0 : db),
    tls: scheme === 'rediss',
    cluster: new URLSearchParams(query).get('cluster') === '1' || nodes.length > 1,
  };
}

function nodeOf(text: string): { host: string; port: number } {
  const parts = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(text);
  const host = (parts?.[1] ?? '').replace(/^\[|\]$/g, '');
  return { host, port: Number(parts?.[2] ?? DEFAULT_PORT) };
}
