import { createHttpWorld, type Answer, type WorldOptions } from '../support/world.ts';

export type Facades = Awaited<ReturnType<typeof createFacades>>;

/** The API of an application that speaks these dialects (none: those it is configured with), with the words of a client that does. */
export async function createFacades(compat: readonly string[], options: WorldOptions = {}) {
  const world = await createHttpWorld(options);
  if (compat.length > 0) await speak(compat);

  /** What the application speaks from now on. */
  async function speak(dialects: readonly string[]): Promise<void> {
    const { id } = world.application;
    const changed = await world.call('PATCH', `/v1/applications/${id}`, { compat: dialects });
    if (changed.status !== 200) throw new Error(changed.text);
    world.clock.now += 1_000;
  }

  /** As a client sends it: JSON by default, a form when the body is a text; `null` removes a header. */
  async function send(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string | null>> = {},
  ): Promise<Answer> {
    const raw = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const type = typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json';
    const merged = {
      authorization: `Bearer ${world.keys.live}`,
      ...(raw === undefined ? {} : { 'content-type': type }),
      ...headers,
    };
    const sent = Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== null);
    const response = await world.api.request(path, {
      method,
      headers: Object.fromEntries(sent),
      ...(raw === undefined ? {} : { body: raw }),
    });
    const text = await response.text();
    const json = (response.headers.get('content-type') ?? '').includes('json');
    return { status: response.status, headers: response.headers, text, body: json ? JSON.parse(text) : {} };
  }

  /** The code of the newest message, after everything that is queued was sent. */
  async function deliveredCode(): Promise<string> {
    await world.service.worker.tick();
    return world.sink.last().code.reveal();
  }

  async function setPolicy(purpose: string, policy: Readonly<Record<string, unknown>>): Promise<void> {
    const put = await world.call('PUT', `/v1/policies/${purpose}`, policy);
    if (put.status !== 200) throw new Error(put.text);
    world.clock.now += 1_000;
  }

  return { ...world, speak, send, deliveredCode, setPolicy };
}

export const NO_KEY = { authorization: null } as const;
