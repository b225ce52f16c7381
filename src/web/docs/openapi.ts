/** The parts of an OpenAPI 3.1 document that the reference shows. Unknown members are ignored. */
export interface OpenApiDocument {
  readonly info?: { readonly title?: string; readonly version?: string; readonly description?: string };
  readonly tags?: readonly { readonly name: string; readonly description?: string }[];
  readonly paths?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** JSON Schema 2020-12, as far as fields are described by it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly title?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly nullable?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
  readonly example?: unknown;
}

interface MediaType {
  readonly schema?: Schema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value?: unknown }>>;
}

interface Answer {
  readonly $ref?: string;
  readonly description?: string;
  readonly content?: Readonly<Record<string, MediaType>>;
}

/** One call: a method on a path. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  /** The place of the call on the page. */
  readonly anchor: string;
  readonly title: string;
  readonly description: string;
  readonly tag: string;
  readonly secured: boolean;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly schema: Schema; readonly example: unknown; readonly required: boolean } | null;
  readonly answers: readonly OperationAnswer[];
  /** Error codes that the document names for this call (`x-codes`), in its order. */
  readonly codes: readonly string[];
}

export interface OperationAnswer {
  readonly status: string;
  readonly description: string;
  readonly type: string | null;
  readonly schema: Schema | null;
  readonly example: unknown;
}

interface RawOperation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly unknown[];
  readonly parameters?: readonly (Parameter & { readonly $ref?: string })[];
  readonly requestBody?: {
    readonly $ref?: string;
    readonly required?: boolean;
    readonly content?: Readonly<Record<string, MediaType>>;
  };
  readonly responses?: Readonly<Record<string, Answer>>;
  readonly 'x-codes'?: readonly string[];
}

const METHODS: ReadonlySet<string> = new Set(['get', 'post', 'put', 'patch', 'delete']);

/** Follows a chain of local `$ref`s. What points nowhere, or in a circle, becomes an empty object. */
export function resolve<T extends object>(document: OpenApiDocument, value: T): T {
  let current: T & { readonly $ref?: string } = value;
  for (let hops = 0; current.$ref !== undefined; hops++) {
    const target = hops < 16 ? lookUp(document, current.$ref) : undefined;
    if (target === undefined) return {} as T;
    const { $ref: _, ...beside } = current;
    current = { ...(target as T), ...beside };
  }
  return current;
}

function lookUp(document: OpenApiDocument, pointer: string): object | undefined {
  if (!pointer.startsWith('#/')) return undefined;
  let at: unknown = document;
  for (const part of pointer.slice(2).split('/')) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return typeof at === 'object' && at !== null ? at : undefined;
}

/** Every call of the document, in its order. */
export function operations(document: OpenApiDocument): readonly Operation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => METHODS.has(method))
      .map(([method, raw]) => operation(document, { path, method, item, raw: raw as RawOperation })),
  );
}

interface Place {
  readonly path: string;
  readonly method: string;
  readonly item: Readonly<Record<string, unknown>>;
  readonly raw: RawOperation;
}

function operation(document: OpenApiDocument, { path, method, item, raw }: Place): Operation {
  const shared = (item['parameters'] ?? []) as readonly Parameter[];
  const title = raw.summary ?? `${method.toUpperCase()} ${path}`;
  return {
    method: method.toUpperCase(),
    path,
    anchor: anchorOf(raw.operationId ?? `${method} ${path}`),
    title,
    description: raw.description ?? '',
    tag: raw.tags?.[0] ?? 'Other',
    secured: raw.security === undefined || raw.security.length > 0,
    parameters: [...shared, ...(raw.parameters ?? [])].map((parameter) => resolve(document, parameter)),
    body: bodyOf(document, raw),
    answers: Object.entries(raw.responses ?? {}).map(([status, answer]) => answerOf(document, status, answer)),
    codes: raw['x-codes'] ?? [],
  };
}

function bodyOf(document: OpenApiDocument, raw: RawOperation): Operation['body'] {
  if (raw.requestBody === undefined) return null;
  const body = resolve(document, raw.requestBody);
  const media = body.content?.['application/json'];
  if (media?.schema === undefined) return null;
  return { schema: media.schema, example: exampleOf(media), required: body.required ?? false };
}

function answerOf(document: OpenApiDocument, status: string, value: Answer): OperationAnswer {
  const answer = resolve(document, value);
  const [type, media] = Object.entries(answer.content ?? {})[0] ?? [null, undefined];
  return {
    status,
    description: answer.description ?? '',
    type,
    schema: media?.schema ?? null,
    example: media === undefined ? undefined : exampleOf(media),
  };
}

function exampleOf(media: MediaType): unknown {
  return media.example ?? Object.values(media.examples ?? {})[0]?.value;
}

function anchorOf(text: string): string {
  return text.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '');
}
