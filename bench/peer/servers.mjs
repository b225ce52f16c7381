import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { HAS_SCHEDSTAT } from '../cpu.mjs';
import { eventually, freePort, Installation, serveScript, stopped, track } from '../processes.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** Whether `npm ci` was run in this folder. */
export const HAS_BETTER_AUTH = existsSync(join(HERE, 'node_modules/better-auth'));

// A slow run checks its first codes many minutes after their start.
const POLICIES = { login: { ttl_seconds: 3600 } };

/** Watchword as in production, its messages in a file. `codes(kept)` lets them be delivered. */
export async function serveWatchword(folder) {
  const installation = new Installation(folder, 'watchword');
  installation.environment.WATCHWORD_EMAIL = installation.environment.WATCHWORD_SMS;
  installation.environment.WATCHWORD_CONFIG = join(folder, 'watchword.json');
  writeFileSync(
    installation.environment.WATCHWORD_CONFIG,
    JSON.stringify({ applications: [{ name: 'default', policies: POLICIES }] }),
  );
  const server = await installation.create().serve();
  return { ...server, token: installation.token, codes: (started) => installation.deliver(started) };
}

export async function serveBetterAuth(folder) {
  // As Node runs it unasked: what our image gives to Node was chosen for ours.
  const server = await serveScript(join(HERE, 'better-auth.mjs'), [join(folder, 'better-auth.db')], []);
  const ask = async (path, body) => {
    const sent = { method: 'POST', body: JSON.stringify(body) };
    return await (await fetch(`http://127.0.0.1:${server.port}${path}`, body === undefined ? {} : sent)).json();
  };
  return {
    ...server,
    token: null,
    codes: async () => new Map(Object.entries(await ask('/codes'))),
    addUsers: (emails) => ask('/users', emails),
  };
}

/** Versions of what Django needs here, or in a few words why it is not measured. */
export function djangoVersions(python) {
  if (!HAS_SCHEDSTAT) return { missing: 'the CPU time of another program can be read on Linux only' };
  const text = `import json, django, rest_framework, gunicorn, phonenumbers, phone_verify, phonenumber_field
print(json.dumps({"Django": django.__version__, "REST framework": rest_framework.__version__, "gunicorn": gunicorn.__version__,
"phonenumbers": phonenumbers.__version__}))`;
  const { status, stdout, stderr } = spawnSync(python, ['-c', text], { encoding: 'utf8' });
  if (status === 0) return { versions: JSON.parse(stdout) };
  return { missing: stderr?.trim().split('\n').at(-1) || `${python} cannot be run` };
}

/** One worker, kept connections; the code is read where it is kept, in clear. */
export async function serveDjango(folder, python) {
  const port = await freePort();
  const database = join(folder, 'django.db');
  const worker = ['-k', 'gthread', '--workers', '1', '--threads', '1', '--keep-alive', '75'];
  const given = ['-m', 'gunicorn', ...worker, '-b', `127.0.0.1:${port}`, '--log-level', 'error'];
  const child = track(
    spawn(python, [...given, 'django_app:application'], {
      cwd: HERE,
      env: { ...process.env, PEER_DATABASE: database, PYTHONDONTWRITEBYTECODE: '1' },
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  );
  await eventually(() => isAnswering(port), 'gunicorn', child, 50);
  const [pid] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ');
  const codes = async () => await readDjangoCodes(database);
  return { child: { pid: Number(pid) }, port, token: null, codes, stop: () => stopped(child) };
}

async function isAnswering(port) {
  return await fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  );
}

async function readDjangoCodes(path) {
  const { DatabaseSync } = await import(
    pathToFileURL(join(HERE, 'node_modules/@photostructure/sqlite/dist/index.mjs'))
  );
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare('SELECT phone_number, security_code FROM sms_verification').all();
  database.close();
  return new Map(rows.map((row) => [row.phone_number, row.security_code]));
}
