import { resolve, type OpenApiDocument, type Schema } from './openapi.ts';

/** One field of a body or an answer, as the reference shows it. */
export interface Field {
  /** The way to it from the body: `to`, `code.length`, `attempts[].at`. */
  readonly path: string;
  readonly required: boolean;
  readonly type: string;
  readonly values: readonly string[];
  readonly limits: readonly string[];
  readonly description: string;
}

const DEEPEST = 3;

/** The fields of an object schema, outer ones first; nested objects follow the field that holds them. */
export function fieldsOf(document: OpenApiDocument, schema: Schema): readonly Field[] {
  return walk(document, schema, '', 0);
}

function walk(document: OpenApiDocument, schema: Schema, prefix: string, depth: number): readonly Field[] {
  const { properties, required } = objectOf(document, schema);
  return Object.entries(properties).flatMap(([name, raw]) => {
    const path = `${prefix}${name}`;
    const field = describe(document, raw, path, required.includes(name));
    return depth + 1 < DEEPEST ? [field, ...inner(document, raw, path, depth + 1)] : [field];
  });
}

function inner(document: OpenApiDocument, raw: Schema, path: string, depth: number): readonly Field[] {
  const schema = withoutNull(document, raw);
  if (schema.items !== undefined) return walk(document, schema.items, `${path}[].`, depth);
  return walk(document, schema, `${path}.`, depth);
}

/** The properties of a schema, those of its `allOf` parts and of its object alternatives included. */
function objectOf(
  document: OpenApiDocument,
  raw: Schema,
): { properties: Record<string, Schema>; required: readonly string[] } {
  const schema = resolve(document, raw);
  const parts = (schema.allOf ?? []).map((part) => objectOf(document, part));
  const properties: Record<string, Schema> = {};
  for (const alternative of alternatives(schema)) Object.assign(properties, resolve(document, alternative).properties);
  for (const part of parts) Object.assign(properties, part.properties);
  Object.assign(properties, schema.properties);
  return { properties, required: [...parts.flatMap((part) => part.required), ...(schema.required ?? [])] };
}

function describe(document: OpenApiDocument, raw: Schema, path: string, required: boolean): Field {
  const schema = resolve(document, raw);
  const plain = withoutNull(document, raw);
  return {
    path,
    required,
    type: typeWord(document, schema),
    values: valuesOf(document, plain),
    limits: limitsOf(document, plain),
    description: schema.description ?? plain.description ?? '',
  };
}

/** The type in words: `string or null`, `array of string`, `string or object`. */
export function typeWord(document: OpenApiDocument, raw: Schema, depth = 0): string {
  const schema = resolve(document, raw);
  const words = depth > 8 ? [] : typeWords(document, schema, depth);
  const unique = [...new Set(words)];
  return unique.length === 0 ? 'any' : unique.sort((a, b) => Number(a === 'null') - Number(b === 'null')).join(' or ');
}

function typeWords(document: OpenApiDocument, schema: Schema, depth: number): readonly string[] {
  const variants = alternatives(schema);
  if (variants.length > 0) return variants.flatMap((variant) => typeWord(document, variant, depth + 1).split(' or '));
  if (schema.type === undefined) return untyped(document, schema, depth);
  const types = [schema.type].flat().map((type) => namedType(document, schema, type, depth));
  return schema.nullable === true ? [...types, 'null'] : types;
}

function namedType(document: OpenApiDocument, schema: Schema, type: string, depth: number): string {
  if (type === 'array') {
    return schema.items === undefined ? 'array' : `array of ${typeWord(document, schema.items, depth + 1)}`;
  }
  const values = schema.additionalProperties;
  if (type === 'object' && schema.properties === undefined && typeof values === 'object') {
    return `map of ${typeWord(document, values, depth + 1)}`;
  }
  return type;
}

function untyped(document: OpenApiDocument, schema: Schema, depth: number): readonly string[] {
  if (schema.const !== undefined) return [schema.const === null ? 'null' : typeof schema.const];
  if (schema.enum !== undefined) return schema.enum.map((value) => (value === null ? 'null' : typeof value));
  const part = schema.allOf?.[0];
  if (part !== undefined) return typeWord(document, part, depth + 1).split(' or ');
  return schema.properties === undefined ? [] : ['object'];
}

function alternatives(schema: Schema): readonly Schema[] {
  return schema.anyOf ?? schema.oneOf ?? [];
}

/** The schema behind “or null”: the one alternative that is left. Anything else is returned as it is. */
function withoutNull(document: OpenApiDocument, raw: Schema): Schema {
  const schema = resolve(document, raw);
  const rest = alternatives(schema)
    .map((variant) => resolve(document, variant))
    .filter((variant) => variant.type !== 'null');
  const only = rest[0];
  return rest.length === 1 && only !== undefined
    ? { ...only, ...(schema.description === undefined ? {} : { description: schema.description }) }
    : schema;
}

function valuesOf(document: OpenApiDocument, schema: Schema): readonly string[] {
  if (schema.items !== undefined) return valuesOf(document, withoutNull(document, schema.items));
  const own = schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
  const nested = alternatives(schema).flatMap((variant) => valuesOf(document, resolve(document, variant)));
  return [...own.filter((value) => value !== null).map((value) => String(value)), ...nested];
}

function limitsOf(document: OpenApiDocument, schema: Schema): readonly string[] {
  const limits = [
    span(schema.minLength, schema.maxLength, 'character', 'characters'),
    span(bound(schema.minimum, schema.exclusiveMinimum, 1), bound(schema.maximum, schema.exclusiveMaximum, -1), '', ''),
    span(schema.minItems, schema.maxItems, 'item', 'items'),
    span(schema.minProperties, schema.maxProperties, 'entry', 'entries'),
    schema.format ?? null,
    schema.pattern === undefined || schema.format !== undefined ? null : `matches \`${schema.pattern}\``,
    schema.default === undefined ? null : `default \`${JSON.stringify(schema.default)}\``,
  ].filter((limit) => limit !== null);
  const each =
    schema.items ?? (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined);
  const inside =
    each === undefined ? [] : limitsOf(document, withoutNull(document, each)).map((limit) => `each ${limit}`);
  return [...limits, ...inside];
}

function bound(inclusive: number | undefined, exclusive: number | undefined, step: number): number | undefined {
  return inclusive ?? (exclusive === undefined ? undefined : exclusive + step);
}

/** “1–10 items”, “at most 128 characters”, “at least 0”; null when neither end says anything. */
function span(min: number | undefined, max: number | undefined, one: string, many: string): string | null {
  const top = max === undefined || max >= Number.MAX_SAFE_INTEGER ? undefined : max;
  const bottom = min === undefined || min <= Number.MIN_SAFE_INTEGER ? undefined : min;
  const unit = (count: number) => (one === '' ? '' : ` ${count === 1 ? one : many}`);
  if (top !== undefined && bottom !== undefined) {
    return bottom === top ? `exactly ${top}${unit(top)}` : `${bottom}–${top}${unit(top)}`;
  }
  if (top !== undefined) return `at most ${top}${unit(top)}`;
  return bottom === undefined ? null : `at least ${bottom}${unit(bottom)}`;
}
