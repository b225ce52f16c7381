import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { afterEach, expect, it } from 'vitest';
import { createHttpWorld } from '../support/world.ts';
import { waitFor } from '../system/server.ts';
import { ROOT } from '../system/snippets.ts';

const EMAIL = 'ann@example.com';
/** Debian's own Python first: there Django is a package (python3-django). */
const PYTHONS = ['/usr/bin/python3', 'python3'];

/** A Django project around the views of the page: sessions, users, one person, and a page that says who is signed in. */
const PROJECT = `
import sys
from wsgiref.simple_server import make_server, WSGIRequestHandler
import django
from django.conf import settings
from django.core.management import call_command
from django.http import HttpResponse
from django.urls import path

url, key, database = sys.argv[1:]
settings.configure(
    SECRET_KEY="s" * 50, ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
    WATCHWORD_URL=url, WATCHWORD_KEY=key,
)
django.setup()
call_command("migrate", verbosity=0)
from django.contrib.auth import get_user_model
get_user_model().objects.create_user("ann", email="${EMAIL}")
import views

def home(request):
    return HttpResponse(request.user.get_username() or "nobody")

urlpatterns = [path("", home), path("sign-in", views.sign_in, name="sign-in"), path("back", views.back)]

class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass

from django.core.wsgi import get_wsgi_application
server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
print("listening on", server.server_port, flush=True)
server.serve_forever()
`;

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).toReversed()) await undo();
});

function pythonWithDjango(): string | null {
  const has = (python: string): boolean => {
    try {
      execFileSync(python, ['-c', 'import django'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  };
  return PYTHONS.find(has) ?? null;
}

/** The page's views in a running project. */
async function serveProject(python: string, watchword: string, key: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'watchword-django-'));
  cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
  const page = readFileSync(join(ROOT, 'docs/examples/django.md'), 'utf8');
  writeFileSync(join(folder, 'views.py'), /```python\n([^]*?)```/.exec(page)?.[1] ?? '');
  writeFileSync(join(folder, 'project.py'), PROJECT);
  const child: ChildProcess = spawn(python, ['project.py', watchword, key, join(folder, 'db')], { cwd: folder });
  cleanUp.push(async () => {
    if (child.exitCode !== null) return;
    child.kill();
    await once(child, 'exit');
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (printed += String(text)));
  const port = await waitFor(
    () => /listening on (\d+)/.exec(printed)?.[1] ?? null,
    () => child.exitCode !== null,
  );
  if (port === null) throw new Error(`The project did not start:\n${printed}`);
  return `http://127.0.0.1:${port}`;
}

async function listen(server: Server): Promise<string> {
  cleanUp.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('docs/examples/django.md signs in who comes back with a receipt and the state, once', async (context) => {
  const python = pythonWithDjango();
  if (python === null) return context.skip('no Django here; Debian has it as python3-django');
  const world = await createHttpWorld({ policies: { login: { receipt: 'on_request_with_destination' } } });
  cleanUp.push(() => world.close());
  const url = await listen(createServer(getRequestListener((request) => world.api.fetch(request))));
  const site = await serveProject(python, url, world.keys.live);
  const browser = await visitor(site);
  const asked = new URL(await browser.follow('/sign-in'));
  expect(asked.href.startsWith(`${url}/otp/request?`)).toBe(true);
  const state = asked.searchParams.get('state') ?? '';
  const { id, code } = await world.startAndRead(EMAIL);
  const checked = await world.service.verify.check(world.caller(), id, { code, receipt: true });
  const result = checked.ok ? (checked.value.receipt ?? '') : '';
  const back = (query: Record<string, string>) => `/back?${new URLSearchParams(query).toString()}`;
  // Whoever has the result but not the session of this browser is sent to sign in, and uses nothing up.
  expect(await (await visitor(site)).follow(back({ state, result }))).toBe('/sign-in');
  expect(await browser.follow(back({ state, result }))).toBe('/');
  expect(await browser.read('/')).toBe('ann');
  const again = new URL(await browser.follow('/sign-in')).searchParams.get('state') ?? '';
  expect(await browser.follow(back({ state: again, result }))).toBe('/sign-in');
}, 90_000);

/** Keeps cookies. */
async function visitor(site: string) {
  const jar = new Map<string, string>();
  const ask = async (path: string): Promise<Response> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(site + path, { redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
    }
    return response;
  };
  return {
    /** Where it leads. */
    follow: async (path: string) => (await ask(path)).headers.get('location') ?? '',
    read: async (path: string) => (await ask(path)).text(),
  };
}
