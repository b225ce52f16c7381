import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cleanEnvironment, createShell, type Ran } from './shell.ts';
import { waitFor } from './server.ts';
import { ROOT } from './snippets.ts';

/** A reader's own program folder, with the package in it. */
export interface Folder {
  readonly path: string;
  write(name: string, text: string): void;
  /** Makes a package of the test stand for one that a snippet imports. */
  pretend(name: string, text: string): void;
  /** Runs a module to its end. */
  node(name: string, env?: Readonly<Record<string, string>>): Promise<Ran>;
  /** Starts a module that goes on; resolves when it listens on the port. */
  serve(name: string, port: number, env: Readonly<Record<string, string>>): Promise<ChildProcess>;
  remove(): void;
}

/** `packages` are linked from those of this repository. */
export function createFolder(packages: readonly string[] = []): Folder {
  const path = mkdtempSync(join(tmpdir(), 'watchword-page-'));
  const place = (name: string): string => {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    return join(path, name);
  };
  symlinkSync(ROOT, place('node_modules/watchword'));
  for (const name of packages) symlinkSync(join(ROOT, 'node_modules', name), place(`node_modules/${name}`));
  const children: ChildProcess[] = [];
  return {
    path,
    write: (name, text) => writeFileSync(place(name), text),
    pretend(name, text) {
      const [, owner, sub = 'index'] = /^((?:@[^/]+\/)?[^/]+)(?:\/(.+))?$/.exec(name) ?? [];
      writeFileSync(
        place(`node_modules/${owner}/package.json`),
        '{"type": "module", "exports": {".": "./index.js", "./*": "./*.js"}}',
      );
      writeFileSync(place(`node_modules/${owner}/${sub}.js`), text);
    },
    node: (name, env = {}) => createShell(path)(`${assignments(env)} '${process.execPath}' ${name}`),
    async serve(name, port, env) {
      const child = spawn(process.execPath, [name], {
        cwd: path,
        env: { ...cleanEnvironment(), ...env },
        stdio: 'pipe',
      });
      children.push(child);
      const isUp = (): Promise<true | null> =>
        fetch(`http://127.0.0.1:${port}/`).then(
          () => true,
          () => null,
        );
      if ((await waitFor(isUp, () => child.exitCode !== null)) === null) throw new Error(`${name} does not listen`);
      return child;
    },
    remove() {
      for (const child of children) child.kill();
      rmSync(path, { recursive: true, force: true });
    },
  };
}

function assignments(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}='${value}'`)
    .join(' ');
}
