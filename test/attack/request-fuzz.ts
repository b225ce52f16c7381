import fc from 'fast-check';

/** What is read of an OpenAPI document: enough to make requests that nearly fit it. */
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly parameters?: readonly { readonly name?: string; readonly in?: string; readonly schema?: Schema }[];
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly examples?: readonly unknown[];
}

export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly raw: string | Buffer | null;
}

const NASTY_TEXTS = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u202e\u2066',
  '"\\',
  "' OR 1=1 --",
  '"; DROP TABLE verifications; --',
  '%',
  '%00',
  '../../etc/passwd',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '=cmd()',
  '__proto__',
  'constructor',
  '1e309',
  '+14155552671;ext=1',
  'a@b.example\r\nBcc: c@d.example',
  `${'('.repeat(400)}@`,
  `+${'9'.repeat(900)}`,
  `${'a.'.repeat(400)}@x.example`,
  '１２３４５６',
  '🦊'.repeat(50),
] as const;
const ADDRESSES = [
  '+14155552671',
  '+442079460123',
  'ann@example.com',
  'Bob+tag@exämple.example',
  '+1900555',
  '0',
] as const;

/** Requests made from the document: some fit, most nearly, some not at all. `ids` are real ones to aim at. */
export function requests(document: OpenApi, ids: readonly string[]): fc.Arbitrary<FuzzRequest> {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      requestTo(document, { path, method: method.toUpperCase(), operation }, ids),
    ),
  );
  return fc.oneof(...operations);
}

interface Target {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

function requestTo(
  document: OpenApi,
  { path, method, operation }: Target,
  ids: readonly string[],
): fc.Arbitrary<FuzzRequest> {
  const schema = operation.requestBody?.content['application/json']?.schema;
  const names = (operation.parameters ?? [])
    .filter((parameter) => parameter.in === 'query')
    .map(({ name = '' }) => name);
  return fc
    .record({
      id: fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...ids, 'login') },
        fc.constantFrom(...NASTY_TEXTS),
        fc.string({ unit: 'binary', maxLength: 60 }),
      ),
      query: fc.array(fc.tuple(fc.constantFrom(...names, 'unknown'), queryValue()), {
        maxLength: names.length === 0 ? 1 : 4,
      }),
      headers: headers(),
      method: fc.oneof(
        { weight: 30, arbitrary: fc.constant(method) },
        fc.constantFrom('PUT', 'DELETE', 'PATCH', 'OPTIONS', 'POST'),
      ),
      raw: schema === undefined ? fc.constant(null) : body(valueOf(document, schema)),
    })
    .map(({ id, query, ...rest }) => {
      const search = query.map(([name, value]) => `${name}=${percentEncoded(value)}`).join('&');
      return {
        ...rest,
        path: `${path.replace(/\{\w+\}/, () => percentEncoded(id))}${search === '' ? '' : `?${search}`}`,
      };
    });
}

/** Every byte outside the plain characters, lone surrogates too. */
function percentEncoded(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) =>
      /[\w.-]/.test(String.fromCharCode(byte)) && byte < 128
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).padStart(2, '0')}`,
    )
    .join('');
}

function queryValue(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom(
      'pending',
      'sms',
      'login',
      'US',
      '2026-01-01T00:00:00Z',
      '20',
      '0',
      '101',
      '-1',
      '1e3',
      ...ADDRESSES,
    ),
    fc.constantFrom(...NASTY_TEXTS),
    fc.string({ unit: 'binary', maxLength: 200 }),
  );
}

function headers(): fc.Arbitrary<Readonly<Record<string, string>>> {
  const printable = fc.string({ unit: 'grapheme-ascii', maxLength: 300 }).map((text) => text.trim());
  return fc
    .record(
      {
        'idempotency-key': fc.oneof(fc.constantFrom('k1', 'k2', ''), printable),
        accept: fc.oneof(fc.constantFrom('text/csv', '*/*', 'application/json;q=0.1,text/csv', ';;;,q=,'), printable),
        'content-type': fc.constantFrom(
          'application/json; charset=utf-8',
          'application/json; charset=utf-16',
          'text/plain',
          'application/x-www-form-urlencoded',
          '',
        ),
        'content-encoding': fc.constantFrom('gzip', 'identity', 'br, gzip'),
        'x-forwarded-for': fc.constantFrom('1.2.3.4', 'unknown, ::1', '"', '999.1.1.1'),
        authorization: fc.constantFrom('Bearer', 'Bearer ww_live_x', 'Basic QTpC', `Bearer ${'x'.repeat(3000)}`),
        'accept-language': fc.constantFrom('de', '*', 'xx-'.repeat(100)),
      },
      { requiredKeys: [] },
    )
    .chain((all) =>
      // Most requests carry few of them, or nothing would get through to the handlers.
      fc
        .array(fc.constantFrom(...Object.keys(all), 'none'), { maxLength: 2 })
        .map((picked) =>
          Object.fromEntries(
            Object.entries(all).filter(
              ([name]) =>
                (picked.includes(name) && name !== 'authorization') ||
                (name === 'authorization' && picked.length === 2 && picked[0] === name),
            ),
          ),
        ),
    );
}

function body(valid: fc.Arbitrary<unknown>): fc.Arbitrary<string | Buffer | null> {
  const text = valid.map((value) => JSON.stringify(value) ?? '');
  const nearly = fc
    .tuple(valid, fc.array(fc.nat(7), { maxLength: 4 }), nasty())
    .map(([value, steps, bad]) => JSON.stringify(replaced(value, steps, bad)) ?? '');
  const cut = fc.tuple(text, fc.nat(200)).map(([whole, at]) => whole.slice(0, at));
  const doubled = text.map((whole) => whole.replace('{', '{"to":1,"to":2,'));
  const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
  const deep = fc.nat(3_000).map((depth) => '['.repeat(depth) + ']'.repeat(depth));
  return fc.oneof(
    { weight: 5, arbitrary: text },
    { weight: 8, arbitrary: nearly },
    cut,
    doubled,
    bytes,
    deep,
    fc.json(),
    fc.constantFrom(null, '', '\ufeff{}', '{"__proto__":{"x":1}}', `{"to":"${'9'.repeat(20_000)}"}`),
  );
}

function nasty(): fc.Arbitrary<unknown> {
  return fc.oneof(
    fc.constantFrom<unknown>(...NASTY_TEXTS),
    fc.constantFrom<unknown>(null, 0, -1, 1.5, 1e21, true, [], {}, [[[[]]]], Number.MAX_SAFE_INTEGER),
    fc.jsonValue(),
  );
}

/** The value with one place inside it replaced, found by taking these steps. */
function replaced(value: unknown, [step, ...rest]: readonly number[], bad: unknown): unknown {
  if (step === undefined || typeof value !== 'object' || value === null) return bad;
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (index === step % value.length ? replaced(item, rest, bad) : item));
  const entries = Object.entries(value);
  if (step === 7 || entries.length === 0)
    return Object.fromEntries([...entries, [typeof bad === 'string' ? bad : 'unknown', bad]]);
  const index = step % entries.length;
  return Object.fromEntries(entries.map(([name, item], at) => [name, at === index ? replaced(item, rest, bad) : item]));
}

/** Values that fit a schema, with addresses and codes where they matter. */
function valueOf(document: OpenApi, schema: Schema, name = ''): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined)
    return valueOf(document, document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, name);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map((choice) => valueOf(document, choice, name)));
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.const !== undefined) return fc.constant(schema.const);
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? ['null']);
  return fc.oneof(...types.map((type) => ofType(document, schema, type, name)));
}

function ofType(document: OpenApi, schema: Schema, type: string, name: string): fc.Arbitrary<unknown> {
  switch (type) {
    case 'object':
      return objectOf(document, schema);
    case 'array':
      return fc.array(valueOf(document, schema.items ?? {}, name), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 5, 5),
      });
    case 'integer':
    case 'number':
      return fc.integer({ min: schema.minimum ?? -1_000, max: Math.min(schema.maximum ?? 1_000, 2 ** 31 - 1) });
    case 'boolean':
      return fc.boolean();
    case 'string':
      return textOf(schema, name);
    default:
      return fc.constant(null);
  }
}

function objectOf(document: OpenApi, schema: Schema): fc.Arbitrary<unknown> {
  const properties = Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([key, value]) => [key, valueOf(document, value, key)]),
  );
  if (Object.keys(properties).length > 0) return fc.record(properties, { requiredKeys: [...(schema.required ?? [])] });
  const extra = schema.additionalProperties;
  return typeof extra === 'object'
    ? fc.dictionary(fc.string({ minLength: 1, maxLength: 10 }), valueOf(document, extra), { maxKeys: 5 })
    : fc.constant({});
}

function textOf(
  { pattern, minLength = 0, maxLength = 60, examples = [] }: Schema,
  name: string,
): fc.Arbitrary<unknown> {
  if (['to', 'phone', 'email'].includes(name)) return fc.constantFrom(...ADDRESSES);
  if (name === 'code') return fc.constantFrom('123456', '000000', '12 34-56', 'ABCDEF');
  const free = fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 60) });
  const known = examples.length > 0 ? [fc.constantFrom(...examples)] : [];
  return fc.oneof(free, ...known, ...(pattern === undefined ? [] : [matching(pattern) ?? free]));
}

/** Null for patterns that fast-check cannot turn round. */
function matching(pattern: string): fc.Arbitrary<string> | null {
  try {
    const made = fc.stringMatching(new RegExp(pattern));
    fc.sample(made, 1);
    return made;
  } catch {
    return null;
  }
}
