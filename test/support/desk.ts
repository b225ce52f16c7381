import { createPages } from '../../src/web/index.ts';
import type { Role } from '../../src/core/staff.ts';
import type { AgentView } from '../../src/core/agent-views.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

export const PASSWORD = 'violet kettle under nine bridges';
export const ORIGIN = 'http://127.0.0.1:7070';

export interface DeskWorld extends World {
  readonly pages: ReturnType<typeof createPages>;
  browser(ip?: string): DeskBrowser;
  /** Makes an agent who can sign in with {@link PASSWORD}. */
  hire(role: Role, more?: Hire): Promise<AgentView>;
}

interface Hire {
  readonly email?: string;
  readonly name?: string;
  readonly application?: World['application'];
}

/** The desk over the real use cases, with browsers that keep cookies; no socket. */
export async function createDeskWorld(options: WorldOptions = {}): Promise<DeskWorld> {
  const world = await createWorld(options);
  const pages = createPages(world.service, {
    mode: options.mode ?? 'development',
    publicUrl: ORIGIN,
    basePath: '',
    version: '0.0.0',
    testKey: null,
    openapi: () => ({}),
    now: () => world.clock.now,
    newToken: () => world.env.randomText(26),
    browserIp: (request) => request.headers.get('x-test-ip') ?? '203.0.113.7',
    log: () => undefined,
  });
  const fetch = (request: Request): Promise<Response> => Promise.resolve(pages.fetch(request));
  return {
    ...world,
    pages,
    browser: (ip?: string) => createBrowser(fetch, () => readCode(world), ip),
    hire: (role, more = {}) => hire(world, role, more),
  };
}

/** The code of the newest message, as its receiver reads it. */
async function readCode(world: World): Promise<string> {
  await world.service.worker.tick();
  return world.sink.last().code.reveal();
}

async function hire(
  world: World,
  role: Role,
  { email = `${role}@acme.example`, name = `Robin ${role}`, application }: Hire,
): Promise<AgentView> {
  const caller = { ...world.caller('live', application), actor: { type: 'system', id: 'test' } as const };
  const made = await world.service.staff.agents.create(caller, { email, name, role, password: PASSWORD });
  if (!made.ok) throw new Error(`no agent: ${made.problem.detail}`);
  return made.value;
}

export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  /** Where a redirect leads, or ''. */
  readonly location: string;
}

export type DeskBrowser = ReturnType<typeof createBrowser>;

/** A browser: keeps cookies, sends forms as its own pages do. Redirects are not followed unless asked. */
export function createBrowser(
  fetch: (request: Request) => Promise<Response>,
  readCode: () => Promise<string>,
  ip?: string,
) {
  const cookies = new Map<string, string>();

  async function send(method: string, path: string, init: RequestInit, more: Record<string, string>): Promise<Seen> {
    const headers = new Headers({ 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0', ...more });
    if (ip !== undefined) headers.set('x-test-ip', ip);
    if (cookies.size > 0) headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    const answer = await fetch(new Request(`${ORIGIN}${path}`, { method, ...init, headers, redirect: 'manual' }));
    for (const line of answer.headers.getSetCookie()) keep(cookies, line);
    const html = await pageText(answer);
    return { status: answer.status, headers: answer.headers, html, location: answer.headers.get('location') ?? '' };
  }

  const browser = {
    cookies,
    get: (path: string, more: Record<string, string> = {}) => send('GET', path, {}, more),
    post(path: string, fields: Record<string, string> = {}, more: Record<string, string> = {}) {
      const body = new URLSearchParams(fields).toString();
      const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', ...more };
      return send('POST', path, { body }, headers);
    },
    /** The first step only. */
    password: (email: string, password = PASSWORD, more: Record<string, string> = {}) =>
      browser.post('/desk/sign-in', { username: email, password, ...more }),
    /** Both steps, with the code that came by e-mail. */
    async signIn(email: string, password = PASSWORD, more: Record<string, string> = {}) {
      const first = await browser.password(email, password, more);
      if (first.status !== 303) return first;
      const next = new URL(first.location, ORIGIN).searchParams.get('next') ?? '';
      return browser.post('/desk/second-factor', { code: await readCode(), next });
    },
    /** Sends the one form of a page as it stands, with some fields typed. */
    async submit(seen: Seen, typed: Record<string, string> = {}) {
      const form = /<form[^>]*class="[^"]*(?:stack-wide|card)[^"]*"[\s\S]*?<\/form>/.exec(seen.html)?.[0] ?? '';
      const action = /action="([^"]*)"/.exec(form)?.[1] ?? '';
      return browser.post(unescapeHtml(action), { ...fieldsIn(form), ...typed });
    },
    /** Sends the form with a file of a page as it stands, with some fields typed or files chosen. */
    async upload(seen: Seen, chosen: Readonly<Record<string, string | File>>) {
      const form = /<form[^>]*enctype="multipart\/form-data"[\s\S]*?<\/form>/.exec(seen.html)?.[0] ?? '';
      const fields = new FormData();
      for (const [name, value] of Object.entries({ ...fieldsIn(form), ...chosen })) fields.append(name, value);
      // As bytes: some versions of Node go on writing a form that nobody reads to its end, and fail outside of any test.
      const encoded = new Response(fields);
      const body = await encoded.arrayBuffer();
      const headers = { 'content-type': encoded.headers.get('content-type') ?? '', 'sec-fetch-site': 'same-origin' };
      return send('POST', unescapeHtml(/action="([^"]*)"/.exec(form)?.[1] ?? ''), { body }, headers);
    },
  };
  return browser;
}

/** A stream of events has no end of its own: only its head is looked at. */
async function pageText(answer: Response): Promise<string> {
  if (answer.headers.get('content-type')?.startsWith('text/event-stream') !== true) return answer.text();
  await answer.body?.cancel();
  return '';
}

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...facts] = line.split(';');
  const at = pair.indexOf('=');
  const gone = facts.some((fact) => fact.trim().toLowerCase() === 'max-age=0');
  if (gone) cookies.delete(pair.slice(0, at));
  else cookies.set(pair.slice(0, at), pair.slice(at + 1));
}

function fieldsIn(form: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [input] of form.matchAll(/<input[^>]*>/g)) {
    const name = /\sname="([^"]*)"/.exec(input)?.[1];
    const unticked = /\stype="(?:checkbox|radio)"/.test(input) && !/\schecked=/.test(input);
    if (name !== undefined && !unticked) fields[name] = unescapeHtml(/\svalue="([^"]*)"/.exec(input)?.[1] ?? '');
  }
  for (const [, name = '', text = ''] of form.matchAll(/<textarea[^>]*\sname="([^"]*)"[^>]*>([^<]*)<\/textarea>/g))
    fields[name] = unescapeHtml(text);
  for (const [, name = '', options = ''] of form.matchAll(/<select[^>]*\sname="([^"]*)"[^>]*>([\s\S]*?)<\/select>/g)) {
    const chosen = /<option value="([^"]*)" selected/.exec(options) ?? /<option value="([^"]*)"/.exec(options);
    fields[name] = unescapeHtml(chosen?.[1] ?? '');
  }
  return fields;
}

function unescapeHtml(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
