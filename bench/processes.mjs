import { fork, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, copyFileSync, existsSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { HAS_SCHEDSTAT } from './cpu.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const MAIN = join(HERE, '../dist/cli/main.js');
/** What the image gives to Node: the service, and its floor as well, are measured as they are deployed. */
const DEPLOYED = optionsOf(readFileSync(join(HERE, '../Dockerfile'), 'utf8'));
const STOP_MS = 15_000;
const READY_MS = 60_000;
const DELIVERED_MS = 300_000;

/** One database with everything a process on it needs: settings as in production, a live key, a file that takes the SMS. */
export class Installation {
  /** `name` tells the files of several installations in one folder apart; `storage` are settings of another store. */
  constructor(folder, name, limits = null, storage = {}) {
    this.folder = folder;
    this.name = name;
    this.database = join(folder, `${name}.db`);
    this.messages = join(folder, `${name}.sms.jsonl`);
    this.environment = {
      PATH: process.env.PATH,
      WATCHWORD_MODE: 'production',
      WATCHWORD_SECRET: randomBytes(32).toString('base64'),
      DATABASE_URL: `sqlite:${this.database}`,
      WATCHWORD_SMS: pathToFileURL(this.messages).href,
      HOST: '127.0.0.1',
      ...storage,
    };
    if (limits !== null) {
      this.environment.WATCHWORD_CONFIG = join(folder, `${name}.json`);
      writeFileSync(this.environment.WATCHWORD_CONFIG, JSON.stringify({ limits }));
    }
  }

  /** Makes the schema and a live key, which every copy of the database shares. */
  create() {
    this.run('migrate');
    this.token = JSON.parse(this.run('keys', 'create', '--mode', 'live', '--json')).key;
    return this;
  }

  /** The same secret and key on a copy of the database, which no process may have open. */
  copy(name) {
    const copy = new Installation(this.folder, name);
    copy.environment.WATCHWORD_SECRET = this.environment.WATCHWORD_SECRET;
    copy.token = this.token;
    copyFileSync(this.database, copy.database);
    return copy;
  }

  /** A command of the program that ends by itself; its standard output. */
  run(...given) {
    const done = spawnSync(process.execPath, [MAIN, ...given], {
      cwd: this.folder,
      env: this.environment,
      encoding: 'utf8',
    });
    if (done.status !== 0) throw new Error(`watchword ${given.join(' ')} ended with ${done.status}: ${done.stderr}`);
    return done.stdout;
  }

  /** The API without the worker, its log in a file. `{ child, port }` */
  async serve() {
    const port = await freePort();
    const child = this.#spawn(['serve', '--no-worker'], { PORT: String(port) });
    await eventually(() => isReady(port), `watchword serve on ${this.name}`, child);
    return { child, port, stop: () => stopped(child) };
  }

  /** ms from the spawn of a server to its first 200 of /readyz. */
  async readyMs() {
    const port = await freePort();
    const startedAt = performance.now();
    const child = this.#spawn(['serve', '--no-worker'], { PORT: String(port) });
    await eventually(() => isReady(port), `watchword serve on ${this.name}`, child);
    const ms = performance.now() - startedAt;
    await stopped(child);
    return ms;
  }

  /** Lets a worker deliver until `count` messages are in the file in all; the codes by destination. */
  async deliver(count) {
    const child = this.#spawn(['worker'], {});
    let seen = { size: 0, codes: new Map() };
    await eventually(
      () => {
        const size = existsSync(this.messages) ? statSync(this.messages).size : 0;
        if (size !== seen.size) seen = { size, codes: readCodes(this.messages) };
        return seen.codes.size >= count;
      },
      `delivery of ${count} messages`,
      child,
      25,
      DELIVERED_MS,
    );
    await stopped(child);
    return seen.codes;
  }

  #spawn(given, more) {
    const log = openSync(join(this.folder, `${this.name}.log`), 'a', 0o600);
    const probe = HAS_SCHEDSTAT ? [] : ['--import', pathToFileURL(join(HERE, 'usage.mjs')).href];
    const stdio = HAS_SCHEDSTAT ? ['ignore', log, log] : ['ignore', log, log, 'ipc'];
    const extra = (process.env.BENCH_NODE_OPTIONS ?? '').split(' ').filter((word) => word !== '');
    const child = spawn(process.execPath, [...probe, ...DEPLOYED, ...extra, MAIN, ...given], {
      cwd: this.folder,
      env: { ...this.environment, ...more },
      stdio,
    });
    closeSync(log);
    return track(child);
  }
}

/** The echo server on the same framework. */
export async function serveFloor() {
  return await serveScript(join(HERE, 'floor-server.mjs'));
}

/** A server whose first line of output is JSON with its `port`; `options` are Node's. */
export async function serveScript(path, given = [], options = DEPLOYED) {
  const child = track(
    fork(path, given, {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      execArgv: [...options, ...(HAS_SCHEDSTAT ? [] : ['--import', pathToFileURL(join(HERE, 'usage.mjs')).href])],
    }),
  );
  const line = await new Promise((resolve) => child.stdout.once('data', (chunk) => resolve(String(chunk))));
  return { child, port: JSON.parse(line).port, stop: () => stopped(child) };
}

/** The load generator: `run(job)` resolves with what it saw, and rejects when a connection broke. `legs` is the URL of other legs. */
export function startGenerator(legs = []) {
  const child = track(fork(join(HERE, 'generator.mjs'), [legs].flat()));
  return {
    stop: () => stopped(child),
    run: (job) =>
      new Promise((resolve, reject) => {
        child.once('message', (seen) => (seen.failed === undefined ? resolve(seen) : reject(new Error(seen.failed))));
        child.send({ rate: null, ...job });
      }),
  };
}

/** Runs a script of this folder to its end; what it wrote, as JSON. `onLine` gets each line of its standard error. */
export function runScript(script, given, environment, onLine) {
  return new Promise((resolve, reject) => {
    const child = track(
      spawn(process.execPath, [join(HERE, script), ...given.map(String)], {
        env: environment,
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.stderr.on('data', (chunk) => onLine(String(chunk).trimEnd()));
    child.once('close', (code) =>
      code === 0 ? resolve(JSON.parse(text)) : reject(new Error(`${script} ended with ${code}`)),
    );
  });
}

const children = new Set();

/** Ends every process started here. */
export function stopAll() {
  for (const child of children) child.kill('SIGKILL');
}

/** Has `stopAll` end this process too. */
export function track(child) {
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

export function stopped(child) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const cut = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    child.once('exit', () => {
      clearTimeout(cut);
      resolve();
    });
    // SIGTERM would first wait for a load balancer.
    child.kill('SIGINT');
  });
}

export function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** What a Dockerfile gives to Node, by its environment and by its command line. */
function optionsOf(dockerfile) {
  const [, fromEnvironment] = /^ENV NODE_OPTIONS="(.+)"$/m.exec(dockerfile);
  const [, ...given] = JSON.parse(/^ENTRYPOINT (.+)$/m.exec(dockerfile)[1]);
  return [...fromEnvironment.split(' '), ...given.slice(0, -1)];
}

function isReady(port) {
  return new Promise((resolve) => {
    get({ port, host: '127.0.0.1', path: '/readyz', agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    }).once('error', () => resolve(false));
  });
}

export async function eventually(check, what, child, everyMs = 2, withinMs = READY_MS) {
  const giveUpAt = performance.now() + withinMs;
  while (!(await check())) {
    if (child.exitCode !== null) throw new Error(`${what}: the process ended with ${child.exitCode}`);
    if (performance.now() > giveUpAt) throw new Error(`${what} took more than ${withinMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** Codes by destination, from whole lines only. */
function readCodes(path) {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return new Map(
    lines.map((line) => {
      const { data } = JSON.parse(line);
      return [data.to, /\b\d{6}\b/.exec(data.text)[0]];
    }),
  );
}
