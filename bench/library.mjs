// Start and check in this process against the same two calls over HTTP, in alternating rounds, as CPU of whoever does the work; and what
// importing the library costs, in a fresh process each time: node bench/library.mjs [pairs] [rounds]
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createWatchword, orThrow } from '../dist/index.js';

const PAIRS = Number(process.argv[2] ?? 400);
const ROUNDS = Number(process.argv[3] ?? 5);
const AT_ONCE = 16;
const BUDGET = 0.7;
const IMPORTS = 15;
const IMPORT_BUDGET_MS = 60;
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'watchword-library-'));

const server = spawn(process.execPath, [join(root, 'dist/cli/main.js'), 'serve'], {
  cwd: folder,
  env: { ...process.env, PORT: '0', WATCHWORD_MODE: 'development' },
  stdio: ['ignore', 'pipe', 'ignore'],
});
let printed = '';
server.stdout.setEncoding('utf8').on('data', (text) => (printed += text));
let found = null;
while ((found = /listens on (\S+)[^]*Test key: (\S+)/.exec(printed)) === null) await pause(50);
const [, url, key] = found;

const watchword = createWatchword({ databaseUrl: `sqlite:${join(folder, 'library.db')}`, testMode: true });
await watchword.ready();
let mails = 0;

async function inProcess() {
  const { id } = orThrow(await watchword.verify.start({ to: `ann${mails++}@example.com` }));
  await watchword.verify.check(id, '000000');
}

async function overHttp() {
  const { id } = await post('/v1/verifications', { to: `ann${mails++}@example.com` });
  await post(`/v1/verifications/${id}/checks`, { code: '000000' });
}

async function post(path, body) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  return (await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })).json();
}

/** CPU per pair, ms, deliveries included: both sides get the same time to finish theirs. */
async function round(work, cpuMs) {
  const before = cpuMs();
  for (let done = 0; done < PAIRS; done += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, work));
  await pause(800);
  return (cpuMs() - before) / PAIRS;
}

function ownCpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** User and system time of the server, in the kernel's ticks of 10 ms. */
function serverCpu() {
  const [, , , , , , , , , , , user, system] = readFileSync(`/proc/${server.pid}/stat`, 'utf8')
    .split(') ')[1]
    .split(' ');
  return (Number(user) + Number(system)) * 10;
}

/** In a process of its own: CPU ms and ms of the import, and ms of the whole process. */
function fresh(specifier) {
  const work = specifier === null ? '' : `await import('${specifier}');`;
  const code = `const c = process.cpuUsage(), t = performance.now(); ${work} const ms = performance.now() - t, u = process.cpuUsage(c);
    console.log(JSON.stringify({ cpu: (u.user + u.system) / 1000, ms }))`;
  const startedAt = performance.now();
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: root, encoding: 'utf8' });
  return { ...JSON.parse(said), whole: performance.now() - startedAt };
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function spread(values) {
  const sorted = values.toSorted((one, other) => one - other);
  const [least, median, most] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  return { median, text: `${median.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})` };
}

await round(inProcess, ownCpu);
await round(overHttp, serverCpu);
const ratios = [];
for (let number = 0; number < ROUNDS; number++) {
  ratios.push((await round(inProcess, ownCpu)) / (await round(overHttp, serverCpu)));
}
const imports = { watchword: [], 'watchword/client': [], zod: [], nothing: [] };
for (let number = 0; number < IMPORTS; number++)
  for (const name of Object.keys(imports)) imports[name].push(fresh(name === 'nothing' ? null : name));
const ratio = spread(ratios);
console.log(`start and check in process / over HTTP, CPU: ${ratio.text}, budget ${BUDGET}`);
for (const [name, seen] of Object.entries(imports)) {
  const of = (what) => spread(seen.map((one) => one[what])).text;
  console.log(`importing ${name}, ms: ${of('ms')}; CPU ms: ${of('cpu')}; the whole process, ms: ${of('whole')}`);
}
console.log(
  `importing watchword, ms: ${spread(imports.watchword.map(({ ms }) => ms)).median.toFixed(1)}, budget ${IMPORT_BUDGET_MS}`,
);
if (ratio.median > BUDGET) process.exitCode = 1;

await watchword.close();
server.kill('SIGINT');
await once(server, 'exit');
rmSync(folder, { recursive: true, force: true });
