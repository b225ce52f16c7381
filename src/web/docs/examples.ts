import { resolve, type OpenApiDocument, type Operation, type Schema } from './openapi.ts';

/** Values that read better than what a schema alone gives, by field name. */
const SAMPLES: Readonly<Record<string, unknown>> = {
  to: '+14155552671',
  phone: '+14155552671',
  email: 'mara@bluegum.example',
  code: '048213',
  purpose: 'login',
  locale: 'en',
  reference: 'order-1187',
  return_url: 'https://app.example/done',
  name: 'Acme',
  application: 'app_…',
  country: 'US',
  line_type: 'mobile',
  sends: 1,
  sends_remaining: 4,
  checks: 0,
  checks_remaining: 5,
  created_at: '2026-11-20T03:02:11Z',
  expires_at: '2026-11-20T03:12:11Z',
  next_send_at: '2026-11-20T03:02:41Z',
};

/** The prefix of an id, by the `object` that it names. */
const ID_PREFIXES: Readonly<Record<string, string>> = {
  verification: 'vrf',
  send: 'snd',
  event: 'evt',
  application: 'app',
  api_key: 'key',
  person: 'per',
  agent: 'agt',
  client: 'cli',
  representative: 'rep',
  webhook: 'whk',
  webhook_delivery: 'whd',
};

const DEEPEST = 6;
const LONGEST_LINE = 48;

/**
 * A value that fits a schema: its own example, else a known sample for the field, else the smallest thing of its type.
 * `requiredOnly` leaves out what a first call does not need.
 */
export function sampleOf(
  document: OpenApiDocument,
  raw: Schema,
  options: { name?: string; requiredOnly?: boolean; depth?: number } = {},
): unknown {
  const { name = '', requiredOnly = false, depth = 0 } = options;
  const schema = resolve(document, raw);
  const given = schema.example ?? schema.examples?.[0] ?? schema.const ?? schema.default ?? schema.enum?.[0];
  if (given !== undefined) return given;
  if (depth > DEEPEST) return null;
  if (Object.hasOwn(SAMPLES, name) && schema.properties === undefined) return SAMPLES[name];
  const variants = schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [];
  if (variants.some((one) => one.type === 'null')) return null;
  const variant = variants[0];
  if (variant !== undefined) return sampleOf(document, variant, { name, requiredOnly, depth: depth + 1 });
  return plainSample(document, schema, { requiredOnly, depth: depth + 1 });
}

function plainSample(
  document: OpenApiDocument,
  schema: Schema,
  options: { requiredOnly: boolean; depth: number },
): unknown {
  const types = [schema.type].flat();
  if (types.includes('null') || schema.nullable === true) return null;
  const type = types[0];
  if (type === 'object' || schema.properties !== undefined) return objectSample(document, schema, options);
  if (type === 'array') return schema.items === undefined ? [] : [sampleOf(document, schema.items, options)];
  if (type === 'integer' || type === 'number') return schema.minimum ?? 0;
  if (type === 'boolean') return false;
  return schema.format === 'date-time' ? '2026-11-20T03:12:11Z' : '…';
}

function objectSample(
  document: OpenApiDocument,
  schema: Schema,
  options: { requiredOnly: boolean; depth: number },
): unknown {
  const required = schema.required ?? [];
  const entries = Object.entries(schema.properties ?? {}).filter(
    ([name]) => !options.requiredOnly || required.includes(name),
  );
  const sample = Object.fromEntries(
    entries.map(([name, property]) => [name, sampleOf(document, property, { ...options, name })]),
  );
  const prefix = ID_PREFIXES[String(sample['object'])];
  return sample['id'] === '…' && prefix !== undefined ? { ...sample, id: `${prefix}_…` } : sample;
}

/** A call with everything it needs, as a command and as TypeScript. */
export interface CallExample {
  readonly curl: string;
  readonly typescript: string;
}

/** Both examples of a call. The key is read from the environment, so that an example can be pasted as it stands. */
export function callExample(document: OpenApiDocument, operation: Operation, base: string): CallExample {
  const address = `${base}${fillPath(operation)}${requiredQuery(document, operation)}`;
  const body =
    operation.body === null
      ? undefined
      : (operation.body.example ?? sampleOf(document, operation.body.schema, { requiredOnly: true }));
  return { curl: curlExample(operation, address, body), typescript: typescriptExample(operation, address, body) };
}

/** What the id of a path names, by the path's beginning; verifications otherwise. */
const PATH_IDS: readonly (readonly [path: string, id: string])[] = [
  ['/callbacks/', 'twilio'],
  ['/v1/applications/', 'app_…'],
  ['/v1/api-keys/', 'key_…'],
  ['/v1/agents/', 'agt_…'],
  ['/v1/webhooks/', 'whk_…'],
  ['/v1/webhook-deliveries/', 'whd_…'],
];

function fillPath({ path }: Operation): string {
  const id = PATH_IDS.find(([start]) => path.startsWith(start))?.[1] ?? 'vrf_…';
  return path.replace('{purpose}', 'login').replace('{id}', id);
}

function requiredQuery(document: OpenApiDocument, operation: Operation): string {
  const query = new URLSearchParams();
  for (const parameter of operation.parameters) {
    if (parameter.in !== 'query' || parameter.required !== true) continue;
    const sample = parameter.example ?? sampleOf(document, parameter.schema ?? {}, { name: parameter.name });
    query.set(parameter.name, String(sample));
  }
  return query.size === 0 ? '' : `?${query.toString()}`;
}

function curlExample(operation: Operation, address: string, body: unknown): string {
  const lines = [`curl${operation.method === 'GET' ? '' : ` -X ${operation.method}`} '${address}'`];
  if (operation.secured) lines.push(`  -H "Authorization: Bearer $WATCHWORD_KEY"`);
  if (body !== undefined) {
    lines.push(`  -H "Content-Type: application/json"`, `  -d '${shellJson(body)}'`);
  }
  return lines.join(' \\\n');
}

/** JSON for between single quotes, over several lines where one would be long. */
function shellJson(body: unknown): string {
  const line = JSON.stringify(body);
  return (line.length <= LONGEST_LINE ? line : JSON.stringify(body, null, 2)).replaceAll("'", `'\\''`);
}

function typescriptExample(operation: Operation, address: string, body: unknown): string {
  const headers: string[] = [];
  if (operation.secured) headers.push('    Authorization: `Bearer ${process.env.WATCHWORD_KEY}`,');
  if (body !== undefined) headers.push(`    'Content-Type': 'application/json',`);
  if (operation.method === 'POST' && operation.secured) headers.push(`    'Idempotency-Key': crypto.randomUUID(),`);
  const lines = [
    `  method: '${operation.method}',`,
    ...(headers.length === 0 ? [] : ['  headers: {', ...headers, '  },']),
    ...(body === undefined
      ? []
      : [`  body: JSON.stringify(${JSON.stringify(body, null, 2).replaceAll('\n', '\n  ')}),`]),
  ];
  const read = operation.answers.some(
    (answer) => answer.status.startsWith('2') && answer.type?.includes('json') === true,
  );
  const result = read ? '\nconst answer = await response.json();' : '';
  return `const response = await fetch('${address}', {\n${lines.join('\n')}\n});${result}`;
}
