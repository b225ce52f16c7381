import { describe, expect, it } from 'vitest';
import { ALLOWED, breaches, EDGES, unusedExceptions } from './rules.ts';
import { importsOf, readSources } from './sources.ts';

const sources = readSources();

describe('the layers', () => {
  it('are walked: there are files in the folders that matter', () => {
    for (const folder of ['core', 'ports', 'crypto', 'service', 'stores', 'channels', 'http']) {
      expect(sources.some(({ path }) => path.startsWith(`${folder}/`))).toBe(true);
    }
    expect(sources.flatMap(importsOf).length).toBeGreaterThan(100);
  });

  it('import only what the table allows, and use no clock, randomness or environment of their own', () => {
    expect(breaches(sources)).toEqual([]);
  });

  it('have no exception that nothing needs', () => {
    expect(unusedExceptions(sources)).toEqual([]);
  });
});

describe('a breach is reported', () => {
  it.each([
    ['core/code.ts', "import { randomInt } from 'node:crypto';"],
    ['core/code.ts', "import { randomInt } from '../crypto/index.ts';"],
    ['core/code.ts', "import type { Store } from '../ports/store.ts';"],
    ['core/email.ts', "import { parsePhone } from 'libphonenumber-js/core';"],
    ['core/machine/check.ts', "import { createKeyRing } from '../../crypto/index.ts';"],
    ['ports/store.ts', "import type { Hono } from 'hono';"],
    ['crypto/seal.ts', "import type { Store } from '../ports/store.ts';"],
    ['crypto/seal.ts', "import { readFileSync } from 'node:fs';"],
    ['service/start.ts', "import { openSqliteStore } from '../stores/sqlite/index.ts';"],
    ['service/start.ts', "import {\n  createHmac,\n  createHash,\n} from 'node:crypto';"],
    ['service/start.ts', "const crypto = await import('node:crypto');"],
    ['service/start.ts', "const crypto = require('crypto');"],
    ['service/start.ts', "import 'node:crypto';"],
    ['service/start.ts', "export { createHmac } from 'node:crypto';"],
    ['stores/sqlite/index.ts', "import { createService } from '../../service/index.ts';"],
    ['channels/smtp/channel.ts', "import { createHmac } from 'node:crypto';"],
    ['channels/smtp/channel.ts', "import { createKeyRing } from '../../crypto/index.ts';"],
    ['http/api.ts', "import { openSqliteStore } from '../stores/sqlite/index.ts';"],
    ['web/pages.tsx', "import { createApi } from '../http/index.ts';"],
    ['http/api.ts', "import { compose } from '../compose.ts';"],
    ['cli/main.ts', "import { randomUUID } from 'node:crypto';"],
    ['helpers/index.ts', ''],
    ['service/start.ts', 'const now = Date.now();'],
    ['core/policy.ts', 'const now = new Date();'],
    ['http/api.ts', 'const jitter = Math.random();'],
    ['http/api.ts', 'const level = process.env.WATCHWORD_LOG_LEVEL;'],
    ['service/start.ts', 'const id = crypto.randomUUID();'],
  ])('%s: %s', (path, text) => {
    expect(breaches([{ path, text }])).toHaveLength(1);
  });

  it('while comments, texts and what the table allows are not', () => {
    const allowed = [
      {
        path: 'core/code.ts',
        text: "import { code } from './redacted.ts';\n// never Math.random\n/** No Date.now here. */",
      },
      { path: 'core/errors.ts', text: "const doc = 'set process.env.X';" },
      { path: 'core/machine/check.ts', text: "import { code } from '../redacted.ts';" },
      { path: 'crypto/random.ts', text: "import { randomInt } from 'node:crypto';" },
      { path: 'cli/main.ts', text: "import { compose } from '../compose.ts';\nconst now = Date.now();" },
      { path: 'config/env.ts', text: 'const env = process.env;' },
    ];
    expect(breaches(allowed)).toEqual([]);
  });

  it('and nobody may import an edge', () => {
    const allowedTargets = Object.values(ALLOWED).flat();
    expect(allowedTargets.filter((folder) => EDGES.includes(folder))).toEqual([]);
  });
});
