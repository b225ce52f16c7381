import { type Dsn, hostAndPort, type Parsed, wrong } from '../dsn.ts';

/** Where a webhook posts to, and the keys that sign it, in the order of the DSN. */
export interface WebhookSettings {
  readonly url: string;
  /** `host:port`, for display. */
  readonly server: string;
  readonly keys: readonly Uint8Array<ArrayBuffer>[];
}

/** Reads `webhook://host:port/path?secret=whsec_…&tls=0`. The secret is 24 to 64 bytes in base64, as in Standard Webhooks. */
export function readWebhookSettings(dsn: Dsn): Parsed<WebhookSettings> {
  if (dsn.host === '') return wrong('the host is missing');
  if (dsn.user !== null) return wrong('it takes no user or password; the receiver checks the signature');
  const tls = dsn.options.get('tls')?.[0];
  if (tls !== undefined && tls !== '0') return wrong('option tls may only be 0; encrypted is the default');
  const secrets = dsn.options.get('secret') ?? [];
  if (secrets.length === 0) return wrong('option secret is missing (whsec_ and 24 to 64 random bytes in base64)');
  const keys = secrets.map(decodeSecret).filter((key) => key !== null);
  if (keys.length !== secrets.length) return wrong('option secret must be whsec_ and 24 to 64 bytes in base64');
  const port = dsn.port ?? (tls === '0' ? 80 : 443);
  const server = hostAndPort(dsn.host, port);
  const url = `${tls === '0' ? 'http' : 'https'}://${server}${encodeURI(dsn.path || '/').replace(/[?#]/g, encodeURIComponent)}`;
  return URL.canParse(url) ? { ok: true, value: { url, server, keys } } : wrong('the host is not valid');
}

function decodeSecret(secret: string): Uint8Array<ArrayBuffer> | null {
  const base64 = /^whsec_([A-Za-z0-9+/]{32,88}={0,2})$/.exec(secret)?.[1];
  if (base64 === undefined) return null;
  const key = Uint8Array.from(Buffer.from(base64, 'base64'));
  return key.length >= 24 && key.length <= 64 ? key : null;
}
