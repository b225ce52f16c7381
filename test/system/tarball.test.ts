import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileStrictly, type Installed, installPacked, PLAIN, PRINTED, PROGRAM } from './packed.ts';

let installed: Installed;
beforeAll(() => {
  installed = installPacked();
}, 120_000);
afterAll(() => installed?.remove());

describe('the packed package in an empty folder', () => {
  it('works from JavaScript', () => {
    writeFileSync(join(installed.folder, 'plain.mjs'), PLAIN);
    expect(installed.run(process.execPath, ['plain.mjs'])).toBe(PRINTED);
  }, 60_000);

  it('works from TypeScript under nodenext and strict', () => {
    const made = compileStrictly(installed, 'typed', PROGRAM);
    expect(installed.run(process.execPath, [made])).toBe(PRINTED);
  }, 120_000);

  it('says which package a database needs, and the command that installs it (C18)', () => {
    const servers = { 'postgres://u:p@127.0.0.1:1/w': 'pg@8', 'mysql://u:p@127.0.0.1:1/w': 'mysql2@3' };
    for (const [databaseUrl, name] of Object.entries(servers)) {
      const text = `import { createWatchword } from 'watchword';
        const it = createWatchword({ databaseUrl: ${JSON.stringify(databaseUrl)}, worker: false });
        console.log(await it.ready().catch((error) => error.message));`;
      writeFileSync(join(installed.folder, 'absent.mjs'), text);
      expect(installed.run(process.execPath, ['absent.mjs'])).toContain(`Run "npm install ${name}"`);
    }
  }, 60_000);

  it('has the program, the documentation and nothing of the tests in it', () => {
    expect(installed.run(process.execPath, ['node_modules/watchword/dist/cli/main.js', '--help'])).toContain('serve');
    const listed = installed.run('find', ['node_modules/watchword', '-name', '*.md']);
    expect(listed).toContain('docs/client.md');
    expect(installed.run('ls', ['node_modules/watchword/examples'])).toContain('memory-store.mjs');
    expect(installed.run('find', ['node_modules/watchword', '-path', '*test*', '-name', '*.test.*'])).toBe('');
  });
});
