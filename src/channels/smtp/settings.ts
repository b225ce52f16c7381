import { type Dsn, hostAndPort, isLoopback, type Parsed, wrong } from '../dsn.ts';
import { isSingleAddress } from '../single-address.ts';

/** A mailbox with its display name, '' when it has none. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** Encrypted from the first byte, by STARTTLS or not at all, by STARTTLS if the server offers it, or never. */
export type Encryption = 'implicit' | 'required' | 'offered' | 'none';

/** What an `smtp://` or `smtps://` DSN says. Paths are of PEM files. */
export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  /** `host:port`, for display. */
  readonly server: string;
  readonly login: { readonly user: string; readonly password: string } | null;
  readonly from: Mailbox;
  readonly encryption: Encryption;
  readonly caPath: string | null;
  readonly dkim: { readonly domain: string; readonly selector: string; readonly keyPath: string } | null;
}

/** Reads an SMTP DSN. Credentials leave this machine only encrypted, unless `tls=0` says otherwise. */
export function readSmtpSettings(dsn: Dsn): Parsed<SmtpSettings> {
  if (dsn.host === '') return wrong('the host is missing');
  if (dsn.path !== '' && dsn.path !== '/')
    return wrong('it takes no path; percent-encode / in a user name or password');
  if (dsn.user !== null && (dsn.user === '' || !dsn.password)) return wrong('the user or the password is missing');
  const sender = dsn.options.get('from')?.[0];
  if (sender === undefined) return wrong('option from is missing (the sender, Name%20<address>)');
  const from = parseMailbox(sender);
  if (from === null) return wrong('option from must be an address or Name%20<address>');
  const encryption = readEncryption(dsn);
  if (!encryption.ok) return encryption;
  const dkim = readDkim(dsn);
  if (!dkim.ok) return dkim;
  const port = dsn.port ?? (encryption.value === 'implicit' ? 465 : 587);
  return {
    ok: true,
    value: {
      host: dsn.host,
      port,
      server: hostAndPort(dsn.host, port),
      login: dsn.user !== null && dsn.password !== null ? { user: dsn.user, password: dsn.password } : null,
      from,
      encryption: encryption.value,
      caPath: dsn.options.get('ca')?.[0] ?? null,
      dkim: dkim.value,
    },
  };
}

/** Reads `address` or `Name <address>`; null when it is neither. */
export function parseMailbox(text: string): Mailbox | null {
  const named = /^([^<>]*)<([^<>]+)>$/.exec(text);
  const name = (named?.[1] ?? '').trim().replace(/^"(.*)"$/, '$1');
  const address = (named?.[2] ?? text).trim();
  // oxlint-disable-next-line no-control-regex -- a line end in the name would start a new header
  return isSingleAddress(address) && !/[\u0000-\u001f\u007f]/.test(name) ? { name, address } : null;
}

function readEncryption(dsn: Dsn): Parsed<Encryption> {
  const tls = dsn.options.get('tls')?.[0];
  if (tls !== undefined && tls !== '0' && tls !== 'required') return wrong('option tls must be 0 or required');
  if (dsn.scheme === 'smtps') {
    return tls === '0' ? wrong('smtps:// and tls=0 contradict each other') : { ok: true, value: 'implicit' };
  }
  if (dsn.port === 465) return wrong('port 465 is encrypted from the start; write smtps:// instead of smtp://');
  if (tls === '0') return { ok: true, value: 'none' };
  if (tls === 'required') return { ok: true, value: 'required' };
  return { ok: true, value: dsn.user !== null && !isLoopback(dsn.host) ? 'required' : 'offered' };
}

function readDkim(dsn: Dsn): Parsed<SmtpSettings['dkim']> {
  const [domain, selector, keyPath] = ['dkim_domain', 'dkim_selector', 'dkim_key'].map(
    (name) => dsn.options.get(name)?.[0],
  );
  if (domain === undefined && selector === undefined && keyPath === undefined) return { ok: true, value: null };
  if (domain === undefined || selector === undefined || keyPath === undefined) {
    return wrong('DKIM needs all of dkim_domain, dkim_selector and dkim_key');
  }
  const names = /^[a-z0-9-]+(\.[a-z0-9-]+)*$/i;
  if (!names.test(domain) || !names.test(selector)) return wrong('dkim_domain and dkim_selector must be host names');
  return { ok: true, value: { domain, selector, keyPath } };
}
