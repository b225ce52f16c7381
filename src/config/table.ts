import type { Secret } from '../core/redacted.ts';
import { parseTrustedProxies } from '../core/trusted-proxies.ts';
import {
  filePath,
  hostName,
  oneDsn,
  proxyUrl,
  oneOf,
  type Parse,
  providerDsns,
  publicUrl,
  rootSecret,
  rootSecrets,
  wholeNumber,
} from './parse.ts';
import { databaseUrl, redisUrl } from './store-url.ts';

export const GROUPS = {
  server: 'Server',
  storage: 'Storage',
  secrets: 'Secrets',
  providers: 'Providers',
  operation: 'Operation',
} as const;

/** One setting: how it is called, read and explained. `type` and `default` are words for people. */
export interface Setting<T> {
  readonly name: string;
  readonly group: keyof typeof GROUPS;
  readonly type: string;
  readonly default: string;
  readonly doc: string;
  /** Never shown; may be given as a file (`NAME_FILE`). */
  readonly secret: boolean;
  readonly parse: Parse<T>;
  /** A value for `.env.example`, shown behind a `#`. */
  readonly example?: string;
}

function setting<T>(facts: Omit<Setting<T>, 'secret'> & { readonly secret?: boolean }): Setting<T> {
  return { secret: false, ...facts };
}

function provider(name: string, what: string, example: string): Setting<readonly Secret[]> {
  return setting({
    name,
    group: 'providers',
    type: 'DSNs, separated by spaces',
    default: 'none (`inbox://` in development)',
    secret: true,
    parse: providerDsns,
    example,
    doc: `Who carries ${what}, tried in this order.`,
  });
}

export const MODES = ['development', 'production'] as const;
export const STORES = ['sql', 'redis'] as const;
export const REDIS_DURABILITIES = ['strict', 'relaxed'] as const;
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** Every setting there is. The keys are the names of the library's options; docs and `.env.example` are made from this table. */
export const SETTINGS = {
  mode: setting({
    name: 'WATCHWORD_MODE',
    group: 'operation',
    type: '`development` or `production`',
    default: '`production` when `NODE_ENV` is `production`, else `development`',
    parse: oneOf(MODES),
    example: 'production',
    doc: 'Development makes its own secret, migrates by itself and shows every message in an inbox. Production refuses the inbox, an old schema and a missing secret.',
  }),
  port: setting({
    name: 'PORT',
    group: 'server',
    type: 'number, 0–65535',
    default: '`7070`',
    parse: wholeNumber(0, 65_535),
    example: '7070',
    doc: 'The port to listen on; 0 takes a free one.',
  }),
  host: setting({
    name: 'HOST',
    group: 'server',
    type: 'host name or address',
    default: '`127.0.0.1` in development, `0.0.0.0` in production',
    parse: hostName,
    example: '127.0.0.1',
    doc: 'The address to listen on.',
  }),
  publicUrl: setting({
    name: 'WATCHWORD_PUBLIC_URL',
    group: 'server',
    type: 'http or https address',
    default: 'none',
    parse: publicUrl,
    example: 'https://verify.example.com',
    doc: 'Where people and programs reach this service from outside; links are made from it, never from a request’s Host header. A path becomes the base path.',
  }),
  trustProxy: setting({
    name: 'WATCHWORD_TRUST_PROXY',
    group: 'server',
    type: 'networks, separated by spaces or commas; `loopback`, `private`, `none`; or a number of proxies',
    default: '`none`',
    parse: parseTrustedProxies,
    example: '10.0.0.0/8',
    doc: 'The proxies in front of this service. Only their forwarded headers count, read right to left.',
  }),
  databaseUrl: setting({
    name: 'DATABASE_URL',
    group: 'storage',
    type: 'URL',
    default: '`sqlite:./data/watchword.db`',
    secret: true,
    parse: databaseUrl,
    example: 'sqlite:./data/watchword.db',
    doc: 'Where verifications and records are kept: `sqlite:` and a file, `postgres://user:password@host:5432/database` (`?schema=` and `?sslmode=` are read) or `mysql://user:password@host:3306/database` (MySQL and MariaDB).',
  }),
  redisUrl: setting({
    name: 'REDIS_URL',
    group: 'storage',
    type: 'URL',
    default: 'none',
    secret: true,
    parse: redisUrl,
    example: 'redis://127.0.0.1:6379/0',
    doc: 'A Redis or Valkey server: `redis://user:password@host:6379/0`, `rediss://` with TLS, several hosts separated by commas for a cluster. Under `WATCHWORD_STORE=sql` it holds only the rates by IP address and by key; losing it opens nothing.',
  }),
  store: setting({
    name: 'WATCHWORD_STORE',
    group: 'storage',
    type: '`sql` or `redis`',
    default: '`sql`',
    parse: oneOf(STORES),
    example: 'sql',
    doc: 'What decides: the database, or Redis with the database behind it for the records. `redis` needs `REDIS_URL` and a `postgres://` or `mysql://` database.',
  }),
  redisDurability: setting({
    name: 'WATCHWORD_REDIS_DURABILITY',
    group: 'storage',
    type: '`strict` or `relaxed`',
    default: '`strict`',
    parse: oneOf(REDIS_DURABILITIES),
    example: 'strict',
    doc: 'Under `WATCHWORD_STORE=redis`: `strict` starts only on a Redis that keeps every commit it acknowledged (`appendfsync always`, `noeviction`). `relaxed` accepts a weaker one: a crash of Redis may then lose the newest seconds, a counted guess among them.',
  }),
  secret: setting({
    name: 'WATCHWORD_SECRET',
    group: 'secrets',
    type: 'text, at least 32 bytes',
    default: 'none; required in production. Development makes one and keeps it beside the database',
    secret: true,
    parse: rootSecret,
    doc: 'The root secret: every key is derived from it. Whoever has it and the database can read destinations. Make one with `openssl rand -base64 32`.',
  }),
  secretPrevious: setting({
    name: 'WATCHWORD_SECRET_PREVIOUS',
    group: 'secrets',
    type: 'texts, separated by spaces',
    default: 'none',
    secret: true,
    parse: rootSecrets,
    doc: 'Earlier root secrets, newest first. They still read what they wrote, so that a rotation loses no pending verification, no record and no seal of the audit log.',
  }),
  email: provider('WATCHWORD_EMAIL', 'e-mail', 'smtp://user:pass@mail.example:587?from=Acme%20<no-reply@acme.example>'),
  sms: provider('WATCHWORD_SMS', 'SMS', 'webhook://gateway.example/sms?secret=whsec_…'),
  voice: provider('WATCHWORD_VOICE', 'voice calls', 'webhook://gateway.example/voice?secret=whsec_…'),
  whatsapp: provider('WATCHWORD_WHATSAPP', 'WhatsApp messages', 'webhook://gateway.example/whatsapp?secret=whsec_…'),
  telegram: provider('WATCHWORD_TELEGRAM', 'Telegram messages', 'webhook://gateway.example/telegram?secret=whsec_…'),
  riskHook: setting({
    name: 'WATCHWORD_RISK_HOOK',
    group: 'operation',
    type: 'DSN',
    default: 'none',
    secret: true,
    parse: oneDsn,
    example: 'webhook://risk.example/assess?secret=whsec_…&on_failure=challenge',
    doc: 'Asked about every live start before anything is counted or sent; it answers `allow`, `challenge` or `deny`. `on_failure` says what counts when it does not answer in time (`challenge` without it); see docs/hosted.md.',
  }),
  captcha: setting({
    name: 'WATCHWORD_CAPTCHA',
    group: 'operation',
    type: 'DSN',
    default: 'none (a proof of work)',
    secret: true,
    parse: oneDsn,
    example: 'turnstile://SITEKEY:SECRET@default',
    doc: 'What the hosted pages show where a policy (`challenge`) or the risk hook asks for a challenge: `turnstile://`, `hcaptcha://` or `recaptcha://` (v2) with the site key and the secret key. When the provider cannot be asked the browser gets a proof of work; see docs/hosted.md.',
  }),
  webhookProxy: setting({
    name: 'WATCHWORD_WEBHOOK_PROXY',
    group: 'operation',
    type: 'URL',
    default: 'none',
    secret: true,
    parse: proxyUrl,
    example: 'http://user:password@proxy.example:3128',
    doc: 'A proxy (`http://` or `https://`) that webhooks to customers go out through, by `CONNECT`. Addresses are resolved and looked at before; the proxy is asked for the very address that was.',
  }),
  logLevel: setting({
    name: 'WATCHWORD_LOG_LEVEL',
    group: 'operation',
    type: '`debug`, `info`, `warn` or `error`',
    default: '`info`',
    parse: oneOf(LOG_LEVELS),
    example: 'info',
    doc: 'The least important lines that are still logged. No level logs a code, an address or a credential.',
  }),
  config: setting({
    name: 'WATCHWORD_CONFIG',
    group: 'operation',
    type: 'path of a JSON file',
    default: 'none',
    parse: filePath,
    example: './watchword.json',
    doc: 'Limits, applications, policies and providers per application. What it sets, the API shows read-only.',
  }),
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

export type SettingKey = keyof typeof SETTINGS;
export const SETTING_KEYS = Object.keys(SETTINGS) as readonly SettingKey[];

/** What was given, parsed; absent = not given. */
export type GivenSettings = {
  readonly [Key in SettingKey]?: (typeof SETTINGS)[Key] extends Setting<infer T> ? T : never;
};
