import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { providersPage } from '../../src/channels/providers-page.ts';
import { cliPage } from '../../src/cli/document.ts';
import { envExample, errorsPage, SETTING_KEYS, SETTINGS, readSettings, settingsPage } from '../../src/config/index.ts';
import { ERRORS } from '../../src/core/errors.ts';

const PAGES = [
  ['.env.example', envExample],
  ['docs/reference/settings.md', settingsPage],
  ['docs/reference/errors.md', errorsPage],
  ['docs/reference/cli.md', cliPage],
  ['docs/reference/providers.md', providersPage],
] as const;

describe('generated pages', () => {
  it.each(PAGES)('%s is fresh (else: npm run generate)', (path, text) => {
    expect(readFileSync(path, 'utf8')).toBe(text());
  });

  it('name every setting, in .env.example too, and every error code (S0.38)', () => {
    for (const key of SETTING_KEYS) {
      expect(settingsPage()).toContain(`### \`${SETTINGS[key].name}\``);
      expect(envExample()).toContain(`# ${SETTINGS[key].name}=`);
    }
    for (const code of Object.keys(ERRORS)) expect(errorsPage()).toContain(`| \`${code}\` |`);
  });

  it('link every provider to a page that is there', () => {
    for (const [, page = ''] of providersPage().matchAll(/\.\.\/channels\/([a-z-]+)\.md/g)) {
      expect(existsSync(`docs/channels/${page}.md`), page).toBe(true);
    }
  });

  it('give examples that are taken', () => {
    for (const key of SETTING_KEYS) {
      const setting = SETTINGS[key];
      if (!('example' in setting) || setting.example === undefined || key === 'config') continue;
      const read = readSettings(
        { [setting.name]: setting.example, WATCHWORD_SECRET: 'Zk3v9-Q0xT7pLw2mB8nRj5sYc1dHf6gU4aEi' },
        () => '',
      );
      expect(read.ok, setting.name).toBe(true);
    }
  });
});
