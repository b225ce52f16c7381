import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/config-file.ts';
import { TEMPLATE_BOUNDS } from '../../src/core/templates/lint.ts';
import { PLACEHOLDER_NAMES } from '../../src/core/templates/placeholders.ts';
import { createHttpWorld } from '../support/world.ts';

const page = readFileSync('docs/templates.md', 'utf8');
const examples = [...page.matchAll(/```json (?:(\w+) (\/\S+)|WATCHWORD_CONFIG)\n([\s\S]*?)```/g)];
const requests = examples.flatMap(([, method, path, body]) =>
  method === undefined || path === undefined ? [] : [[method, path, body ?? ''] as const],
);

describe('docs/templates.md', () => {
  let world: Awaited<ReturnType<typeof createHttpWorld>>;
  beforeAll(async () => {
    world = await createHttpWorld();
  });
  afterAll(() => world.close());

  it.each(requests)('shows a request that works: %s %s', async (method, path, body) => {
    const { status, body: answer } = await world.call(method, path, body);
    expect([200, 201], JSON.stringify(answer)).toContain(status);
    if (method === 'PUT') expect(answer['warnings']).toEqual([]);
  });

  it('shows a configuration file that is accepted', () => {
    const file = examples.find(([, method]) => method === undefined)?.[3] ?? '';
    const { config, problems } = parseConfig(file);
    expect(problems).toEqual([]);
    expect(config.applications[0]?.templates).toHaveLength(1);
    expect(requests).toHaveLength(5);
  });

  it('names every placeholder, every refusal and the bounds', () => {
    for (const name of PLACEHOLDER_NAMES) expect(page).toContain(`| \`{${name}}\``);
    const linter = readFileSync('src/core/templates/lint.ts', 'utf8');
    const codes = [...linter.matchAll(/error\(\s*(?:part|'\w+'),\s*'([a-z_]+)'/g)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(10);
    for (const code of codes) expect(page).toContain(`| \`${code}\``);
    expect([TEMPLATE_BOUNDS.text, TEMPLATE_BOUNDS.subject, TEMPLATE_BOUNDS.html]).toEqual([1_000, 120, 10_000]);
  });
});

describe('templates of a configuration file', () => {
  const of = (templates: unknown): readonly string[] =>
    parseConfig(JSON.stringify({ applications: [{ name: 'shop', templates }] })).problems.map(({ name }) => name);

  it('are linted when they are read, and named by their place', () => {
    const at = 'WATCHWORD_CONFIG/applications/0/templates';
    expect(
      of([
        { channel: 'sms', text: '{code}' },
        { channel: 'telegram', text: 'evil.tk {x}' },
      ]),
    ).toEqual([`${at}/1/text`, `${at}/1/text`, `${at}/1/text`]);
    expect(
      of([
        { channel: 'sms', text: '{code}' },
        { channel: 'sms', locale: null, text: '{code}!' },
      ]),
    ).toEqual([`${at}/1`]);
    expect(of([{ channel: 'sms', locale: 'en-a', text: '{code}' }])).toEqual([`${at}/0/locale`]);
    expect(of([{ channel: 'fax', text: '{code}' }])).toEqual([`${at}/0/channel`]);
  });
});
