// Writes the pages that are made from tables in the code. Needs a fresh build: npm run generate does both.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cliPage } from '../dist/cli/document.js';
import { languagesPage } from '../dist/core/texts/languages-page.js';
import { providersPage } from '../dist/channels/providers-page.js';
import { envExample, errorsPage, settingsPage } from '../dist/config/index.js';

const pages = {
  '.env.example': envExample(),
  'docs/reference/settings.md': settingsPage(),
  'docs/reference/errors.md': errorsPage(),
  'docs/reference/cli.md': cliPage(),
  'docs/reference/languages.md': languagesPage(),
  'docs/reference/providers.md': providersPage(),
};

mkdirSync(new URL('../docs/reference/', import.meta.url), { recursive: true });
for (const [path, text] of Object.entries(pages)) writeFileSync(new URL(`../${path}`, import.meta.url), text);
process.stdout.write(`Wrote ${Object.keys(pages).join(', ')}.\n`);
