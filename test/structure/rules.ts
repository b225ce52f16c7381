import { posix } from 'node:path';
import { codeLines, importsOf, type Source } from './sources.ts';

/** What each folder may import, besides itself. The edges may import all and are imported by nobody. */
export const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  core: [],
  ports: ['core'],
  crypto: ['core'],
  schema: ['core'],
  service: ['core', 'ports', 'crypto'],
  stores: ['core', 'ports'],
  channels: ['core', 'ports'],
  http: ['core', 'schema', 'service'],
  web: ['core', 'schema', 'service'],
  config: ['core', 'schema'],
  client: ['core'],
  testing: ['core', 'ports'],
};

export const EDGES: readonly string[] = ['cli', 'runtime', 'compose.ts', 'index.ts'];

/** Packages of the folders that may have only these; the others may import any but `node:crypto`. */
const PACKAGES: Readonly<Record<string, RegExp>> = {
  core: /^(?!)/,
  ports: /^(?!)/,
  crypto: /^node:(crypto|zlib)$/,
  schema: /^zod$/,
  service: /^(?!)/,
  client: /^(?!)/,
};

/** Single files that may import more. */
const FILE_PACKAGES: Readonly<Record<string, RegExp>> = {
  'core/phone.ts': /^libphonenumber-js(\/|$)/,
  'crypto/password.ts': /^@node-rs\/argon2$/,
  'crypto/passkey.ts': /^@simplewebauthn\/server(\/helpers)?$/,
};

/** Names that a folder's code may not use. */
const BANNED: readonly {
  readonly name: string;
  readonly pattern: RegExp;
  readonly folders: readonly string[] | null;
}[] = [
  { name: 'Math.random', pattern: /\bMath\.random\b/, folders: null },
  { name: 'process.env', pattern: /\bprocess\.env\b/, folders: null },
  {
    name: 'the host clock',
    pattern: /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b/,
    folders: ['core', 'ports', 'crypto', 'service', 'stores', 'channels', 'schema'],
  },
  { name: 'the global crypto', pattern: /(?<![.\w])crypto\.(?:subtle|random|getRandom)/, folders: null },
];

/** The only exceptions, each with its reason. One that is no longer needed is reported too. */
export const EXCEPTIONS: readonly { readonly path: string; readonly name: string; readonly reason: string }[] = [
  { path: 'config/env.ts', name: 'process.env', reason: 'the one reader of the environment' },
  { path: 'web/docs/examples.ts', name: 'the global crypto', reason: 'text of an example that users copy' },
  {
    path: 'stores/sql/server/store.ts',
    name: 'the host clock',
    reason: 'the default of an option: what the database’s clock is compared with',
  },
  { path: 'stores/redis/elapsed.ts', name: 'the host clock', reason: 'the monotonic clock, for waits and caches only' },
  { path: 'stores/redis/store.ts', name: 'the host clock', reason: 'the default of an option; tests pass their own' },
  { path: 'stores/sqlite/connection.ts', name: 'the host clock', reason: 'gives up on a busy database' },
  { path: 'stores/sqlite/store.ts', name: 'the host clock', reason: 'the default of an option; tests pass their own' },
  { path: 'stores/sqlite/migrations.ts', name: 'the host clock', reason: 'gives up on a busy database' },
  { path: 'stores/sqlite/writer.ts', name: 'the host clock', reason: 'gives up on a busy database' },
  ...['transport', 'receipt', 'webhook'].map((name) => ({
    path: `client/${name}.ts`,
    name: 'the global crypto',
    reason: 'runs where there is no node:crypto: browsers, Bun, Deno',
  })),
  {
    path: 'channels/webhook/signature.ts',
    name: 'the global crypto',
    reason: 'Standard Webhooks signature; channels may not import crypto/',
  },
  {
    path: 'channels/provider/signatures.ts',
    name: 'the global crypto',
    reason: 'providers’ signatures; WebCrypto is all it needs',
  },
];

/** Every breach of the rules, as `file: what`. */
export function breaches(sources: readonly Source[]): readonly string[] {
  const excepted = new Set(EXCEPTIONS.map(({ path, name }) => `${path}: ${name}`));
  return allBreaches(sources).filter((breach) => !excepted.has(breach));
}

/** Exceptions that no source needs any more. */
export function unusedExceptions(sources: readonly Source[]): readonly string[] {
  const found = new Set(allBreaches(sources));
  return EXCEPTIONS.map(({ path, name }) => `${path}: ${name}`).filter((exception) => !found.has(exception));
}

function allBreaches(sources: readonly Source[]): readonly string[] {
  return sources.flatMap((source) =>
    [...forbiddenImports(source), ...bannedNames(source)].map((what) => `${source.path}: ${what}`),
  );
}

function forbiddenImports(source: Source): readonly string[] {
  const folder = folderOf(source.path);
  if (!EDGES.includes(folder) && ALLOWED[folder] === undefined) return ['the folder is not in the table'];
  return importsOf(source).filter((specifier) =>
    specifier.startsWith('.') ? !mayReach(source, specifier) : !mayUse(source, specifier),
  );
}

function mayReach(source: Source, specifier: string): boolean {
  const from = folderOf(source.path);
  const to = folderOf(posix.join(posix.dirname(source.path), specifier));
  return from === to || EDGES.includes(from) || ALLOWED[from]?.includes(to) === true;
}

function mayUse(source: Source, specifier: string): boolean {
  const folder = folderOf(source.path);
  if (FILE_PACKAGES[source.path]?.test(specifier) === true) return true;
  if (/^(node:)?crypto$/.test(specifier)) return folder === 'crypto' && specifier === 'node:crypto';
  return PACKAGES[folder]?.test(specifier) ?? true;
}

function bannedNames(source: Source): readonly string[] {
  const folder = folderOf(source.path);
  const lines = codeLines(source);
  return BANNED.filter(({ folders }) => folders === null || folders.includes(folder))
    .filter(({ pattern }) => lines.some((line) => pattern.test(line)))
    .map(({ name }) => name);
}

function folderOf(path: string): string {
  return path.split('/')[0] ?? path;
}
