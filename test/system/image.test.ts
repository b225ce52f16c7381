import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { killAll, launch } from '../support/process.ts';
import { type Instruction, stages, wordsOf } from './dockerfile.ts';
import { runIn } from './shell.ts';
import { ROOT } from './snippets.ts';

const IS_WANTED = process.env['WATCHWORD_REQUIRE_RUNTIMES'] === '1';
const WHY_NOT = 'packages are downloaded under WATCHWORD_REQUIRE_RUNTIMES=1 only';

let folder: string;

/** What only a container can do, or what is looked at below. */
const NOT_HERE = ['WORKDIR', 'ENV', 'USER', 'VOLUME', 'EXPOSE', 'STOPSIGNAL', 'HEALTHCHECK', 'ENTRYPOINT', 'CMD'];

/** What git keeps of a path: an image is made from a clone, not from what lies beside it here. */
function copyKept(path: string, to: string): void {
  for (const name of runIn(ROOT, 'git', ['ls-files', '-z', '--', path]).split('\0').filter(Boolean)) {
    mkdirSync(dirname(join(to, name)), { recursive: true });
    cpSync(join(ROOT, name), join(to, name));
  }
}

/** `COPY --from=build /app/dist dist`: out of the stage before. */
function copyBuilt([from = '', to = '']: readonly string[], here: string, earlier: string): void {
  cpSync(from.replace('/app', earlier), join(here, to === './' ? basename(from) : to), { recursive: true });
}

function replay({ name, text }: Instruction, here: string, earlier: string): void {
  const words = text.split(' ');
  if (name === 'RUN') runIn(here, 'sh', ['-ec', text.replace('-o node -g node ', '')]);
  else if (name === 'COPY' && words[0] === '--from=build') copyBuilt(words.slice(1), here, earlier);
  else if (name === 'COPY') for (const path of words.slice(0, -1)) copyKept(path, here);
  else if (!NOT_HERE.includes(name)) throw new Error(`${name} is not known here`);
}

describe.skipIf(IS_WANTED)('what the Dockerfile does', () => {
  it('is done', (context) => {
    context.skip(WHY_NOT);
    expect.fail(WHY_NOT);
  });
});

describe.runIf(IS_WANTED)('what the Dockerfile does', () => {
  const [building = [], final = []] = stages();
  let image: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'watchword-image-'));
    const [from, to] = [join(folder, 'build'), join(folder, 'app')];
    for (const place of [from, to]) mkdirSync(place);
    for (const instruction of building) replay(instruction, from, '');
    for (const instruction of final) replay(instruction, to, from);
    image = to;
  }, 300_000);
  afterAll(async () => {
    await killAll();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it('brings every optional client, and each package as the lock has it', () => {
    const read = (path: string): { readonly [name: string]: unknown } => JSON.parse(readFileSync(path, 'utf8'));
    const { packages } = read(join(ROOT, 'package-lock.json')) as { packages: Record<string, { version: string }> };
    const installed = runIn(image, 'find', ['node_modules', '-name', 'package.json', '-path', '*node_modules/*']);
    const roots = installed.split('\n').filter((path) => /node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(path));
    const strangers = roots.filter((path) => read(join(image, path))['version'] !== packages[dirname(path)]?.version);
    expect([roots.length > 50, strangers]).toEqual([true, []]);
    const clients = Object.keys(read(join(ROOT, 'package.json'))['peerDependencies'] as object);
    for (const name of clients) expect(roots).toContain(`node_modules/${name}/package.json`);
    expect(roots).not.toContain('node_modules/vitest/package.json');
  });

  it('starts, and says so to its health check', async () => {
    const env = {
      NODE_ENV: 'production',
      PORT: '0',
      HOST: '127.0.0.1',
      WATCHWORD_SECRET: 'k3J9vQ2mX7pL5nR8tW1yZ4bC6dF0gH2jK5mN8qS1uV4x',
      WATCHWORD_EMAIL: 'console://',
      WATCHWORD_PUBLIC_URL: 'http://localhost:7070',
    };
    const [program = '', ...entry] = wordsOf(final, 'ENTRYPOINT');
    runIn(image, program, [...entry, 'migrate'], env);
    const script = entry.at(-1) ?? '';
    const started = launch(wordsOf(final, 'CMD'), { env, cwd: image, script: join(image, script) });
    const ready = await started.line(/"port":\d+/);
    const port = /"port":(\d+)/.exec(ready)?.[1];
    const [node = '', ...check] = wordsOf(final, 'HEALTHCHECK');
    expect(runIn(image, node, check, { PORT: port })).toBe('');
    expect(() => runIn(image, node, check, { PORT: '1' })).toThrow();
    expect(await started.kill('SIGTERM')).toMatchObject({ exit: 0 });
  }, 60_000);
});
