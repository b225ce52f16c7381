import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkDsn } from '../../src/channels/index.ts';
import { parseConfig } from '../../src/config/config-file.ts';
import { ERRORS } from '../../src/core/errors.ts';
import { CHANNELS } from '../../src/core/verification.ts';
import { PRESET_NAMES, PRESETS } from '../../src/core/policy.ts';
import { brokenLinks, readPage, readPages } from './pages.ts';
import { limitRows, presetRows } from './policy-tables.ts';

const readme = readPage('README.md');
const policies = readPage('docs/policies.md');
const pages = readPages();

describe('the README', () => {
  it('leads to the first success within 150 lines, and is no longer itself', () => {
    const lines = readme.text.split('\n');
    expect(lines.findIndex((line) => line.includes('"approved"'))).toBeGreaterThan(0);
    expect(lines.length).toBeLessThanOrEqual(150);
  });

  it('shows the desk, and says in words what it runs on and sends through (S0.37, S0.48)', () => {
    const [, picture = ''] = /!\[The desk: a form that sends a code[^\]]*\]\(([^)]+)\)/.exec(readme.text) ?? [];
    expect(existsSync(picture)).toBe(true);
    for (const word of ['Node.js 20.19', 'SQLite', 'PostgreSQL', 'MySQL', 'Redis', 'SMTP'])
      expect(readme.text).toContain(word);
    // Badges would ask another site for pictures.
    expect(readme.text).not.toContain('shields.io');
  });
});

describe('links', () => {
  it.each(pages.map((page) => [page.path, page] as const))('of %s lead somewhere', (_path, page) => {
    expect(brokenLinks(page)).toEqual([]);
  });

  it.each([
    ['a file', '[x](nowhere.md)'],
    ['a heading', '[x](README.md#nowhere)'],
    ['a heading of its own page', '[x](#nowhere)'],
  ])('to %s that is not there are found', (_what, text) => {
    expect(brokenLinks({ path: 'page.md', text: `# Page\n\n${text}\n` })).toHaveLength(1);
  });
});

describe('settings that pages show', () => {
  /** Lines that name a provider and leave nothing to fill in (`…`). */
  const lines = pages.flatMap(({ path, text }) =>
    [...text.matchAll(/\bWATCHWORD_(SMS|EMAIL|VOICE|WHATSAPP|TELEGRAM)=["']([^"'…]+)["']/g)].map(
      ([, name = '', value = '']) => [path, name, value] as const,
    ),
  );

  it('are many', () => {
    expect(lines.length).toBeGreaterThan(20);
  });

  it.each(lines)('on %s: %s is taken as it stands: %s', (_path, name, value) => {
    const kind = CHANNELS.find((channel) => channel.toUpperCase() === name);
    if (kind === undefined) throw new Error(`no channel ${name}`);
    for (const dsn of value.split(' ')) expect([dsn, checkDsn(dsn, kind)]).toEqual([dsn, null]);
  });
});

describe('docs/channels/smtp.md', () => {
  const line = /^## (.+)\n\n```\n(\S+)\n```$/gm;
  const shown = [...readPage('docs/channels/smtp.md').text.matchAll(line)].map(([, name = '', dsn = '']) => [
    name,
    dsn,
  ]);

  it.each(['Gmail', 'Office 365', 'SendGrid', 'Amazon SES'])('S2.22–S2.25: has a line for %s that is taken', (name) => {
    const dsn = shown.find(([title]) => title === name)?.[1];
    expect(dsn).toMatch(/^smtps?:/);
    expect(checkDsn(dsn ?? '', 'email')).toBeNull();
  });
});

describe('docs/policies.md', () => {
  it('shows every preset as the code has it', () => {
    expect(tableRows(policies.text)).toEqual(expect.arrayContaining(presetRows().map(squeezed)));
  });

  it('shows every limit as the code has it', () => {
    expect(tableRows(policies.text)).toEqual(expect.arrayContaining(limitRows().map(squeezed)));
  });

  it('names the presets in the order of the table', () => {
    expect(tableRows(policies.text)).toContain(`|field|${PRESET_NAMES.map((name) => `\`${name}\``).join('|')}|`);
  });

  it.each(Object.keys(PRESETS.default))('explains %s', (field) => {
    expect(policies.text).toContain(`\n### \`${field}\`\n`);
  });

  it('shows a configuration file that is accepted', () => {
    const shown = /```json\n([\s\S]*?)```/.exec(policies.text)?.[1] ?? '';
    expect(parseConfig(shown).problems).toEqual([]);
  });
});

describe('docs/reference/errors.md', () => {
  it.each(Object.keys(ERRORS))('explains %s', (code) => {
    expect(readPage('docs/reference/errors.md').text).toContain(`\`${code}\``);
  });
});

describe('docs/troubleshooting.md', () => {
  it('names codes that there are', () => {
    const named = [...readPage('docs/troubleshooting.md').text.matchAll(/^\| \d{3} `(\w+)`/gm)].map(([, code]) => code);
    expect(named.length).toBeGreaterThan(7);
    expect(named.filter((code) => !Object.hasOwn(ERRORS, code ?? ''))).toEqual([]);
  });
});

describe('CHANGELOG.md', () => {
  it('has the version of the package, and a place for what comes next', () => {
    const { version } = JSON.parse(readPage('package.json').text) as { version: string };
    const { text } = readPage('CHANGELOG.md');
    expect(text).toContain(`## [${version}]`);
    expect(text).toContain('## [Unreleased]');
  });
});

/** Rows without the blanks that a formatter aligns columns with. */
function tableRows(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map(squeezed);
}

function squeezed(line: string): string {
  return line.replace(/\s*\|\s*/g, '|').trim();
}
