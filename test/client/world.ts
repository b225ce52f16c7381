import { type Client, type ClientOptions, createClient } from '../../src/client/index.ts';
import { createHttpWorld } from '../support/world.ts';

export const URL_OF_SERVICE = 'https://otp.acme.example';

/** A request as the client makes it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
  readonly redirect: string;
}

/** A fetch that keeps what it was asked and answers as told; the last answer is repeated. */
export function scripted(...answers: readonly (Response | Error | (() => Promise<Response>))[]) {
  const asked: Asked[] = [];
  const ask: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const { pathname, search } = new URL(request.url);
    const { method, headers, redirect } = request;
    asked.push({ method, path: pathname + search, headers, body: await request.text(), redirect });
    const answer = answers[Math.min(asked.length, answers.length) - 1];
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error('no answer');
    return typeof answer === 'function' ? answer() : answer.clone();
  };
  return { ask, asked };
}

/** A client of the real API, no socket between. */
export async function clientWorld(mode: 'live' | 'test' = 'test') {
  const world = await createHttpWorld();
  const ask: typeof fetch = async (input, init) => world.api.request(new Request(input, init));
  const clientOf = (options: Partial<ClientOptions> = {}): Client =>
    createClient({ url: URL_OF_SERVICE, key: world.keys[mode], fetch: ask, ...options });
  return { ...world, ask, clientOf, client: clientOf() };
}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
}
