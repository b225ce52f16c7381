// npm start: checks what is needed, builds when the build is missing or older than the sources, then runs `watchword serve`.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const main = join(root, 'dist/cli/main.js');

function stop(sentence) {
  process.stderr.write(`watchword: ${sentence}\n`);
  process.exit(78);
}

/** The newest change below a folder, epoch ms. */
function newest(folder) {
  return Math.max(
    0,
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs),
  );
}

/** Modules are joined when all else is built, so the time of the files made then tells when the last build succeeded. */
function isStale() {
  const joined = join(root, 'dist/chunks');
  return !existsSync(main) || !existsSync(joined) || newest(joined) < newest(join(root, 'src'));
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19))
  stop(`Node ${process.versions.node} is too old; install Node 20.19 or newer.`);
if (!existsSync(join(root, 'node_modules/hono'))) stop('the packages are missing; run: npm ci');

if (isStale()) {
  process.stdout.write('Building …\n');
  const built = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (built.status !== 0) stop('the build failed; see the messages above.');
}

process.argv.splice(1, process.argv.length - 1, main, 'serve', ...process.argv.slice(2));
await import(pathToFileURL(main).href);
