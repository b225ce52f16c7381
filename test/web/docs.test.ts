import { describe, expect, it } from 'vitest';
import { ERRORS } from '../../src/core/errors.ts';
import { PRESET_NAMES, PRESETS } from '../../src/core/policy.ts';
import { createPages } from '../../src/web/index.ts';
import { callExample, sampleOf } from '../../src/web/docs/examples.ts';
import { fieldsOf, typeWord } from '../../src/web/docs/fields.ts';
import { operations, resolve, type OpenApiDocument, type Schema } from '../../src/web/docs/openapi.ts';
import { fakeService, pagesOptions } from './fake-service.ts';
import { openApiFixture } from './openapi-fixture.ts';

const DOCUMENT = openApiFixture() as OpenApiDocument;
const START: Schema = { $ref: '#/components/schemas/Start' };

async function page(path: string, openapi: () => object = openApiFixture): Promise<string> {
  const html = await (await createPages(fakeService().service, pagesOptions({ openapi })).request(path)).text();
  return html.replaceAll('<wbr/>', '');
}

describe('the reference', () => {
  it('shows every call of the document, under its tag, with its method and path', async () => {
    const html = await page('/docs');
    for (const call of operations(DOCUMENT)) {
      expect(html).toContain(`id="${call.anchor}"`);
      expect(html).toContain(`href="/docs#${call.anchor}"`);
      expect(html).toContain(`${call.method}</span> <code>${call.path}</code>`);
    }
    expect(html.indexOf('Start a verification')).toBeLessThan(html.indexOf('Is it alive?'));
    expect(html).toContain('A code goes out and comes back.');
  });

  it('gives every call as a command and as TypeScript', async () => {
    const html = await page('/docs');
    expect(html).toContain('curl -X POST &#39;http://127.0.0.1:7070/v1/verifications&#39;');
    expect(html).toContain('-d &#39;{&quot;to&quot;:&quot;+14155552671&quot;}&#39;');
    expect(html).toContain('await fetch(&#39;http://127.0.0.1:7070/v1/verifications&#39;');
  });

  it('names the codes of each refusal with a link to its meaning', async () => {
    const html = await page('/docs');
    for (const code of ['invalid_request', 'send_cooldown', 'limit_exceeded']) {
      expect(html).toContain(`<a href="/docs/errors#${code}"><code>${code}</code></a>`);
    }
    expect(html).toContain('Not now.');
  });

  it('says which calls need no key', async () => {
    const html = await page('/docs');
    expect(html.match(/no key is needed/g)).toHaveLength(1);
  });

  it('turns the words of a document into text', async () => {
    const openapi = () => ({
      paths: { '/<script>': { get: { summary: '<script>alert(1)</script>', description: '`<b>`', responses: {} } } },
    });
    const html = await page('/docs', openapi);
    expect(html).not.toContain('<script');
    expect(html).toContain('<code>&lt;b&gt;</code>');
  });

  it('survives an empty document', async () => {
    expect(await page('/docs', () => ({}))).toContain('API reference');
  });
});

describe('fields of a schema', () => {
  const fields = new Map(fieldsOf(DOCUMENT, START).map((field) => [field.path, field]));

  it.each([
    ['to', 'string or object'],
    ['to.phone', 'string'],
    ['channel', 'string'],
    ['channels', 'array of string'],
    ['metadata', 'map of string'],
    ['ttl_seconds', 'integer'],
    ['loop.next.next', 'object'],
  ])('names the type of %s', (path, type) => {
    expect(fields.get(path)?.type).toBe(type);
  });

  it.each([
    ['channels', '1–5 items'],
    ['purpose', 'matches `^[a-z]+$`; default `"login"`'],
    ['metadata', 'at most 20 entries; each at most 500 characters'],
    ['reference', 'at most 128 characters'],
    ['ttl_seconds', '30–86400'],
  ])('states the limits of %s', (path, limits) => {
    expect(fields.get(path)?.limits.join('; ')).toBe(limits);
  });

  it('marks required fields and lists allowed values', () => {
    expect(fields.get('to')?.required).toBe(true);
    expect(fields.get('channel')?.required).toBe(false);
    expect(fields.get('channel')?.values).toEqual(['sms', 'email']);
    expect(fields.get('channels')?.values).toEqual(['sms', 'email']);
  });

  it.each<[Schema, string]>([
    [{ type: ['string', 'null'] }, 'string or null'],
    [{ anyOf: [{ type: 'null' }, { type: 'string' }] }, 'string or null'],
    [{ type: 'string', nullable: true }, 'string or null'],
    [{ oneOf: [{ type: 'integer' }, { type: 'string' }] }, 'integer or string'],
    [{ const: 'verification' }, 'string'],
    [{ enum: ['a', null] }, 'string or null'],
    [
      { type: 'object', additionalProperties: { type: 'array', items: { type: 'integer' } } },
      'map of array of integer',
    ],
    [{ allOf: [{ $ref: '#/components/schemas/Verification' }] }, 'object'],
    [{ $ref: '#/nowhere' }, 'any'],
    [{}, 'any'],
  ])('says %j as %s', (schema, word) => {
    expect(typeWord(DOCUMENT, schema)).toBe(word);
  });

  it('does not follow references in a circle', () => {
    const circle: OpenApiDocument = { components: { schemas: { A: { $ref: '#/components/schemas/A' } } } };
    expect(resolve<Schema>(circle, { $ref: '#/components/schemas/A' })).toEqual({});
  });
});

describe('examples', () => {
  it('hold what a call needs and nothing more', () => {
    expect(sampleOf(DOCUMENT, START, { requiredOnly: true })).toEqual({ to: '+14155552671' });
  });

  it('end for a schema that holds itself', () => {
    expect(JSON.stringify(sampleOf(DOCUMENT, { $ref: '#/components/schemas/Loop' })).length).toBeLessThan(200);
  });

  it('quote a body for the shell', () => {
    const [call] = operations(DOCUMENT);
    if (call?.body == null) throw new Error('the fixture begins with a call that has a body');
    const quoted = { ...call, body: { ...call.body, example: { name: "O'Neil" } } };
    expect(callExample(DOCUMENT, quoted, 'http://x').curl).toContain(`'{"name":"O'\\''Neil"}'`);
  });
});

describe('the error page', () => {
  it('has a row, found by its code, for every error', async () => {
    const html = await page('/docs/errors');
    for (const [code, { status, title }] of Object.entries(ERRORS)) {
      expect(html).toContain(`id="${code}"`);
      expect(html).toContain(title);
      expect(html).toContain(`>${status}</td>`);
    }
  });
});

describe('the policies page', () => {
  it('shows every preset with every field', async () => {
    const html = await page('/docs/policies');
    for (const name of PRESET_NAMES) expect(html).toContain(`<th scope="col" role="columnheader">${name}</th>`);
    for (const field of Object.keys(PRESETS.default)) {
      if (field !== 'preset') expect(html.split(`role="rowheader"><code>${field}</code>`)).toHaveLength(3);
    }
    expect(html).toContain('30–86400');
    expect(html).toContain('<strong>directory_silent</strong>');
  });
});
